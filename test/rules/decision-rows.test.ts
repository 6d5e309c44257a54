import { expect, it } from "vitest";
import { decisionBody } from "../../src/rules/decision-rows.ts";
import { decisionOf } from "../commands/decisions.ts";

it("a decision that spends is one that a quorum starts: no other is read", () => {
  const { state: _state, votes: _votes, ...spend } = decisionOf("spend");
  expect(decisionBody.parse(decisionBody.text(spend)).rule.spends).toBe(true);
  const approval = JSON.stringify({ ...spend, rule: { ...spend.rule, method: "approval" } });
  expect(() => decisionBody.parse(approval)).toThrow();
});
