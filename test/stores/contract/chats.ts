import { describe, expect, test } from "vitest";
import { verbatim } from "../../../src/domain/text.ts";
import type { Store } from "../../../src/ports/store.ts";
import { valuesIn } from "../../fakes/module-services.ts";
import {
  accept,
  allowance,
  balanceOf,
  CHAT,
  claimed,
  finish,
  HOUR_MS,
  idOf,
  MESSAGE,
  type OpenStore,
  ownerIn,
  sampleOrder,
  shown,
  shownAs,
  T0,
  voteInput,
} from "./inputs.ts";
import { opened } from "./opened.ts";

const SERVER = { platform: "web", chatId: "room", communityId: "server", group: true } as const;
const DAY_MS = 24 * HOUR_MS;
const inServer = (memberId = "web:ana") => ({ memberId, target: { place: SERVER, memberId } });
const by = { memberId: "web:ben", name: "ben" };
const owed = async (store: Store) =>
  (await store.due(T0, 50, { platform: "web" })).map((row) => `${ownerIn(row)} ${shownAs(row)}`);

/** What a chat has of its own: messages that can be answered, a spend window, originals, and all of it moves with the chat. */
export function chatContract(open: OpenStore): void {
  describe("what a message shows", () => {
    const about = async (store: Store, messageId: string, chatId = "room", platform = "web") => {
      const found = await store.jobByMessage({ platform, chatId }, messageId);
      return found && [found.job.jobId.replace(/-+$/, ""), found.index];
    };

    test("a job's message shows the job, a picked picture's that picture; elsewhere the same id is another message", async () => {
      const store = await opened(open);
      await accept(store, "a", { job: { order: sampleOrder({ count: 3 }) } });
      const job = await claimed(store);
      expect(await about(store, "m1")).toBeUndefined();
      await store.posted({ jobId: job.jobId, kind: "job" }, 1, MESSAGE);
      expect(await about(store, "m1")).toEqual(["a", undefined]);
      await finish(store, job);
      await store.pick(job.jobId, 2, by, T0);
      await store.posted({ jobId: job.jobId, kind: "picture", index: 2 }, 1, { place: CHAT, messageId: "m2" });
      expect(await about(store, "m2")).toEqual(["a", 2]);
      expect(await about(store, "m1", "hall")).toBeUndefined();
      expect(await about(store, "m1", "room", "telegram")).toBeUndefined();
    });

    test("a message that was posted anew is found under its new id alone", async () => {
      const store = await opened(open);
      const job = await shown(store, "a");
      await store.vote(voteInput(job.jobId, "ben", "v1"));
      await store.posted({ jobId: job.jobId, kind: "job" }, 3, { place: CHAT, messageId: "m9" });
      expect(await about(store, "m9")).toEqual(["a", undefined]);
      expect(await about(store, "m1")).toBeUndefined();
    });

    test("a reply that shows an earlier picture is about it, until the picture is forgotten", async () => {
      const store = await opened(open);
      await shown(store, "a");
      const reply = { place: CHAT, messageId: "r1" };
      await store.shows(reply, `${idOf("nobody")}.0`);
      expect(await about(store, "r1")).toBeUndefined();
      await store.shows(reply, `${idOf("a")}.0`);
      await store.shows(reply, `${idOf("a")}.0`);
      expect(await about(store, "r1")).toEqual(["a", 0]);
      expect(await about(store, "r1", "hall")).toBeUndefined();
      expect(await store.showing(idOf("a"))).toEqual([{ message: reply, index: 0 }]);
      expect(await store.showing(idOf("b"))).toEqual([]);
      await store.markDeleted(idOf("a"), "ana", T0);
      await store.forget({ deletedBeforeMs: T0 + 1, chats: [] }, 9);
      expect(await about(store, "r1")).toBeUndefined();
      expect(await store.showing(idOf("a"))).toEqual([]);
    });

    test("a reply that shows a sheet is about the whole batch", async () => {
      const store = await opened(open);
      await shown(store, "a");
      const reply = { place: { ...CHAT, threadId: "t1" }, messageId: "r1" };
      await store.shows(reply, `${idOf("a")}.0`, "whole");
      expect(await about(store, "r1")).toEqual(["a", undefined]);
      expect(await store.showing(idOf("a"))).toEqual([{ message: reply, index: 0 }]);
    });
  });

  describe("originals", () => {
    const always = { withOriginals: true } as const;

    test("the original follows the final, once, and changes with it", async () => {
      const store = await opened(open);
      await accept(store, "a", { job: always });
      const job = await claimed(store);
      await store.posted({ jobId: job.jobId, kind: "job" }, 1, MESSAGE);
      await finish(store, job);
      expect(await owed(store)).toEqual(["a job"]);
      await store.posted({ jobId: job.jobId, kind: "job" }, 2, MESSAGE);
      expect(await owed(store)).toEqual(["a original 0"]);
      await store.posted({ jobId: job.jobId, kind: "original", index: 0 }, 1, { place: CHAT, messageId: "m2" });
      expect(await owed(store)).toEqual([]);
      expect(await store.jobByMessage(CHAT, "m2")).toMatchObject({ index: 0 });
      expect((await store.job(job.jobId))?.message).toEqual(MESSAGE);
      await store.markDeleted(job.jobId, "ana", T0);
      expect(await owed(store)).toEqual(["a job", "a original 0"]);
    });

    test("what holds up the final holds up its original, and nothing else", async () => {
      const store = await opened(open);
      await accept(store, "a", { job: always });
      await accept(store, "b");
      await finish(store, await claimed(store));
      await store.postpone({ jobId: idOf("a"), kind: "job" }, T0 + 1_000);
      expect(await owed(store)).toEqual(["b job"]);
    });

    test("of a batch each original follows its picture when that was picked", async () => {
      const store = await opened(open);
      await accept(store, "a", { job: { ...always, order: sampleOrder({ count: 2 }) } });
      const job = await claimed(store);
      await finish(store, job);
      await store.posted({ jobId: job.jobId, kind: "job" }, 2, MESSAGE);
      expect(await owed(store)).toEqual([]);
      expect(await store.pick(job.jobId, 1, by, T0)).toBe(true);
      expect(await store.pick(job.jobId, 1, by, T0)).toBe(false);
      expect(await owed(store)).toEqual(["a picture 1"]);
      await store.posted({ jobId: job.jobId, kind: "picture", index: 1 }, 1, { place: CHAT, messageId: "m2" });
      expect(await owed(store)).toEqual(["a original 1"]);
    });

    test("without the wish there is none, and with the final's message it is given up", async () => {
      const store = await opened(open);
      await shown(store, "a");
      await accept(store, "b", { job: always });
      const job = await claimed(store);
      await finish(store, job);
      await store.abandon({ jobId: job.jobId, kind: "job" });
      expect(await owed(store)).toEqual([]);
    });
  });

  describe("a spend window", () => {
    const capped = (spendCapGpuMs: number, memberId?: string) => ({ spendCapGpuMs, job: inServer(memberId) });

    test("is shared by the chats of a community and counts what is held and paid", async () => {
      const store = await opened(open);
      expect(await store.spendWindow("web:community:server", T0)).toEqual({ heldGpuMs: 0, usedGpuMs: 0 });
      expect((await accept(store, "a", capped(25))).status).toBe("accepted");
      const other = { ...inServer("web:ben"), target: { place: { ...SERVER, chatId: "hall" }, memberId: "web:ben" } };
      expect((await accept(store, "b", { spendCapGpuMs: 25, job: other })).status).toBe("accepted");
      expect(await accept(store, "c", capped(25))).toEqual({
        status: "refused",
        why: { code: "pot_used", neededGpuMs: 10, leftGpuMs: 5, capGpuMs: 25 },
      });
      await finish(store, await claimed(store), { usedGpuMs: 4 });
      expect(await store.spendWindow("web:community:server", T0)).toEqual({ heldGpuMs: 10, usedGpuMs: 4 });
      expect((await accept(store, "d", capped(25))).status).toBe("accepted");
      expect(await store.spendWindow("web:room", T0)).toEqual({ heldGpuMs: 0, usedGpuMs: 0 });
      expect((await accept(store, "outside", { spendCapGpuMs: 10 })).status).toBe("accepted");
    });

    test("50 at once where the spend window bears 10: exactly 10, and the refused pay nothing", async () => {
      const store = await opened(open);
      const results = await Promise.all(
        Array.from({ length: 50 }, (_, n) =>
          accept(store, `p${n}`, { ...capped(100, `web:m${n}`), allowance: allowance(10) }),
        ),
      );
      expect(results.filter(({ status }) => status === "accepted")).toHaveLength(10);
      expect(await store.spendWindow("web:community:server", T0)).toEqual({ heldGpuMs: 100, usedGpuMs: 0 });
      const left = await Promise.all(results.map((_, n) => balanceOf(store, `web:m${n}`, allowance(10))));
      expect(left.filter((gpuMs) => gpuMs === 10)).toHaveLength(40);
    });

    test("says when there is room again, and has it then: what was paid counts for 24 hours", async () => {
      const store = await opened(open);
      for (const [name, usedGpuMs, atMs] of [
        ["a", 6, T0],
        ["b", 9, T0 + HOUR_MS],
      ] as const) {
        await accept(store, name, capped(25));
        await finish(store, await claimed(store), { usedGpuMs, nowMs: atMs });
      }
      const later = { ...capped(20), nowMs: T0 + HOUR_MS };
      expect(await accept(store, "c", later)).toMatchObject({
        status: "refused",
        why: { leftGpuMs: 5, retryAtMs: T0 + DAY_MS },
      });
      expect((await accept(store, "d", { ...later, nowMs: T0 + DAY_MS - 1 })).status).toBe("refused");
      expect((await accept(store, "e", { ...later, nowMs: T0 + DAY_MS })).status).toBe("accepted");
    });

    test("what is refunded leaves no trace; a refusal stays the answer to its update", async () => {
      const store = await opened(open);
      await accept(store, "a", capped(10));
      const refused = await accept(store, "b", capped(10));
      expect(refused.status).toBe("refused");
      await store.cancel(idOf("a"), { code: "cancelled", text: verbatim("Stopped.") }, T0);
      expect(await store.spendWindow("web:community:server", T0)).toEqual({ heldGpuMs: 0, usedGpuMs: 0 });
      expect(await accept(store, "b", capped(10))).toEqual(refused);
      expect((await accept(store, "c", capped(10))).status).toBe("accepted");
      expect(await accept(store, "d", capped(9))).toMatchObject({ why: { code: "pot_used", leftGpuMs: 0 } });
    });

    test("a vote that the spend window cannot bear stays open without its last vote", async () => {
      const store = await opened(open);
      const { jobId } = await shown(store, "a");
      const vote = (member: string, spendCapGpuMs: number) =>
        store.vote(voteInput(jobId, member, `${member} ${spendCapGpuMs}`, { votesNeeded: 2, spendCapGpuMs }));
      await vote("ben", 15);
      expect(await vote("cy", 15)).toMatchObject({
        status: "pot_used",
        why: { neededGpuMs: 10, leftGpuMs: 5 },
        decision: { state: "open", votes: [{ name: "ben" }] },
      });
      expect(await store.counts()).toEqual({ queued: 0, running: 0 });
      expect((await vote("cy", 20)).status).toBe("passed");
    });
  });

  test("each voter pays by the allowance they had when they voted", async () => {
    const store = await opened(open);
    const { jobId } = await shown(store, "a");
    const vote = (member: string, gpuMs: number, update = member) =>
      store.vote(voteInput(jobId, member, update, { votesNeeded: 2, allowance: allowance(gpuMs) }));
    await vote("ben", 5);
    expect((await vote("cy", 4)).status).toBe("unpaid");
    expect((await vote("di", 100)).status).toBe("passed");
    expect(await balanceOf(store, "web:ben", allowance(5))).toBe(0);
    expect(await balanceOf(store, "web:di", allowance(100))).toBe(95);
  });

  test("keeps pictures as long as their community says", async () => {
    const store = await opened(open);
    await shown(store, "a", { job: inServer() });
    await shown(store, "b");
    const days = (settingsKey: string) =>
      store.forget({ deletedBeforeMs: 0, chats: [{ settingsKey, madeBeforeMs: T0 + 1 }] }, 9);
    expect(await days("web:community:server")).toEqual([`${idOf("a")}.0`]);
    expect(await days("web:room")).toEqual([`${idOf("b")}.0`]);
  });

  test("lists a member's pictures of all chats, newest first", async () => {
    const store = await opened(open);
    const hall = { place: { platform: "web", chatId: "hall", group: true }, memberId: "web:ana" };
    await shown(store, "a");
    await shown(store, "b", { job: { memberId: "web:ben" } });
    await shown(store, "c", { job: { target: hall } });
    const own = await store.history({ memberId: "web:ana", limit: 9 });
    expect(own.map(({ jobId, number }) => [jobId, number])).toEqual([
      [idOf("c"), 1],
      [idOf("a"), 1],
    ]);
  });

  describe("a chat that moves", () => {
    const move = {
      platform: "web",
      fromChatId: "room",
      toChatId: "big",
      values: [
        { namespace: "settings", from: "web:room", to: "web:big", prefix: false },
        { namespace: "locks", from: "web:room/", to: "web:big/", prefix: true },
      ],
    };
    const BIG = { platform: "web", chatId: "big", group: true };

    test("takes along its jobs, what is owed, pictures, spend window and small values; twice is harmless", async () => {
      const store = await opened(open);
      await shown(store, "done");
      await store.shows({ place: CHAT, messageId: "r1" }, `${idOf("done")}.0`);
      await accept(store, "waiting", { job: { memberId: "web:ben", target: { place: CHAT, memberId: "web:ben" } } });
      await store.posted({ jobId: idOf("waiting"), kind: "job" }, 1, { place: CHAT, messageId: "m2" });
      const [settings, locks, others] = ["settings", "locks", "others"].map((space) =>
        valuesIn(store.keyValues, space),
      );
      for (const key of ["web:room", "web:room2"]) await settings!.set(key, key);
      for (const key of ["web:room/web:ana", "web:room2/web:ana"]) await locks!.set(key, key);
      for (const key of ["web:room", "web:room/web:ana"]) await others!.set(key, key);
      await store.moveChat(move);
      await store.moveChat(move);

      const waiting = await claimed(store);
      expect(waiting).toMatchObject({ jobId: idOf("waiting"), target: { place: BIG, memberId: "web:ben" } });
      // What is posted in the old chat cannot be edited any more.
      expect(waiting.message).toBeUndefined();
      await finish(store, waiting, { pictures: [] });
      expect(await store.due(T0, 9, { platform: "web" })).toEqual([
        { jobId: idOf("waiting"), kind: "job", revision: 2, failures: 0 },
      ]);
      expect((await store.history({ chatKey: "web:big", limit: 9 })).map(({ number }) => number)).toEqual([1]);
      expect(await store.history({ chatKey: "web:room", limit: 9 })).toEqual([]);
      expect(await store.spendWindow("web:big", T0)).toEqual({ heldGpuMs: 0, usedGpuMs: 20 });
      expect(await store.spendWindow("web:room", T0)).toEqual({ heldGpuMs: 0, usedGpuMs: 0 });
      expect(await store.jobByMessage(CHAT, "m1")).toBeUndefined();
      expect(await store.jobByMessage(BIG, "m1")).toBeUndefined();
      expect(await store.jobByMessage(BIG, "r1")).toBeUndefined();
      const forgotten = { deletedBeforeMs: 0, chats: [{ settingsKey: "web:big", madeBeforeMs: T0 + 1 }] };
      expect(await store.forget(forgotten, 9)).toEqual([`${idOf("done")}.0`]);
      expect(await settings!.entries()).toEqual([
        ["web:big", "web:room"],
        ["web:room2", "web:room2"],
      ]);
      expect(await locks!.entries()).toEqual([
        ["web:big/web:ana", "web:room/web:ana"],
        ["web:room2/web:ana", "web:room2/web:ana"],
      ]);
      expect((await others!.entries()).map(([key]) => key)).toEqual(["web:room", "web:room/web:ana"]);
    });

    test("joins its numbers to those of the new chat: each once, those that came along as they were", async () => {
      const store = await opened(open);
      const inBig = { job: { target: { place: BIG, memberId: "web:ana" } } };
      for (const name of ["room1", "room2"]) await shown(store, name);
      for (const name of ["big1", "big2", "big3"]) await shown(store, name, inBig);
      await store.moveChat(move);
      await store.moveChat(move);
      const numbers = async () =>
        new Map((await store.history({ chatKey: "web:big", limit: 9 })).map(({ jobId, number }) => [number, jobId]));
      expect(await numbers()).toEqual(
        new Map([
          [5, idOf("big2")],
          [4, idOf("big1")],
          [3, idOf("big3")],
          [2, idOf("room2")],
          [1, idOf("room1")],
        ]),
      );
      await shown(store, "later", inBig);
      expect((await numbers()).get(6)).toBe(idOf("later"));
      expect((await store.pictureByNumber("web:big", 1))?.jobId).toBe(idOf("room1"));
      expect(await store.pictureByNumber("web:room", 1)).toBeUndefined();
    });

    test("shows open jobs anew, and nothing that is ended", async () => {
      const store = await opened(open);
      const due = async () =>
        (await store.due(T0, 9, { platform: "web" })).map(({ jobId, message }) => ({ jobId, message }));
      await shown(store, "done");
      await accept(store, "running");
      await claimed(store);
      await accept(store, "waiting");
      for (const name of ["running", "waiting"])
        for (const row of await store.due(T0, 9, { platform: "web" }))
          if (row.jobId === idOf(name)) await store.posted(row, row.revision, { place: CHAT, messageId: name });
      expect(await due()).toEqual([]);
      await store.moveChat(move);
      expect(await due()).toEqual([{ jobId: idOf("running") }, { jobId: idOf("waiting") }]);
      for (const row of await store.due(T0, 9, { platform: "web" }))
        await store.posted(row, row.revision, { place: BIG, messageId: "anew" });
      await store.moveChat(move);
      expect(await due()).toEqual([]);
    });

    test("takes along the picture that was being made", async () => {
      const store = await opened(open);
      await accept(store, "a");
      const job = await claimed(store);
      await store.moveChat(move);
      expect(await finish(store, job)).toBe(true);
      expect((await store.picturesOf(job.jobId)).map(({ chatKey }) => chatKey)).toEqual(["web:big"]);
      expect(await store.spendWindow("web:big", T0)).toEqual({ heldGpuMs: 0, usedGpuMs: 10 });
    });

    test("keeps what the new chat has of its own, and the messages that were posted there", async () => {
      const store = await opened(open);
      await accept(store, "a");
      await store.posted({ jobId: idOf("a"), kind: "job" }, 1, { place: BIG, messageId: "m5" });
      const settings = valuesIn(store.keyValues, "settings");
      await settings.set("web:room", "old");
      await settings.set("web:big", "new");
      expect(await settings.get("web:room")).toBe("old");
      await store.moveChat(move);
      expect([await settings.get("web:room"), await settings.get("web:big")]).toEqual([undefined, "new"]);
      expect((await store.job(idOf("a")))?.message).toEqual({ place: BIG, messageId: "m5" });
      expect(await store.jobByMessage(BIG, "m5")).toMatchObject({ job: { jobId: idOf("a") } });
      expect(await settings.entries()).toEqual([["web:big", "new"]]);
    });

    test("leaves other platforms and other chats as they are", async () => {
      const store = await opened(open);
      const job = await shown(store, "a");
      await store.moveChat({ ...move, platform: "telegram" });
      await store.moveChat({ ...move, fromChatId: "roo" });
      expect((await store.job(job.jobId))?.target.place).toEqual(CHAT);
      expect(await store.jobByMessage(CHAT, "m1")).toMatchObject({ job: { jobId: job.jobId } });
    });
  });
}
