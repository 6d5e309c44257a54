import { describe, expect, test } from "vitest";
import { valuesIn } from "../../fakes/module-services.ts";
import {
  accept,
  allowance,
  balanceOf,
  claimed,
  finish,
  HOUR_MS,
  idOf,
  type OpenStore,
  PLENTY,
  type StoreGaps,
  shown,
  T0,
  voteInput,
} from "./inputs.ts";
import { opened } from "./opened.ts";

const SUBJECT = idOf("a");

/** One member one ballot; it passes once for ever, whoever presses and how often. */
export function voteContract(open: OpenStore, gaps: StoreGaps): void {
  describe("votes", () => {
    test("three members make a reroll, paid in equal parts", async () => {
      const store = await opened(open);
      await shown(store, "a");
      expect(await store.ballot(SUBJECT, T0)).toBeUndefined();
      const first = await store.vote(voteInput(SUBJECT, "ben", "1"));
      expect(first).toEqual({
        status: "counted",
        ballot: {
          subjectJobId: SUBJECT,
          votesNeeded: 3,
          closesAtMs: T0 + HOUR_MS,
          state: "open",
          voters: [{ memberId: "web:ben", name: "ben" }],
        },
      });
      expect((await store.due(T0, 9)).map((row) => row.revision)).toEqual([3]);
      await store.vote(voteInput(SUBJECT, "cy", "2"));
      const passed = await store.vote(voteInput(SUBJECT, "di", "3"));
      const started = idOf("re a").slice(0, 4) + SUBJECT.slice(1, 13);
      expect(passed).toMatchObject({
        status: "passed",
        job: { jobId: started, voterNames: ["ben", "cy", "di"], state: "queued" },
      });
      expect(await store.ballot(SUBJECT, T0)).toMatchObject({ state: "passed", startedJobId: started });
      const paid = await Promise.all(["ben", "cy", "di"].map((name) => balanceOf(store, `web:${name}`, PLENTY)));
      expect(paid.map((left) => PLENTY.capacityGpuMs - left)).toEqual([4, 3, 3]);
      expect((await store.due(T0, 9)).map((row) => [row.jobId, row.revision])).toEqual([
        [SUBJECT, 5],
        [started, 1],
      ]);

      const late = await store.vote(voteInput(SUBJECT, "eve", "4", { nowMs: T0 + 99 * HOUR_MS }));
      expect(late).toMatchObject({
        status: "over",
        ballot: { voters: [{ name: "ben" }, { name: "cy" }, { name: "di" }] },
      });
      expect(await store.closeBallots(T0 + 99 * HOUR_MS)).toBe(0);
      expect(await store.counts()).toEqual({ queued: 1, running: 0 });
    });

    test("pressed again it is taken back; the same press delivered twice counts once", async () => {
      const store = await opened(open);
      await shown(store, "a");
      await store.vote(voteInput(SUBJECT, "ben", "1"));
      expect(await store.vote(voteInput(SUBJECT, "ben", "1"))).toMatchObject({
        status: "known",
        ballot: { voters: [{ name: "ben" }] },
      });
      expect(await store.vote(voteInput(SUBJECT, "ben", "2"))).toMatchObject({
        status: "taken_back",
        ballot: { voters: [] },
      });
      expect(await store.vote(voteInput(SUBJECT, "ben", "3"))).toMatchObject({
        status: "counted",
        ballot: { voters: [{ name: "ben" }] },
      });
    });

    test("1000 simultaneous presses by 40 members start one job", async () => {
      const store = await opened(open);
      await shown(store, "a");
      let asked = 0;
      const results = await Promise.all(
        Array.from({ length: 1_000 }, (_, i) => {
          const input = voteInput(SUBJECT, `m${i % 40}`, `press ${i}`, { votesNeeded: 30 });
          const whenPassed: typeof input.whenPassed = (voters) => {
            asked++;
            return input.whenPassed(voters);
          };
          return store.vote({ ...input, whenPassed });
        }),
      );
      expect(results.filter((result) => result.status === "passed")).toHaveLength(1);
      expect(results.filter((result) => result.status === "over")).toHaveLength(970);
      if (!gaps.runsAgain) expect(asked).toBe(1);
      expect(await store.counts()).toEqual({ queued: 1, running: 0 });
    });

    test("past the deadline a ballot is closed, and the next press opens a new round", async () => {
      const store = await opened(open);
      await shown(store, "a");
      await store.vote(voteInput(SUBJECT, "ben", "1"));
      await store.posted({ jobId: SUBJECT, kind: "job" }, 3, (await store.job(SUBJECT))!.message!);
      const end = T0 + HOUR_MS;
      expect(await store.closeBallots(end - 1)).toBe(0);
      expect((await store.ballot(SUBJECT, end))?.state).toBe("closed");
      expect(await store.closeBallots(end)).toBe(1);
      expect(await store.closeBallots(end)).toBe(0);
      expect((await store.due(end, 9)).map((row) => row.revision)).toEqual([4]);
      const again = await store.vote(
        voteInput(SUBJECT, "cy", "2", { nowMs: end, closesAtMs: end + HOUR_MS, votesNeeded: 2 }),
      );
      expect(again).toMatchObject({
        status: "counted",
        ballot: { state: "open", votesNeeded: 2, closesAtMs: end + HOUR_MS, voters: [{ name: "cy" }] },
      });
    });

    test("a deadline nobody swept counts all the same", async () => {
      const store = await opened(open);
      await shown(store, "a");
      await store.vote(voteInput(SUBJECT, "ben", "1", { votesNeeded: 2 }));
      const late = voteInput(SUBJECT, "cy", "2", { votesNeeded: 2, nowMs: T0 + HOUR_MS, closesAtMs: T0 + 2 * HOUR_MS });
      expect(await store.vote(late)).toMatchObject({ status: "counted", ballot: { voters: [{ name: "cy" }] } });
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
        ballot: { state: "open", voters: [{ name: "ben" }, { name: "di" }] },
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
      expect(await store.ballot(SUBJECT, T0)).toBeUndefined();
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
        await store.ballot(SUBJECT, T0),
        await store.picturesOf(SUBJECT),
        await store.due(T0, 9),
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
