import { describe, expect, test } from "vitest";
import { verbatim } from "../../../src/domain/text.ts";
import {
  accept,
  acceptInput,
  allowance,
  balanceOf,
  claimed,
  finish,
  HOUR_MS,
  idOf,
  type OpenStore,
  STOPPED,
  T0,
} from "./inputs.ts";
import { opened } from "./opened.ts";

const LIMIT = allowance(100);

/** Commands come in, once each, and are paid for. */
export function intakeContract(open: OpenStore): void {
  describe("intake", () => {
    test("an accepted job is stored whole, held for and owed a message", async () => {
      const store = await opened(open);
      const result = await accept(store, "a", { allowance: LIMIT });
      expect(result.status).toBe("accepted");
      expect(await store.job(idOf("a"))).toEqual(result.status === "accepted" ? result.job : undefined);
      expect(await store.account("web:ana", LIMIT, T0)).toMatchObject({
        bucket: { balanceGpuMs: 90 },
        heldGpuMs: 10,
        recent: [],
      });
      expect(await store.due(T0, 10, { platform: "web" })).toEqual([
        { jobId: idOf("a"), kind: "job", revision: 1, failures: 0 },
      ]);
      expect(await store.counts()).toEqual({ queued: 1, running: 0 });
    });

    test("the same update again is the same job, paid once, even when its inbox row has been swept", async () => {
      const store = await opened(open);
      await accept(store, "a", { allowance: LIMIT });
      expect((await accept(store, "a", { allowance: LIMIT })).status).toBe("known");
      await finish(store, await claimed(store));
      expect(await store.sweepInbox(T0 + 1)).toBe(1);
      expect(await accept(store, "a", { allowance: LIMIT })).toMatchObject({ status: "known", job: { state: "done" } });
      expect(await balanceOf(store, "web:ana", LIMIT)).toBe(90);
    });

    test("a refusal stays the answer to its update, also once there would be enough", async () => {
      const store = await opened(open);
      await accept(store, "a", { allowance: LIMIT, job: { estimateGpuMs: 95 } });
      const foreseen = await store.wouldRefuse(acceptInput("b", { allowance: LIMIT }));
      const refused = await accept(store, "b", { allowance: LIMIT });
      expect(refused).toMatchObject({
        status: "refused",
        why: {
          code: "quota_used",
          memberId: "web:ana",
          neededGpuMs: 10,
          account: { bucket: { balanceGpuMs: 5 }, heldGpuMs: 95 },
        },
      });
      expect(refused).toEqual({ status: "refused", why: foreseen });
      await store.cancel(idOf("a"), STOPPED, T0);
      expect(await store.wouldRefuse(acceptInput("b", { allowance: LIMIT }))).toBeUndefined();
      expect(await balanceOf(store, "web:ana", LIMIT)).toBe(100);
      expect(await accept(store, "b", { allowance: LIMIT })).toEqual(refused);
      expect((await accept(store, "c", { allowance: LIMIT })).status).toBe("accepted");
      expect(await store.job(idOf("b"))).toBeUndefined();
    });

    test("a member with too many open jobs is refused and pays nothing", async () => {
      const store = await opened(open);
      const two = { maxOpenPerMember: 2, allowance: LIMIT };
      await accept(store, "a", two);
      await accept(store, "b", two);
      expect(await store.wouldRefuse(acceptInput("c", two))).toEqual({ code: "queue_full", open: 2 });
      expect(await accept(store, "c", two)).toEqual({ status: "refused", why: { code: "queue_full", open: 2 } });
      expect(await balanceOf(store, "web:ana", LIMIT)).toBe(80);
      expect((await accept(store, "d", { ...two, job: { memberId: "web:ben" } })).status).toBe("accepted");
      await finish(store, await claimed(store));
      expect((await accept(store, "e", two)).status).toBe("accepted");
    });

    test("50 at once where 10 are affordable: exactly 10", async () => {
      const store = await opened(open);
      const results = await Promise.all(
        Array.from({ length: 50 }, (_, i) => accept(store, `p${i}`, { allowance: LIMIT })),
      );
      expect(results.filter((result) => result.status === "accepted")).toHaveLength(10);
      expect(await store.account("web:ana", LIMIT, T0)).toMatchObject({ bucket: { balanceGpuMs: 0 }, heldGpuMs: 100 });
    });
  });

  describe("ledger", () => {
    test("settled with less, more and exactly what was held", async () => {
      const store = await opened(open);
      for (const [name, usedGpuMs] of [
        ["less", 4],
        ["exact", 10],
        ["more", 13],
      ] as const) {
        await accept(store, name, { allowance: LIMIT });
        await finish(store, await claimed(store), { usedGpuMs, nowMs: T0 + usedGpuMs });
      }
      const account = await store.account("web:ana", LIMIT, T0);
      expect(account).toMatchObject({ bucket: { balanceGpuMs: 100 - 27 }, heldGpuMs: 0 });
      expect(account.recent.map((paid) => [paid.usedGpuMs, paid.atMs - T0, paid.prompt])).toEqual([
        [13, 13, "Ready for the march?"],
        [10, 10, "Ready for the march?"],
        [4, 4, "Ready for the march?"],
      ]);
    });

    test("a cost above the hold leaves a debt that must be refilled before the next job", async () => {
      const store = await opened(open);
      const slow = allowance(10, 10);
      await accept(store, "a", { allowance: slow });
      await finish(store, await claimed(store), { usedGpuMs: 25 });
      expect(await balanceOf(store, "web:ana", slow)).toBe(-15);
      expect((await accept(store, "b", { allowance: slow, nowMs: T0 + 2 * HOUR_MS })).status).toBe("refused");
      expect((await accept(store, "c", { allowance: slow, nowMs: T0 + 2.5 * HOUR_MS })).status).toBe("accepted");
    });

    test("only the last five paid jobs are listed", async () => {
      const store = await opened(open);
      for (let i = 0; i < 7; i++) {
        await accept(store, `n${i}`);
        await finish(store, await claimed(store), { nowMs: T0 + i });
      }
      expect((await store.account("web:ana", LIMIT, T0)).recent.map((paid) => paid.atMs - T0)).toEqual([6, 5, 4, 3, 2]);
    });

    test.each([
      ["refills by the hour", allowance(100, 6), 3 * HOUR_MS, 100 - 40 + 18],
      ["never above the capacity", allowance(100, 6), 1_000 * HOUR_MS, 100],
      ["is whole again after the reset", allowance(100, 1, 24 * HOUR_MS), 24 * HOUR_MS, 100],
      ["is not whole before the reset", allowance(100, 1, 24 * HOUR_MS), 23 * HOUR_MS, 83],
      ["gains nothing when the clock goes back", allowance(100, 6), -28 * HOUR_MS, 60],
    ])("an allowance %s", async (_, of, laterMs, expected) => {
      const store = await opened(open);
      await accept(store, "a", { allowance: of, job: { estimateGpuMs: 40 } });
      expect(await balanceOf(store, "web:ana", of, T0 + laterMs)).toBe(expected);
    });

    test("a hold split over members is all or nothing, and the cost is split the same way, exactly", async () => {
      const store = await opened(open);
      await accept(store, "poor", {
        allowance: LIMIT,
        job: { memberId: "web:cy" },
        shares: [{ memberId: "web:cy", gpuMs: 95 }],
      });
      const shares = ["web:ana", "web:ben", "web:cy"].map((memberId) => ({ memberId, gpuMs: 10 }));
      const refused = await accept(store, "a", { allowance: LIMIT, shares });
      expect(refused).toMatchObject({ status: "refused", why: { memberId: "web:cy", neededGpuMs: 10 } });
      expect(await balanceOf(store, "web:ana", LIMIT)).toBe(100);

      await store.cancel(idOf("poor"), STOPPED, T0);
      await accept(store, "b", { allowance: LIMIT, shares });
      await finish(store, await claimed(store), { usedGpuMs: 20 });
      const left = await Promise.all(shares.map((share) => balanceOf(store, share.memberId, LIMIT)));
      expect(left).toEqual([93, 93, 94]);
    });

    test("two shares of one member must both be covered", async () => {
      const store = await opened(open);
      const shares = [60, 60].map((gpuMs) => ({ memberId: "web:ana", gpuMs }));
      expect(await accept(store, "a", { allowance: LIMIT, shares })).toMatchObject({
        status: "refused",
        why: { neededGpuMs: 120 },
      });
    });

    test("holds more from each who pays, by the allowance each had, or from nobody", async () => {
      const store = await opened(open);
      const doubled = allowance(200);
      await accept(store, "a", {
        allowance: doubled,
        shares: ["web:ana", "web:ben"].map((memberId) => ({ memberId, gpuMs: 10 })),
      });
      const { jobId } = await claimed(store);
      const left = async () => [await balanceOf(store, "web:ana", doubled), await balanceOf(store, "web:ben", doubled)];
      expect(await store.holdMore(jobId, 301, undefined, T0)).toBe("held");
      expect(await left()).toEqual([49, 50]);
      expect(await store.holdMore(jobId, 301, 0, T0)).toBe("held");
      expect(await store.holdMore(jobId, 20, undefined, T0)).toBe("held");
      expect(await store.holdMore(jobId, 401, undefined, T0)).toBe("member_short");
      expect(await store.holdMore(jobId, 400, 399, T0)).toBe("window_short");
      expect(await left()).toEqual([49, 50]);
      expect((await store.account("web:ana", doubled, T0)).heldGpuMs).toBe(151);
      expect(await store.holdMore(jobId, 400, 400, T0)).toBe("held");
      await store.cancel(jobId, STOPPED, T0);
      expect(await left()).toEqual([200, 200]);
      expect(await store.holdMore(jobId, 400, undefined, T0)).toBe("held");
      expect(await left()).toEqual([200, 200]);
    });

    test("what is free is accepted where the spend window is overdrawn", async () => {
      const store = await opened(open);
      await accept(store, "a", { spendCapGpuMs: 10 });
      await finish(store, await claimed(store), { usedGpuMs: 25 });
      const free = { job: { estimateGpuMs: 0 }, shares: [{ memberId: "web:ana", gpuMs: 0 }], spendCapGpuMs: 10 };
      expect((await accept(store, "b", free)).status).toBe("accepted");
      expect((await accept(store, "c", { spendCapGpuMs: 10 })).status).toBe("refused");
    });

    test("many names at one address spend what the address may, together, and others their own", async () => {
      const store = await opened(open);
      const from = (addressKey: string) => ({ addressKey, capGpuMs: 30 });
      const by = (name: string, addressKey: string) =>
        accept(store, name, {
          job: { memberId: `web:${name}` },
          shares: [{ memberId: `web:${name}`, gpuMs: 10 }],
          addressCeiling: from(addressKey),
        });
      const results = await Promise.all(Array.from({ length: 28 }, (_, i) => by(`sock${i}`, "here")));
      expect(results.filter(({ status }) => status === "accepted")).toHaveLength(3);
      expect(results.find(({ status }) => status === "refused")).toMatchObject({
        why: { code: "address_used", neededGpuMs: 10, leftGpuMs: 0, capGpuMs: 30 },
      });
      expect(await store.addressWindow("here", T0)).toEqual({ heldGpuMs: 30, usedGpuMs: 0 });
      expect((await by("elsewhere", "there")).status).toBe("accepted");
      expect((await accept(store, "unknown")).status).toBe("accepted");
      await finish(store, await claimed(store), { usedGpuMs: 4 });
      expect(await store.addressWindow("here", T0)).toEqual({ heldGpuMs: 20, usedGpuMs: 4 });
      expect((await by("late", "here")).status).toBe("refused");
      expect(await store.addressWindow("here", T0 + 25 * HOUR_MS)).toEqual({ heldGpuMs: 20, usedGpuMs: 0 });
    });

    test("a job that goes to a dearer backend stays within what its address might spend", async () => {
      const store = await opened(open);
      await accept(store, "a", { addressCeiling: { addressKey: "here", capGpuMs: 15 } });
      expect(await store.holdMore(idOf("a"), 16, undefined, T0)).toBe("window_short");
      expect(await store.holdMore(idOf("a"), 15, undefined, T0)).toBe("held");
    });

    test("50 jobs at once that want more where 10 can have it: exactly 10", async () => {
      const store = await opened(open);
      for (let i = 0; i < 50; i++)
        await accept(store, `m${i}`, {
          allowance: LIMIT,
          job: { estimateGpuMs: 0 },
          shares: [{ memberId: "web:ana", gpuMs: 0 }],
        });
      const results = await Promise.all(
        Array.from({ length: 50 }, (_, i) => store.holdMore(idOf(`m${i}`), 10, undefined, T0)),
      );
      expect(results.filter((result) => result === "held")).toHaveLength(10);
      expect(await balanceOf(store, "web:ana", LIMIT)).toBe(0);
    });

    test("a refund gives all back once, even after the limits changed", async () => {
      const store = await opened(open);
      await accept(store, "a", { allowance: LIMIT });
      const job = await claimed(store);
      expect(await store.fail(job.jobId, job.attempt, { code: "no_backend", text: verbatim("None.") }, T0)).toBe(true);
      expect(await store.fail(job.jobId, job.attempt, STOPPED, T0)).toBe(false);
      expect(await store.cancel(job.jobId, STOPPED, T0)).toBe(false);
      expect(await store.account("web:ana", allowance(50), T0)).toMatchObject({
        bucket: { balanceGpuMs: 100 },
        heldGpuMs: 0,
        recent: [],
      });
    });
  });
}
