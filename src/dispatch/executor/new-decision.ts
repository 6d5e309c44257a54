import type { Decision, NewDecision } from "../../domain/decision.ts";
import { decisionIdOf } from "../../domain/ids.ts";
import type { Problem } from "../../domain/problem.ts";
import { text } from "../../domain/text.ts";
import type { AskedDecision } from "../../ports/outcome.ts";
import type { Cause } from "../replies.ts";

/** What was asked for, by whom, where and for how long. */
export const newDecision = (
  { lastsMs, ...asked }: AskedDecision & Pick<NewDecision, "order" | "draftJobId">,
  { updateId, target, member }: Cause,
  nowMs: number,
): NewDecision => ({
  ...asked,
  decisionId: decisionIdOf(updateId),
  place: target.place,
  openedBy: { id: member.id, name: member.name },
  openedAtMs: nowMs,
  closesAtMs: nowMs + lastsMs,
  round: 1,
});

export const ABSENT: Problem = { code: "expired", text: text("problem.decision.elsewhere") };

export const overProblem = ({ kind, state }: Decision): Problem => ({
  code: "expired",
  text: text(kind === "reroll" && state === "passed" ? "problem.vote-over" : "problem.decision.over"),
});
