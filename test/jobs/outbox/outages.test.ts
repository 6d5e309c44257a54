import { describe, expect, it } from "vitest";
import { createOutages } from "../../../src/jobs/outbox/outages.ts";
import { ChatError } from "../../../src/ports/chat.ts";

const away = new ChatError("discord", "offline", "no answer");

function outages() {
  const told: string[] = [];
  const clock = { nowMs: 0 };
  const say = (level: string) => (fact: string, fields?: { readonly failures?: unknown }) =>
    void told.push(`${level} ${fact} ${fields?.failures}`);
  const log = { debug: () => {}, info: say("info"), warn: say("warn"), error: say("error") };
  return { told, clock, ...createOutages(log, () => clock.nowMs) };
}

describe("an outage", () => {
  it("is told once, and once that it is over, with how much it held up", () => {
    const { told, failed, worked } = outages();
    for (let n = 0; n < 50; n += 1) failed(away);
    worked("telegram");
    for (let n = 0; n < 50; n += 1) worked("discord");
    expect(told).toEqual(["warn platform.fails 1", "info platform.works_again 50"]);
  });
  it("that comes and goes is told about every ten minutes at most", () => {
    const { told, clock, failed, worked } = outages();
    for (let n = 0; n < 20; n += 1) {
      clock.nowMs = n * 60_000;
      failed(away);
      worked("discord");
    }
    expect(told).toEqual([
      "warn platform.fails 1",
      "info platform.works_again 1",
      "warn platform.fails 10",
      "info platform.works_again 10",
    ]);
  });
  it("of another kind or platform is another one", () => {
    const { told, failed } = outages();
    failed(away);
    failed(new ChatError("discord", "rate_limited", "slow down", { retryAfterMs: 50 }));
    failed(new ChatError("telegram", "offline", "no answer"));
    expect(told).toEqual(Array(3).fill("warn platform.fails 1"));
  });
  it("is none where the adapter itself puts off one place", () => {
    const { told, failed, worked } = outages();
    failed(new ChatError("discord", "offline", "may not write there", { retryAfterMs: 600_000 }));
    worked("discord");
    expect(told).toEqual([]);
  });
});
