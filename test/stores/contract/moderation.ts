import { describe, expect, test } from "vitest";
import type { HoldRules } from "../../../src/domain/withheld.ts";
import type { Ruling } from "../../../src/ports/moderation.ts";
import type { Store } from "../../../src/ports/store.ts";
import {
  accept,
  allowance,
  balanceOf,
  CHAT,
  claimed,
  finish,
  MESSAGE,
  type OpenStore,
  PLENTY,
  picturesFor,
  STOPPED,
  shown,
  shownAs,
  T0,
} from "./inputs.ts";
import { opened } from "./opened.ts";
import { linked } from "./persons.ts";
import { give } from "./pots.ts";

const HERE = "web:room";
const ALL: HoldRules = { hold: "all", adult: false };
const LIMIT = allowance(100);
const personOf = (name: string) => ({ id: `web:${name}`, name });
export const hideBy = (store: Store, jobId: string, name: string, needed = 2) =>
  store.hide({ jobId, by: personOf(name), needed, nowMs: T0 + 1 });
export const ruleBy = (store: Store, jobId: string, name: string, state: Ruling["state"], reason?: string) =>
  store.decideHeld({ jobId, state, by: personOf(name), ...(reason === undefined ? {} : { reason }), nowMs: T0 + 2 });

export async function heldJob(store: Store, name: string, over: Parameters<typeof accept>[2] = {}) {
  await accept(store, name, over);
  const job = await claimed(store);
  await finish(store, job, { holdRules: ALL, usedGpuMs: 7 });
  return job;
}

const isInSight = async (store: Store, jobId: string) => {
  const pictures = await store.picturesOf(jobId);
  const history = await store.history({ chatKey: HERE, limit: 50 });
  const own = await store.history({ memberId: "web:ana", limit: 50 });
  const seen = [history, own].map((list) => list.some((picture) => picture.jobId === jobId));
  return [pictures.some(({ deleted }) => !deleted), ...seen];
};
const NOWHERE = [false, false, false];
const EVERYWHERE = [true, true, true];

/** What waits for a moderator is nobody's to see, and is decided once. */
export function moderationContract(open: OpenStore): void {
  describe("moderation", () => {
    test("what its chat wants held is paid, and out of sight until a moderator lets it through", async () => {
      const store = await opened(open);
      const { jobId } = await heldJob(store, "a", { allowance: LIMIT });
      expect(await isInSight(store, jobId)).toEqual(NOWHERE);
      expect(await balanceOf(store, "web:ana", LIMIT)).toBe(93);
      expect((await store.picturesOf(jobId))[0]?.deleted).toMatchObject({
        withheld: { state: "held", why: { kind: "all" } },
      });
      expect(await store.heldIn(HERE, 9)).toMatchObject([
        { jobId, number: 1, lastNumber: 1, member: { id: "web:ana" }, why: { kind: "all" }, sinceMs: T0 },
      ]);
      expect(await store.heldIn("web:hall", 9)).toEqual([]);
      expect(await ruleBy(store, jobId, "ben", "approved")).toEqual({ returnedGpuMs: 0 });
      expect(await isInSight(store, jobId)).toEqual(EVERYWHERE);
      expect(await store.heldIn(HERE, 9)).toEqual([]);
      expect((await store.due(T0 + 9, 9, { platform: "web" })).map((row) => row.revision)).toEqual([3]);
      expect((await store.moderationSteps(HERE, 9)).map(({ verb, byName, number }) => [verb, byName, number])).toEqual([
        ["approved", "ben", 1],
        ["hold", "", 1],
      ]);
    });

    test("no undo and no delete goes past a moderator, and no sweep takes what waits", async () => {
      const store = await opened(open);
      const { jobId } = await heldJob(store, "a");
      expect(await store.restore(jobId)).toBe(false);
      expect(await store.markDeleted(jobId, "ana", T0 + 1)).toBe(false);
      expect(await store.pick(jobId, 0, { memberId: "web:ben", name: "ben" }, T0)).toBe(false);
      expect(await store.forget({ deletedBeforeMs: T0 + 1_000_000, chats: [] }, 9)).toEqual([]);
      await ruleBy(store, jobId, "ben", "refused");
      expect(await store.restore(jobId)).toBe(false);
      // Nobody has read yet that it was: its platform may be away.
      expect(await store.forget({ deletedBeforeMs: T0 + 1_000_000, chats: [] }, 9)).toEqual([]);
      const [told] = await store.due(T0 + 9, 9, { platform: "web" });
      await store.posted({ jobId, kind: "job" }, told?.revision ?? 0, MESSAGE);
      expect(await store.forget({ deletedBeforeMs: T0 + 1_000_000, chats: [] }, 9)).toHaveLength(1);
      // What was done stays to be read where nothing is left of the picture.
      expect((await store.moderationSteps(HERE, 9)).map(({ verb, number }) => [verb, number])).toEqual([
        ["refused", 1],
        ["hold", 1],
      ]);
    });

    test("what was let through can be deleted and brought back as any other", async () => {
      const store = await opened(open);
      const { jobId } = await heldJob(store, "a");
      await ruleBy(store, jobId, "ben", "approved");
      expect(await store.markDeleted(jobId, "ana", T0 + 3)).toBe(true);
      expect((await store.picturesOf(jobId))[0]?.deleted).toEqual({ atMs: T0 + 3, byName: "ana" });
      expect(await store.restore(jobId)).toBe(true);
      expect(await isInSight(store, jobId)).toEqual(EVERYWHERE);
    });

    test("a refusal gives back what each paid, the pot as well, and keeps its reason", async () => {
      const store = await opened(open);
      await give(store, "gift", "cy", 30);
      await accept(store, "a", {
        allowance: LIMIT,
        job: { estimateGpuMs: 20 },
        shares: [
          { memberId: "web:ana", gpuMs: 10, name: "ana" },
          { memberId: "pot:web:room", gpuMs: 10 },
        ],
      });
      const job = await claimed(store);
      await finish(store, job, { holdRules: ALL, usedGpuMs: 13 });
      const pot = async () => (await store.pot(HERE, T0)).balanceGpuMs;
      expect([await balanceOf(store, "web:ana", LIMIT), await pot()]).toEqual([93, 24]);
      expect(await ruleBy(store, job.jobId, "ben", "refused", "no faces")).toEqual({ returnedGpuMs: 13 });
      expect([await balanceOf(store, "web:ana", LIMIT), await pot()]).toEqual([100, 30]);
      expect(await store.spendWindow(HERE, T0 + 3)).toEqual({ heldGpuMs: 0, usedGpuMs: 0 });
      const after = await store.job(job.jobId);
      expect([after?.state, after?.outcome?.usedGpuMs, after?.outcome?.receipts]).toEqual(["done", 0, undefined]);
      expect((await store.picturesOf(job.jobId))[0]?.deleted).toMatchObject({
        byName: "ben",
        withheld: { state: "refused", reason: "no faces", returnedGpuMs: 13 },
      });
    });

    test("withdrawn by its author it is gone, and was paid for", async () => {
      const store = await opened(open);
      const { jobId } = await heldJob(store, "a", { allowance: LIMIT });
      expect(await ruleBy(store, jobId, "ana", "withdrawn")).toEqual({ returnedGpuMs: 0 });
      expect(await ruleBy(store, jobId, "ben", "approved")).toBeUndefined();
      expect(await balanceOf(store, "web:ana", LIMIT)).toBe(93);
      expect(await isInSight(store, jobId)).toEqual(NOWHERE);
    });

    test("two who press hide it, one person is one press, and after a moderator nobody hides it again", async () => {
      const store = await opened(open);
      const { jobId } = await shown(store, "a");
      expect(await hideBy(store, jobId, "ben")).toEqual({ is: "counted", presses: 1 });
      expect(await hideBy(store, jobId, "ben")).toEqual({ is: "known" });
      expect(await isInSight(store, jobId)).toEqual(EVERYWHERE);
      expect(await hideBy(store, jobId, "cy")).toEqual({ is: "hidden", presses: 2 });
      expect(await hideBy(store, jobId, "dee")).toEqual({ is: "known" });
      expect(await isInSight(store, jobId)).toEqual(NOWHERE);
      expect(await store.heldIn(HERE, 9)).toMatchObject([{ why: { kind: "hidden", presses: 2 } }]);
      await ruleBy(store, jobId, "eve", "approved");
      expect(await isInSight(store, jobId)).toEqual(EVERYWHERE);
      expect(await hideBy(store, jobId, "dee", 1)).toEqual({ is: "approved" });
    });

    test("who pressed before is enough once fewer are needed", async () => {
      const store = await opened(open);
      const { jobId } = await shown(store, "a");
      await hideBy(store, jobId, "ben");
      expect(await hideBy(store, jobId, "ben", 1)).toEqual({ is: "hidden", presses: 1 });
    });

    test("a person who joins accounts between two presses is still one", async () => {
      const store = await opened(open);
      const { jobId } = await shown(store, "a");
      await hideBy(store, jobId, "ben");
      await linked(store, "web:ben", "telegram:7");
      const by = { id: "telegram:7", name: "ben" };
      expect(await store.hide({ jobId, by, needed: 2, nowMs: T0 + 1 })).toEqual({ is: "known" });
      expect(await hideBy(store, jobId, "cy")).toEqual({ is: "hidden", presses: 2 });
    });

    test("what was flagged is held as its chat wants it, with what the classifier said", async () => {
      const store = await opened(open);
      const verdict = { kind: "flagged", label: "nudity", score: 0.97, weight: "hold" } as const;
      const made = async (name: string, holdRules: HoldRules) => {
        await accept(store, name);
        const job = await claimed(store);
        const pictures = picturesFor(job).map((picture) => ({ ...picture, verdict }));
        await finish(store, job, { pictures, holdRules });
        return (await store.picturesOf(job.jobId))[0];
      };
      const held = await made("a", { hold: "off", adult: false });
      expect(held?.deleted?.withheld?.why).toEqual({ kind: "flagged", label: "nudity", score: 0.97 });
      expect(held?.verdict).toEqual(verdict);
      expect((await made("b", { hold: "off", adult: true }))?.deleted).toBeUndefined();
      expect((await made("c", { hold: "flagged", adult: true }))?.deleted?.withheld?.state).toBe("held");
    });

    test("an order that is stopped in the middle is held with what it has", async () => {
      const store = await opened(open);
      await accept(store, "a", { job: {} });
      const job = await claimed(store);
      const { jobId, attempt } = job;
      const outcome = { backend: "fake", route: [], usedGpuMs: 3, tookMs: 3 };
      const pictures = picturesFor(job);
      await store.cancel(jobId, STOPPED, T0, { attempt, outcome, pictures, byName: "ana", holdRules: ALL });
      expect(await isInSight(store, jobId)).toEqual(NOWHERE);
      expect(await store.heldIn(HERE, 9)).toHaveLength(1);
    });

    test("the original that its chat wants follows a picture only once it is shown", async () => {
      const store = await opened(open);
      const { jobId } = await heldJob(store, "a", { job: { withOriginals: true } });
      const kinds = async () => {
        for (const row of await store.due(T0, 9, { platform: "web" })) await store.posted(row, row.revision, MESSAGE);
        return (await store.due(T0, 9, { platform: "web" })).map(shownAs);
      };
      expect(await kinds()).toEqual([]);
      await ruleBy(store, jobId, "ben", "approved");
      const [card] = await store.due(T0 + 9, 9, { platform: "web" });
      if (card) await store.posted(card, card.revision, { place: CHAT, messageId: "m2" });
      expect((await store.due(T0 + 9, 9, { platform: "web" })).map(shownAs)).toEqual(["original 0"]);
    });

    test("what was never held is not decided about", async () => {
      const store = await opened(open);
      const { jobId } = await shown(store, "a", { allowance: PLENTY });
      expect(await ruleBy(store, jobId, "ben", "refused")).toBeUndefined();
      expect(await isInSight(store, jobId)).toEqual(EVERYWHERE);
    });
  });
}
