import { describe, expect, test } from "vitest";
import type { HistoryFilter, Store } from "../../../src/ports/store.ts";
import { accept, claimed, finish, idOf, type OpenStore, picturesFor, sampleOrder, shown, T0 } from "./inputs.ts";
import { opened } from "./opened.ts";

type OfChat = Extract<HistoryFilter, { readonly chatKey: string }>;
const numbers = async (store: Store, filter: Partial<OfChat> = {}) =>
  (await store.history({ chatKey: "web:room", limit: 10, ...filter })).map((picture) => picture.number);

const IN_HALL = {
  job: { target: { place: { platform: "web", chatId: "hall", group: true }, memberId: "web:ana" } },
};

/** What was made can be found again, deleted, restored and forgotten. */
export function pictureContract(open: OpenStore): void {
  describe("pictures", () => {
    test("pictures of a batch are numbered and stored whole", async () => {
      const store = await opened(open);
      await shown(store, "first");
      await accept(store, "a", { job: { order: sampleOrder({ count: 4 }) } });
      const job = await claimed(store);
      await finish(store, job);
      const made = picturesFor(job).map((picture, index) => ({ ...picture, number: 2 + index }));
      expect(await store.picturesOf(idOf("a"))).toEqual(made);
      expect(await store.picture(`${idOf("a")}.2`)).toEqual(made[2]);
      expect(await store.pictureByNumber("web:room", 5)).toEqual(made[3]);
      expect(await store.picture("nothing")).toBeUndefined();
      expect(await store.pictureByNumber("web:room", 99)).toBeUndefined();
    });

    test("are found by their pixels, in their own chat, while they are not deleted", async () => {
      const store = await opened(open);
      await shown(store, "a");
      await shown(store, "b");
      await shown(store, "away", IN_HALL);
      const sum = (await store.pictureByNumber("web:room", 1))?.sha256 ?? "";
      expect((await store.pictureByNumber("web:room", 2))?.sha256).toBe(sum);
      expect((await store.pictureBySum("web:room", sum))?.jobId).toBe(idOf("b"));
      await store.markDeleted(idOf("b"), "ana", T0);
      expect((await store.pictureBySum("web:room", sum))?.jobId).toBe(idOf("a"));
      expect(await store.pictureBySum("web:elsewhere", sum)).toBeUndefined();
      expect(await store.pictureBySum("web:room", "f".repeat(64))).toBeUndefined();
    });

    test("are found by what they look like, in their own chat and by their own member anywhere, while they are not deleted", async () => {
      const store = await opened(open);
      await accept(store, "a");
      const job = await claimed(store);
      const looks = "f0f0f0f000ff00ff";
      const [picture] = picturesFor(job);
      if (!picture) throw new Error("no picture");
      await finish(store, job, { pictures: [{ ...picture, fingerprint: looks }] });
      const { memberId } = picture;
      const near = "f0f0f0f000ff0000";
      const found = async (chatKey: string, by: string, look = near) =>
        (await store.pictureLike({ chatKey, memberId: by }, look))?.jobId;
      expect(await found("web:room", "web:nobody")).toBe(idOf("a"));
      expect(await found("web:elsewhere", memberId)).toBe(idOf("a"));
      expect(await found("web:elsewhere", "web:nobody")).toBeUndefined();
      expect(await found("web:room", memberId, "f0f0f0f0ffff0000")).toBeUndefined();
      await store.markDeleted(idOf("a"), "ana", T0);
      expect(await found("web:room", memberId)).toBeUndefined();
      expect(await store.forget({ deletedBeforeMs: T0 + 1, chats: [] }, 10)).toHaveLength(1);
    });

    test("numbers count by chat: the same one means another picture in another", async () => {
      const store = await opened(open);
      await shown(store, "a");
      await shown(store, "away", IN_HALL);
      await shown(store, "b");
      const found = async (chatKey: string, number: number) => (await store.pictureByNumber(chatKey, number))?.jobId;
      expect([await found("web:room", 1), await found("web:room", 2)]).toEqual([idOf("a"), idOf("b")]);
      expect([await found("web:hall", 1), await found("web:hall", 2)]).toEqual([idOf("away"), undefined]);
    });

    test("history pages from the newest, per chat and member", async () => {
      const store = await opened(open);
      for (let i = 0; i < 5; i++) await shown(store, `a${i}`, { job: { memberId: i % 2 ? "web:ben" : "web:ana" } });
      await shown(store, "away", IN_HALL);
      expect(await numbers(store, { limit: 3 })).toEqual([5, 4, 3]);
      expect(await numbers(store, { limit: 3, beforeNumber: 3 })).toEqual([2, 1]);
      expect(await numbers(store, { memberId: "web:ben" })).toEqual([4, 2]);
      expect(await numbers(store, { memberId: "web:ana", beforeNumber: 5, limit: 1 })).toEqual([3]);
      expect(await numbers(store, { chatKey: "web:hall" })).toEqual([1]);
    });

    test("deleted pictures leave the history, can be restored, and their message is shown anew", async () => {
      const store = await opened(open);
      await shown(store, "a");
      await shown(store, "b");
      expect(await store.markDeleted(idOf("a"), "ana", T0 + 1)).toBe(true);
      expect(await store.markDeleted(idOf("a"), "ben", T0 + 2)).toBe(false);
      expect(await store.markDeleted(idOf("nobody"), "ana", T0)).toBe(false);
      expect(await numbers(store)).toEqual([2]);
      expect((await store.pictureByNumber("web:room", 1))?.deleted).toEqual({ atMs: T0 + 1, byName: "ana" });
      expect((await store.due(T0, 9, { platform: "web" })).map((row) => [row.jobId, row.revision])).toEqual([
        [idOf("a"), 3],
      ]);
      expect(await store.restore(idOf("a"))).toBe(true);
      expect(await store.restore(idOf("a"))).toBe(false);
      expect(await numbers(store)).toEqual([2, 1]);
      expect(await store.pictureByNumber("web:room", 1)).not.toHaveProperty("deleted");
      expect((await store.due(T0, 9, { platform: "web" })).map((row) => row.revision)).toEqual([4]);
    });

    test("forgets what was deleted long ago or is older than its chat keeps, a few at a time, and reuses no number", async () => {
      const store = await opened(open);
      for (const name of ["a", "b", "c"]) await shown(store, name);
      await accept(store, "away", IN_HALL);
      const away = await claimed(store);
      await finish(store, away, { pictures: picturesFor(away, { madeAtMs: T0 - 10 }) });
      await store.markDeleted(idOf("a"), "ana", T0 + 1);
      await store.markDeleted(idOf("b"), "ana", T0 + 5);
      expect(await store.forget({ deletedBeforeMs: T0 + 5, chats: [] }, 10)).toEqual([`${idOf("a")}.0`]);
      const all = { deletedBeforeMs: T0 + 6, chats: [{ settingsKey: "web:hall", madeBeforeMs: T0 }] };
      expect(await store.countMadeBefore({ settingsKey: "web:hall", madeBeforeMs: T0 })).toBe(1);
      expect(await store.countMadeBefore({ settingsKey: "web:hall", madeBeforeMs: T0 - 10 })).toBe(0);
      const gone = [...(await store.forget(all, 1)), ...(await store.forget(all, 1)), ...(await store.forget(all, 1))];
      expect(gone.toSorted()).toEqual([`${idOf("away")}.0`, `${idOf("b")}.0`].toSorted());
      expect(await store.picturesOf(idOf("b"))).toEqual([]);
      await shown(store, "new");
      expect(await numbers(store)).toEqual([4, 3]);
    });
  });

  test("closing twice is harmless, and a closed store refuses", async () => {
    const store = await opened(open);
    await store.close();
    await store.close();
    await expect(store.counts()).rejects.toThrow();
  });
}
