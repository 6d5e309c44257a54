import { describe, expect, test } from "vitest";
import { EVERYWHERE, type NewBlock } from "../../../src/domain/block.ts";
import {
  accept,
  balanceOf,
  ballotOn,
  claimed,
  HOUR_MS,
  idOf,
  namesIn,
  type OpenStore,
  PLENTY,
  STOPPED,
  shown,
  T0,
  voteInput,
} from "./inputs.ts";
import { opened } from "./opened.ts";

const HERE = "web:room";
const entry = (over: Partial<NewBlock> = {}): NewBlock => ({
  scope: HERE,
  member: { id: "web:ana", name: "ana" },
  by: { id: "web:root", name: "root" },
  sinceMs: T0,
  ...over,
});
const inRoom = (chatId: string, memberId = "web:ana") => ({
  memberId,
  target: { place: { platform: "web", chatId, group: true }, memberId },
});

/** One list for every platform; what an entry means happens in its transaction. */
export function blockContract(open: OpenStore): void {
  describe("the block list", () => {
    test("an entry holds there until its end, then it is none and goes", async () => {
      const store = await opened(open);
      expect(await store.blockOf("web:ana", HERE, T0)).toBeUndefined();
      const { block } = await store.block(entry({ untilMs: T0 + HOUR_MS, reason: "spam" }), STOPPED);
      expect(block).toEqual({ number: block.number, ...entry({ untilMs: T0 + HOUR_MS, reason: "spam" }) });
      expect(await store.blockOf("web:ana", HERE, T0 + HOUR_MS - 1)).toEqual(block);
      expect(await store.blocks(HERE, T0, 9)).toEqual([block]);
      expect(await store.blockOf("web:ana", "web:hall", T0)).toBeUndefined();
      expect(await store.blockOf("web:ben", HERE, T0)).toBeUndefined();
      expect(await store.blockOf("web:ana", HERE, T0 + HOUR_MS)).toBeUndefined();
      expect(await store.blocks(HERE, T0 + HOUR_MS, 9)).toEqual([]);
      expect(await store.sweepBlocks(T0 + HOUR_MS - 1)).toBe(0);
      expect(await store.sweepBlocks(T0 + HOUR_MS)).toBe(1);
      expect(await store.unblock(block.number)).toBeUndefined();
    });

    test("everywhere is in each chat, and what lasts longer is what is told", async () => {
      const store = await opened(open);
      const { block: all } = await store.block(entry({ scope: EVERYWHERE, untilMs: T0 + HOUR_MS }), STOPPED);
      expect(await store.blockOf("web:ana", "web:hall", T0)).toEqual(all);
      const { block: longer } = await store.block(entry({ untilMs: T0 + 2 * HOUR_MS }), STOPPED);
      expect(await store.blockOf("web:ana", HERE, T0)).toEqual(longer);
      expect(await store.blockOf("web:ana", "web:hall", T0)).toEqual(all);
      await store.block(entry({ scope: EVERYWHERE }), STOPPED);
      expect(await store.blockOf("web:ana", HERE, T0)).toMatchObject({ scope: EVERYWHERE });
    });

    test("the same member again is the same entry with the new end; one that was taken away names nobody else later", async () => {
      const store = await opened(open);
      const { block } = await store.block(entry({ untilMs: T0 + HOUR_MS }), STOPPED);
      const { block: again } = await store.block(entry({ sinceMs: T0 + 5 }), STOPPED);
      expect(again).toEqual({ number: block.number, ...entry({ sinceMs: T0 + 5 }) });
      expect(await store.blocks(HERE, T0, 9)).toEqual([again]);
      expect(await store.unblock(block.number)).toEqual(again);
      expect(await store.unblock(block.number)).toBeUndefined();
      expect(await store.blockOf("web:ana", HERE, T0)).toBeUndefined();
      const { block: other } = await store.block(entry({ member: { id: "web:ben", name: "ben" } }), STOPPED);
      expect(other.number).toBeGreaterThan(block.number);
    });

    test("waiting orders there are cancelled and refunded; others' part, other chats and what runs are not touched", async () => {
      const store = await opened(open);
      await accept(store, "runs", { job: inRoom("room") });
      expect((await claimed(store)).jobId).toBe(idOf("runs"));
      await accept(store, "waits", { job: inRoom("room") });
      await accept(store, "elsewhere", { job: inRoom("hall") });
      await accept(store, "shared", { job: { ...inRoom("room"), voterNames: ["ana", "ben"] } });
      await accept(store, "bens", { job: inRoom("room", "web:ben") });
      const before = await balanceOf(store, "web:ana", PLENTY);
      const { cancelled, runningJobIds } = await store.block(entry(), STOPPED);
      expect({ cancelled, runningJobIds }).toEqual({ cancelled: 1, runningJobIds: [idOf("runs")] });
      const states = ["runs", "waits", "elsewhere", "shared", "bens"].map(async (name) => {
        const job = await store.job(idOf(name));
        return [name, job?.state, job?.problem?.text];
      });
      expect(await Promise.all(states)).toEqual([
        ["runs", "running", undefined],
        ["waits", "cancelled", STOPPED.text],
        ["elsewhere", "queued", undefined],
        ["shared", "queued", undefined],
        ["bens", "queued", undefined],
      ]);
      expect(await balanceOf(store, "web:ana", PLENTY)).toBe(before + 10);
      const everywhere = await store.block(entry({ scope: EVERYWHERE }), STOPPED);
      expect(everywhere).toMatchObject({ cancelled: 1, runningJobIds: [idOf("runs")] });
      expect((await store.job(idOf("elsewhere")))?.state).toBe("cancelled");
    });

    test("votes on what is open are taken out there and shown so; a vote that passed stays", async () => {
      const store = await opened(open);
      await shown(store, "a", { job: { memberId: "web:zoe" } });
      await shown(store, "b", { job: { memberId: "web:zoe" } });
      await store.vote(voteInput(idOf("a"), "ana", "1"));
      await store.vote(voteInput(idOf("a"), "ben", "2"));
      for (const name of ["ana", "ben", "cy"]) await store.vote(voteInput(idOf("b"), name, `b ${name}`));
      const revision = async () =>
        (await store.due(T0, 9, { platform: "web" })).find(({ jobId }) => jobId === idOf("a"))?.revision ?? 0;
      const before = await revision();
      await store.block(entry({ scope: "web:hall" }), STOPPED);
      expect(namesIn(await ballotOn(store, idOf("a")))).toHaveLength(2);
      await store.block(entry(), STOPPED);
      expect(namesIn(await ballotOn(store, idOf("a")))).toEqual(["ben"]);
      expect(await revision()).toBe(before + 1);
      expect(await ballotOn(store, idOf("b"))).toMatchObject({ state: "passed", votes: { length: 3 } });
    });

    test("a chat that goes on under another id keeps its list; a clock that jumped ahead and came back keeps the length", async () => {
      const store = await opened(open);
      const { block } = await store.block(entry({ sinceMs: T0 + 50 * HOUR_MS, untilMs: T0 + 51 * HOUR_MS }), STOPPED);
      await store.clockSetBack(T0);
      await store.moveChat({ platform: "web", fromChatId: "room", toChatId: "super", values: [] });
      expect(await store.blocks(HERE, T0, 9)).toEqual([]);
      expect(await store.blockOf("web:ana", "web:super", T0)).toEqual({
        ...block,
        scope: "web:super",
        sinceMs: T0,
        untilMs: T0 + HOUR_MS,
      });
    });
  });
}
