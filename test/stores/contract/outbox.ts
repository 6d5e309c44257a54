import { describe, expect, test } from "vitest";
import type { Store } from "../../../src/ports/store.ts";
import {
  accept,
  CHAT,
  claimed,
  finish,
  idOf,
  MESSAGE,
  type OpenStore,
  ownerIn,
  STOPPED,
  sampleOrder,
  shown,
  shownAs,
  T0,
  voteInput,
} from "./inputs.ts";
import { opened } from "./opened.ts";

const KEY = { jobId: idOf("a"), kind: "job" } as const;
const owed = async (store: Store, nowMs = T0) =>
  (await store.due(nowMs, 50, { platform: "web" })).map((row) => `${ownerIn(row)} ${shownAs(row)} ${row.revision}`);

/** Every message owed is owed once, in its newest form, until it was posted. */
export function outboxContract(open: OpenStore): void {
  describe("outbox", () => {
    test("a placeholder is posted, then edited into the final", async () => {
      const store = await opened(open);
      await accept(store, "a");
      expect(await owed(store)).toEqual(["a job 1"]);
      await store.posted(KEY, 1, MESSAGE);
      expect(await owed(store)).toEqual([]);
      await finish(store, await claimed(store));
      expect(await store.due(T0, 10, { platform: "web" })).toEqual([
        { ...KEY, revision: 2, failures: 0, message: MESSAGE },
      ]);
      await store.posted(KEY, 2, MESSAGE);
      expect(await owed(store)).toEqual([]);
    });

    test("what changed while it was being posted stays owed", async () => {
      const store = await opened(open);
      await accept(store, "a");
      await finish(store, await claimed(store));
      await store.posted(KEY, 1, MESSAGE);
      expect(await owed(store)).toEqual(["a job 2"]);
    });

    test("a late word about an older revision changes nothing", async () => {
      const store = await opened(open);
      await shown(store, "a");
      await store.posted(KEY, 1, { place: CHAT, messageId: "old" });
      expect((await store.job(KEY.jobId))?.message).toEqual(MESSAGE);
      expect(await owed(store)).toEqual([]);
    });

    test("a deleted message that was posted anew is known from then on", async () => {
      const store = await opened(open);
      await shown(store, "a");
      await store.vote(voteInput(KEY.jobId, "ben", "v1"));
      const anew = { place: CHAT, messageId: "m2" };
      await store.posted(KEY, 3, anew);
      expect((await store.job(KEY.jobId))?.message).toEqual(anew);
    });

    test("what has no message yet is owed apart from what has one", async () => {
      const store = await opened(open);
      for (const name of ["a", "b", "c"]) await accept(store, name);
      await store.posted(KEY, 0, MESSAGE);
      const due = async (only: "unposted" | "posted", limit: number) =>
        (await store.due(T0, limit, { platform: "web", only })).map((row) => row.jobId);
      expect(await due("posted", 9)).toEqual([idOf("a")]);
      expect(await due("unposted", 9)).toEqual([idOf("b"), idOf("c")]);
      expect(await due("unposted", 1)).toEqual([idOf("b")]);
    });

    test("what goes to one platform is owed apart from what goes to others, whatever it is about", async () => {
      const store = await opened(open);
      const at = (platform: string) => ({ job: { target: { place: { ...CHAT, platform }, memberId: "web:ana" } } });
      await accept(store, "a");
      await accept(store, "b", at("discord"));
      await accept(store, "c");
      const due = async (platform: string, only?: "unposted" | "posted") =>
        (await store.due(T0, 9, { platform, ...(only ? { only } : {}) })).map(ownerIn);
      expect([await due("web"), await due("discord"), await due("telegram")]).toEqual([["a", "c"], ["b"], []]);
      await store.posted({ jobId: idOf("c"), kind: "job" }, 0, MESSAGE);
      expect([await due("web", "posted"), await due("web", "unposted"), await due("web")]).toEqual([
        ["c"],
        ["a"],
        ["a", "c"],
      ]);
      expect((await store.gauges(9)).owed.toSorted((one, other) => one.messages - other.messages)).toEqual([
        { platform: "discord", messages: 1 },
        { platform: "web", messages: 2 },
      ]);
    });

    test("oldest first, at most as many as asked; what is postponed hides nobody", async () => {
      const store = await opened(open);
      for (const name of ["a", "b", "c"]) await accept(store, name);
      expect((await store.due(T0, 2, { platform: "web" })).map((row) => row.jobId)).toEqual([idOf("a"), idOf("b")]);
      await store.postpone(KEY, T0 + 1_000);
      await store.postpone(KEY, T0 + 2_000);
      expect((await store.due(T0 + 1_999, 2, { platform: "web" })).map((row) => row.jobId)).toEqual([
        idOf("b"),
        idOf("c"),
      ]);
      expect((await store.due(T0 + 2_000, 1, { platform: "web" }))[0]).toMatchObject({ ...KEY, failures: 2 });
      await store.posted(KEY, 1, MESSAGE);
      await store.cancel(KEY.jobId, STOPPED, T0);
      expect((await store.due(T0, 1, { platform: "web" }))[0]).toMatchObject({ ...KEY, revision: 2, failures: 0 });
    });

    test("what is new does not sit out the wait of what it replaces", async () => {
      const store = await opened(open);
      await accept(store, "a");
      await store.posted(KEY, 1, MESSAGE);
      const job = await claimed(store);
      await store.postpone(KEY, T0 + 3_000);
      expect(await store.due(T0, 9, { platform: "web" })).toEqual([]);
      await finish(store, job);
      expect((await store.due(T0, 9, { platform: "web" }))[0]).toMatchObject({ ...KEY, failures: 1 });
    });

    test("an abandoned message is never tried again", async () => {
      const store = await opened(open);
      await accept(store, "a");
      await store.abandon(KEY);
      await finish(store, await claimed(store));
      await store.markDeleted(KEY.jobId, "ana", T0);
      expect(await owed(store, T0 + 1_000_000)).toEqual([]);
    });

    test.each([
      ["failed", (store: Store) => claimed(store).then((job) => store.fail(job.jobId, job.attempt, STOPPED, T0))],
      ["cancelled", (store: Store) => store.cancel(KEY.jobId, STOPPED, T0)],
    ])("the end of a %s job is owed too", async (_, end) => {
      const store = await opened(open);
      await accept(store, "a");
      await store.posted(KEY, 1, MESSAGE);
      await end(store);
      expect(await owed(store)).toEqual(["a job 2"]);
    });

    test("single pictures of a batch: each once, only when they exist", async () => {
      const store = await opened(open);
      const by = { memberId: "web:ben", name: "ben" };
      await accept(store, "a", { job: { order: sampleOrder({ count: 2 }) } });
      expect(await store.pick(KEY.jobId, 0, by, T0)).toBe(false);
      await finish(store, await claimed(store));
      await store.posted(KEY, 2, MESSAGE);
      expect(await store.pick(KEY.jobId, 1, by, T0)).toBe(true);
      expect(await store.pick(KEY.jobId, 1, { memberId: "web:cy", name: "cy" }, T0)).toBe(false);
      expect(await store.pick(KEY.jobId, 2, by, T0)).toBe(false);
      expect(await store.pick(KEY.jobId, 9, by, T0)).toBe(false);
      expect(await store.due(T0, 9, { platform: "web" })).toEqual([
        { jobId: KEY.jobId, kind: "picture", index: 1, revision: 1, failures: 0, byName: "ben" },
      ]);
      await store.posted({ jobId: KEY.jobId, kind: "picture", index: 1 }, 1, { place: CHAT, messageId: "m9" });
      expect((await store.job(KEY.jobId))?.message).toEqual(MESSAGE);
      expect(await store.pick(KEY.jobId, 1, by, T0)).toBe(false);
      expect(await owed(store)).toEqual([]);
      await store.markDeleted(KEY.jobId, "ana", T0);
      expect(await owed(store)).toEqual(["a job 3", "a picture 1 2"]);
    });
  });
}
