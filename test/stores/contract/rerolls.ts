import { describe, expect, test } from "vitest";
import type { Decision } from "../../../src/domain/decision.ts";
import { decisionIdOf } from "../../../src/domain/ids.ts";
import type { Store } from "../../../src/ports/store.ts";
import { valuesIn } from "../../fakes/module-services.ts";
import {
  accept,
  allowance,
  balanceOf,
  ballotOn,
  claimed,
  finish,
  HOUR_MS,
  idOf,
  type OpenStore,
  ownerIn,
  PLENTY,
  rerollOf,
  type StoreGaps,
  shown,
  shownAs,
  T0,
  voteInput,
} from "./inputs.ts";
import { opened } from "./opened.ts";

const SUBJECT = idOf("a");
/** Of the decision that the update "1" opens. */
const LINE = decisionIdOf("1");
const owed = async (store: Store, nowMs = T0) =>
  (await store.due(nowMs, 50, { platform: "web" })).map((row) => `${ownerIn(row)} ${shownAs(row)} ${row.revision}`);

/** One member one ballot; it passes once for ever, whoever presses and how often. */
export function voteContract(open: OpenStore, gaps: StoreGaps): void {
  describe("votes about another take", () => {
    test("three members make a reroll, paid in equal parts", async () => {
      const store = await opened(open);
      await shown(store, "a");
      expect(await ballotOn(store, SUBJECT)).toBeUndefined();
      const first = await store.vote(voteInput(SUBJECT, "ben", "1"));
      expect(first).toEqual({
        status: "counted",
        decision: {
          ...rerollOf(SUBJECT, "ben", "1"),
          state: "open",
          votes: [{ personId: "web:ben", memberId: "web:ben", name: "ben", choices: ["aye"], atMs: T0 }],
        },
      });
      const { decision } = first as { readonly decision: Decision };
      expect(await store.decision(decision.decisionId, T0)).toEqual(decision);
      expect(await owed(store)).toEqual(["a job 3", `${LINE} decision 1`]);
      await store.vote(voteInput(SUBJECT, "cy", "2"));
      const passed = await store.vote(voteInput(SUBJECT, "di", "3"));
      const started = idOf("re a").slice(0, 4) + SUBJECT.slice(1, 13);
      expect(passed).toMatchObject({
        status: "passed",
        job: { jobId: started, voterNames: ["ben", "cy", "di"], state: "queued" },
      });
      expect(passed).toMatchObject({ decision: (await ballotOn(store, SUBJECT)) ?? {} });
      expect(await ballotOn(store, SUBJECT)).toMatchObject({
        state: "passed",
        outcome: {
          winners: ["aye"],
          counts: { aye: 3 },
          voted: 3,
          tie: false,
          closed: { by: "votes" },
          startedJobId: started,
        },
      });
      const paid = await Promise.all(["ben", "cy", "di"].map((name) => balanceOf(store, `web:${name}`, PLENTY)));
      expect(paid.map((left) => PLENTY.capacityGpuMs - left)).toEqual([4, 3, 3]);
      expect(await owed(store)).toEqual(["a job 5", `${LINE} decision 3`, `${started.replace(/-+$/, "")} job 1`]);

      const late = await store.vote(voteInput(SUBJECT, "eve", "4", { nowMs: T0 + 99 * HOUR_MS }));
      expect(late).toMatchObject({
        status: "over",
        decision: { votes: [{ name: "ben" }, { name: "cy" }, { name: "di" }] },
      });
      expect(await store.closeDecisions(T0 + 99 * HOUR_MS)).toEqual([]);
      expect(await store.counts()).toEqual({ queued: 1, running: 0 });
    });

    test("pressed again it is taken back; the same press delivered twice counts once", async () => {
      const store = await opened(open);
      await shown(store, "a");
      await store.vote(voteInput(SUBJECT, "ben", "1"));
      expect(await store.vote(voteInput(SUBJECT, "ben", "1"))).toMatchObject({
        status: "known",
        decision: { votes: [{ name: "ben" }] },
      });
      expect(await store.vote(voteInput(SUBJECT, "ben", "2"))).toMatchObject({
        status: "taken_back",
        decision: { votes: [] },
      });
      expect(await store.vote(voteInput(SUBJECT, "ben", "3"))).toMatchObject({
        status: "counted",
        decision: { votes: [{ name: "ben" }] },
      });
    });

    test("1000 simultaneous presses by 40 members start one job", async () => {
      const store = await opened(open);
      await shown(store, "a");
      let asked = 0;
      const results = await Promise.all(
        Array.from({ length: 1_000 }, (_, i) => {
          const input = voteInput(SUBJECT, `m${i % 40}`, `press ${i}`, { votesNeeded: 30 });
          const whenPassed: NonNullable<typeof input.whenPassed> = (voters) => {
            asked++;
            return input.whenPassed!(voters);
          };
          return store.vote({ ...input, whenPassed });
        }),
      );
      expect(results.filter((result) => result.status === "passed")).toHaveLength(1);
      expect(results.filter((result) => result.status === "over")).toHaveLength(970);
      if (!gaps.runsAgain) expect(asked).toBe(1);
      expect(await store.counts()).toEqual({ queued: 1, running: 0 });
    });

    test("past the deadline it is closed, and the next press opens another one in a line of its own", async () => {
      const store = await opened(open);
      await shown(store, "a");
      await store.vote(voteInput(SUBJECT, "ben", "1"));
      await store.posted({ jobId: SUBJECT, kind: "job" }, 3, (await store.job(SUBJECT))!.message!);
      const end = T0 + HOUR_MS;
      expect(await store.closeDecisions(end - 1)).toEqual([]);
      const closed = { state: "closed", outcome: { winners: [], voted: 1, closed: { by: "deadline" } } };
      expect(await ballotOn(store, SUBJECT, end)).toMatchObject(closed);
      expect(await store.closeDecisions(end)).toMatchObject([closed]);
      expect(await store.closeDecisions(end)).toEqual([]);
      expect(await owed(store, end)).toEqual(["a job 4", `${LINE} decision 2`]);
      const again = await store.vote(
        voteInput(SUBJECT, "cy", "2", { nowMs: end, closesAtMs: end + HOUR_MS, votesNeeded: 2 }),
      );
      expect(again).toMatchObject({
        status: "counted",
        decision: { state: "open", rule: { needed: 2 }, closesAtMs: end + HOUR_MS, votes: [{ name: "cy" }] },
      });
      expect(await owed(store, end)).toEqual(["a job 5", `${LINE} decision 2`, `${decisionIdOf("2")} decision 1`]);
    });

    test("where nobody's vote is left it begins anew in the line that it has", async () => {
      const store = await opened(open);
      await shown(store, "a");
      for (const update of ["1", "2"]) await store.vote(voteInput(SUBJECT, "ben", update));
      const anew = await store.vote(voteInput(SUBJECT, "cy", "3", { nowMs: T0 + 5, closesAtMs: T0 + 2 * HOUR_MS }));
      const expected = { decisionId: LINE, openedBy: { name: "cy" }, closesAtMs: T0 + 2 * HOUR_MS };
      expect(anew).toMatchObject({ status: "counted", decision: expected });
      expect(await ballotOn(store, SUBJECT)).toMatchObject(expected);
    });

    test("whom one vote is enough for sees no line about it", async () => {
      const store = await opened(open);
      await shown(store, "a");
      const alone = await store.vote(voteInput(SUBJECT, "ben", "1", { votesNeeded: 1 }));
      expect(alone).toMatchObject({ status: "passed", decision: { state: "passed" } });
      expect((await store.due(T0, 9, { platform: "web" })).every(({ kind }) => kind === "job")).toBe(true);
    });

    test("a deadline nobody swept counts all the same", async () => {
      const store = await opened(open);
      await shown(store, "a");
      await store.vote(voteInput(SUBJECT, "ben", "1", { votesNeeded: 2 }));
      const late = voteInput(SUBJECT, "cy", "2", { votesNeeded: 2, nowMs: T0 + HOUR_MS, closesAtMs: T0 + 2 * HOUR_MS });
      expect(await store.vote(late)).toMatchObject({ status: "counted", decision: { votes: [{ name: "cy" }] } });
    });

    test("who cannot pay loses the vote; the others keep theirs and nothing is charged", async () => {
      const store = await opened(open);
      const little = allowance(10);
      await accept(store, "poor", { allowance: little, job: { memberId: "web:cy", estimateGpuMs: 9 } });
      await finish(store, await claimed(store), { usedGpuMs: 9 });
      await shown(store, "a");
      const paying = { allowance: little };
      await store.vote(voteInput(SUBJECT, "ben", "1", paying));
      await store.vote(voteInput(SUBJECT, "cy", "2", paying));
      const unpaid = await store.vote(voteInput(SUBJECT, "di", "3", paying));
      expect(unpaid).toMatchObject({
        status: "unpaid",
        names: ["cy"],
        decision: { state: "open", votes: [{ name: "ben" }, { name: "di" }] },
      });
      expect(await balanceOf(store, "web:ben", little)).toBe(10);
      expect(await store.counts()).toEqual({ queued: 0, running: 0 });
      expect((await store.vote(voteInput(SUBJECT, "eve", "4", paying))).status).toBe("passed");
    });

    test("a rule that throws undoes the vote", async () => {
      const store = await opened(open);
      await shown(store, "a");
      const broken = voteInput(SUBJECT, "ben", "1", {
        votesNeeded: 1,
        whenPassed: () => {
          throw new Error("no job");
        },
      });
      await expect(store.vote(broken)).rejects.toThrow("no job");
      expect(await ballotOn(store, SUBJECT)).toBeUndefined();
      expect((await store.vote(voteInput(SUBJECT, "ben", "1"))).status).toBe("counted");
    });

    test("votes, accounts and what is owed survive a restart", async (context) => {
      if (gaps.reopen) return context.skip(gaps.reopen);
      const before = await opened(open, { place: "kept" });
      await shown(before, "a");
      await before.vote(voteInput(SUBJECT, "ben", "1"));
      await before.vote(voteInput(SUBJECT, "cy", "2"));
      await valuesIn(before.keyValues, "a").set("k", "v");
      const seen = async (store: typeof before) => [
        await store.job(SUBJECT),
        await ballotOn(store, SUBJECT),
        await store.picturesOf(SUBJECT),
        await store.due(T0, 9, { platform: "web" }),
        await store.account("web:ana", PLENTY, T0),
        await valuesIn(store.keyValues, "a").get("k"),
      ];
      const then = await seen(before);
      await before.close();
      const after = await opened(open, { place: "kept" });
      expect(await seen(after)).toEqual(then);
      expect((await after.vote(voteInput(SUBJECT, "di", "3"))).status).toBe("passed");
    });
  });
}
