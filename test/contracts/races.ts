import { describe, expect, test } from "vitest";
import {
  accept,
  acceptInput,
  allowance,
  balanceOf,
  ballotOn,
  claimed,
  finish,
  idOf,
  LANE,
  MESSAGE,
  namesIn,
  type OpenStore,
  PLENTY,
  picturesFor,
  STOPPED,
  sampleJob,
  shown,
  T0,
  voteInput,
} from "../stores/contract/inputs.ts";
import { heldJob, hideBy, ruleBy } from "../stores/contract/moderation.ts";
import { opened } from "../stores/contract/opened.ts";

const many = <T>(count: number, make: (index: number) => Promise<T>): Promise<readonly T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => make(index)));

/** What happens at once happens in some order, once. Beside `storeContract`, for every implementation. */
export function raceContract(name: string, open: OpenStore): void {
  describe(`at once: ${name}`, () => {
    test("60 claims of 50 jobs are 50 different jobs", async () => {
      const store = await opened(open);
      for (let i = 0; i < 50; i++) await accept(store, `j${i}`, { job: { memberId: `web:m${i % 7}` } });
      const claims = await many(60, () => store.claim(LANE, T0, 60_000));
      expect(new Set(claims.flatMap((job) => job?.jobId ?? [])).size).toBe(50);
      expect(claims.filter((job) => job === undefined)).toHaveLength(10);
      expect(await store.counts()).toEqual({ queued: 0, running: 50 });
    });

    test("pictures that end at once in two chats are numbered there without a gap, each once", async () => {
      const store = await opened(open);
      const places = ["room", "hall"].map((chatId) => ({ platform: "web", chatId, group: true }));
      for (let i = 0; i < 24; i++) {
        const place = places[i % 2]!;
        const memberId = `web:m${i}`;
        await accept(store, `n${i}`, { job: { memberId, target: { place, memberId } } });
      }
      const jobs = await many(24, () => claimed(store));
      await many(24, (i) => finish(store, jobs[i]!));
      for (const chatKey of ["web:room", "web:hall"])
        expect((await store.history({ chatKey, limit: 50 })).map(({ number }) => number)).toEqual(
          Array.from({ length: 12 }, (_, index) => 12 - index),
        );
    });

    test("of 20 claims of one lapsed job one gets it", async () => {
      const store = await opened(open);
      await accept(store, "a");
      await claimed(store, T0, 1_000);
      const claims = await many(20, () => store.claim(LANE, T0 + 1_000, 60_000));
      expect(claims.flatMap((job) => job?.attempt ?? [])).toEqual([2]);
    });

    test("50 members where the spend window bears 10: exactly 10", async () => {
      const store = await opened(open);
      const results = await many(50, (i) =>
        accept(store, `p${i}`, { job: { memberId: `web:p${i}` }, spendCapGpuMs: 100 }),
      );
      expect(results.filter(({ status }) => status === "accepted")).toHaveLength(10);
      expect(await store.spendWindow("web:room", T0)).toEqual({ heldGpuMs: 100, usedGpuMs: 0 });
    });

    test("a member's 20 commands where 3 may be open: exactly 3", async () => {
      const store = await opened(open);
      const results = await many(20, (i) => accept(store, `o${i}`, { maxOpenPerMember: 3 }));
      expect(results.filter(({ status }) => status === "accepted")).toHaveLength(3);
    });

    test("the same update 20 times is one job, paid once, or one refusal for all", async () => {
      const store = await opened(open);
      const limit = allowance(100);
      const known = await many(20, () => accept(store, "a", { allowance: limit }));
      expect(known.map(({ status }) => status).toSorted()).toEqual(["accepted", ...Array(19).fill("known")]);
      expect(await balanceOf(store, "web:ana", limit)).toBe(90);
      const refused = await many(20, () => accept(store, "b", { allowance: limit, job: { estimateGpuMs: 91 } }));
      expect(new Set(refused.map((result) => JSON.stringify(result))).size).toBe(1);
      expect(refused[0]?.status).toBe("refused");
    });

    test("the same vote 20 times is one vote, and two first voters meet in one ballot", async () => {
      const store = await opened(open);
      const { jobId } = await shown(store, "a");
      const votes = await many(20, (i) => store.vote(voteInput(jobId, i % 2 ? "ben" : "cy", i % 2 ? "v1" : "v2")));
      expect(votes.filter(({ status }) => status === "counted")).toHaveLength(2);
      expect((await ballotOn(store, jobId))?.votes).toHaveLength(2);
    });

    test("finish against cancel: one of them, and the money fits", async () => {
      const store = await opened(open);
      const limit = allowance(1_000);
      let leftGpuMs = 1_000;
      for (let i = 0; i < 20; i++) {
        await accept(store, `r${i}`, { allowance: limit });
        const job = await claimed(store);
        const ending = [
          () => finish(store, job, { usedGpuMs: 7 }),
          () => store.cancel(job.jobId, STOPPED, T0),
          () => store.fail(job.jobId, job.attempt, STOPPED, T0),
          () => store.giveBack(job.jobId, job.attempt),
        ];
        const order = i % 2 ? ending : ending.toReversed();
        const ended = await Promise.all(order.map((end) => end()));
        const [finished, cancelled, failed, givenBack] = i % 2 ? ended : ended.toReversed();
        // Given back, it can still be cancelled.
        expect([finished, failed, cancelled].filter(Boolean).length + Number(givenBack && !cancelled)).toBe(1);
        if (finished) leftGpuMs -= 7;
        else await store.cancel(job.jobId, STOPPED, T0);
        expect(await store.account("web:ana", limit, T0)).toMatchObject({
          bucket: { balanceGpuMs: leftGpuMs },
          heldGpuMs: 0,
        });
        expect((await store.picturesOf(job.jobId)).length).toBe(finished ? 1 : 0);
      }
    });

    test("a picture that is picked, deleted and restored by many is picked once, and shown as it is", async () => {
      const store = await opened(open);
      const { jobId } = await shown(store, "a");
      const picks = await many(10, (i) => store.pick(jobId, 0, { memberId: `web:m${i}`, name: `m${i}` }, T0));
      expect(picks.filter(Boolean)).toHaveLength(1);
      const deleted = await many(10, (i) => store.markDeleted(jobId, `m${i}`, T0 + i));
      expect(deleted.filter(Boolean)).toHaveLength(1);
      const restored = await many(10, () => store.restore(jobId));
      expect(restored.filter(Boolean)).toHaveLength(1);
      expect((await store.due(T0, 9, { platform: "web" })).map((row) => row.revision)).toEqual([4, 3]);
    });

    test("of 10 who hide at once where two are needed one hides it, and nobody is counted twice", async () => {
      const store = await opened(open);
      const { jobId } = await shown(store, "a");
      const pressed = await many(10, (i) => hideBy(store, jobId, `m${i % 5}`));
      expect(pressed.map(({ is }) => is).toSorted()).toEqual(["counted", "hidden", ...Array(8).fill("known")]);
      expect(await store.heldIn("web:room", 9)).toMatchObject([{ why: { kind: "hidden", presses: 2 } }]);
    });

    test("two presses at once on Hide, of two persons: one counts, and the other hides", async () => {
      const store = await opened(open);
      for (let i = 0; i < 6; i++) {
        const { jobId } = await shown(store, `h${i}`);
        const pressed = await many(2, (at) => hideBy(store, jobId, `m${at}`));
        expect(pressed.map(({ is }) => is).toSorted()).toEqual(["counted", "hidden"]);
      }
      expect(await store.heldIn("web:room", 9)).toHaveLength(6);
    });

    test("let through against refused against withdrawn: one of them, once, and the money fits", async () => {
      const store = await opened(open);
      const limit = allowance(1_000);
      let leftGpuMs = 1_000;
      for (let i = 0; i < 6; i++) {
        const { jobId } = await heldJob(store, `r${i}`, { allowance: limit });
        const states = ["approved", "refused", "withdrawn"] as const;
        const rulings = await many(9, (at) => ruleBy(store, jobId, `m${at}`, states[(at + i) % 3]!));
        expect(rulings.filter((ruled) => ruled !== undefined)).toHaveLength(1);
        const [picture] = await store.picturesOf(jobId);
        const isRefused = picture?.deleted?.withheld?.state === "refused";
        expect(rulings.find((ruled) => ruled !== undefined)).toEqual({ returnedGpuMs: isRefused ? 7 : 0 });
        if (!isRefused) leftGpuMs -= 7;
        expect(await balanceOf(store, "web:ana", limit)).toBe(leftGpuMs);
        const steps = await store.moderationSteps("web:room", 50);
        expect(steps.filter(({ number }) => number === picture?.number)).toHaveLength(2);
      }
    });

    test("a block against what its member orders and votes: nothing waits, and all of the money is back", async () => {
      const store = await opened(open);
      const subject = await shown(store, "subject");
      for (let i = 0; i < 5; i++) await accept(store, `w${i}`, { job: { memberId: "web:ben" } });
      const by = { id: "web:ana", name: "ana" };
      const block = { scope: "web:room", member: { id: "web:ben", name: "ben" }, by, sinceMs: T0 };
      await Promise.all([
        store.vote(voteInput(subject.jobId, "cy", "v1")),
        store.vote(voteInput(subject.jobId, "ben", "v2")),
        ...Array.from({ length: 3 }, () => store.claim(LANE, T0, 60_000)),
      ]);
      const blocked = await many(4, () => store.block(block, STOPPED));
      expect(blocked.reduce((sum, { cancelled }) => sum + cancelled, 0)).toBe(
        5 - (blocked[0]?.runningJobIds.length ?? 0),
      );
      expect((await store.openJobs({ memberId: "web:ben" }, 9)).every(({ state }) => state === "running")).toBe(true);
      expect(namesIn(await ballotOn(store, subject.jobId))).toEqual(["cy"]);
      for (const jobId of blocked[0]?.runningJobIds ?? []) await store.cancel(jobId, STOPPED, T0);
      expect(await balanceOf(store, "web:ben", PLENTY)).toBe(PLENTY.capacityGpuMs);
    });

    test("a crowd of everything, members in every order: nobody waits for ever, and the books are right", async () => {
      const store = await opened(open);
      const names = ["a", "b", "c", "d"];
      const voters = names.map((name) => `web:${name}`);
      const act = async (key: string, i: number) => {
        const order = i % 2 ? voters : voters.toReversed();
        const job = sampleJob(key, { memberId: order[i % 4] ?? "" });
        await store.accept({
          ...acceptInput(key, { spendCapGpuMs: 1e12, addressCeiling: { addressKey: `at ${i % 2}`, capGpuMs: 1e12 } }),
          job,
          shares: order.map((memberId) => ({ memberId, gpuMs: 5 })),
        });
        const running = await store.claim(LANE, T0, 60_000);
        if (!running) return;
        const { jobId, attempt } = running;
        await Promise.all([
          store.posted({ jobId, kind: "job" }, 1, MESSAGE),
          store.holdMore(jobId, 40, 1e12, T0),
          i % 3 === 0 ? store.giveBack(jobId, attempt) : store.heartbeat(jobId, attempt, T0, 60_000),
          i % 3 === 1 ? store.cancel(jobId, STOPPED, T0) : store.markDeleted(jobId, "a", T0),
          i % 3 === 2 ? finish(store, running, { pictures: picturesFor(running) }) : store.closeDecisions(T0 - 1),
          i % 5 === 0 ? store.moveLanes(["other"], LANE) : store.clockSetBack(T0 + 1e12),
        ]);
        await Promise.all(
          names.map((name) => {
            const input = voteInput(jobId, name, `${key} ${name}`, { votesNeeded: 4, spendCapGpuMs: 1e12 });
            const whenPassed: NonNullable<typeof input.whenPassed> = () => ({
              job: sampleJob(`v${key}`, { memberId: `web:${name}`, estimateGpuMs: 12 }),
            });
            return store.vote({ ...input, whenPassed });
          }),
        );
      };
      await many(6, async (worker) => {
        for (let i = 0; i < 10; i++) await act(`${worker}x${i}`, i);
      });
      for (let job = await store.claim(LANE, T0, 1); job; job = await store.claim(LANE, T0, 1))
        await finish(store, job, { usedGpuMs: 8 });
      for (const memberId of voters) {
        const { heldGpuMs, bucket } = await store.account(memberId, PLENTY, T0);
        expect([heldGpuMs, bucket.balanceGpuMs < PLENTY.capacityGpuMs]).toEqual([0, true]);
      }
      const spent = await Promise.all(voters.map((memberId) => balanceOf(store, memberId, PLENTY)));
      const { heldGpuMs, usedGpuMs } = await store.spendWindow("web:room", T0);
      expect([heldGpuMs, usedGpuMs]).toEqual([0, spent.reduce((sum, left) => sum + PLENTY.capacityGpuMs - left, 0)]);
      expect(await store.job(idOf("0x0"))).toBeDefined();
    });
  });
}
