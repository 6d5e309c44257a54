import { describe, expect, test } from "vitest";
import type { NewDecision } from "../../../src/domain/decision.ts";
import { decisionIdOf, meetingIdOf } from "../../../src/domain/ids.ts";
import { MEETING_MAX_MS, type NewMeeting } from "../../../src/domain/meeting.ts";
import type { MeetingChange } from "../../../src/domain/meeting-change.ts";
import { meetingPotIdOf, POT_ALLOWANCE } from "../../../src/domain/pot.ts";
import type { StartMeetingInput } from "../../../src/ports/meetings.ts";
import type { Store } from "../../../src/ports/store.ts";
import {
  accept,
  allowance,
  balanceOf,
  CHAT,
  claimed,
  finish,
  idOf,
  MESSAGE,
  type OpenStore,
  PLENTY,
  STOPPED,
  sampleJob,
  shown,
  shownAs,
  T0,
  voteInput,
} from "./inputs.ts";
import { opened } from "./opened.ts";
import { linked } from "./persons.ts";
import { give } from "./pots.ts";

const ANA = { id: "web:ana", name: "ana" };
const BEN = { id: "web:ben", name: "ben" };
const LIMIT = allowance(100);
const ID = meetingIdOf("start");
const BEGIN: MeetingChange = { does: "next", at: -1 };

export const startInput = (
  updateId: string,
  over: Partial<NewMeeting> & Partial<StartMeetingInput> = {},
): StartMeetingInput => {
  const { nowMs = T0, dayCapGpuMs = 1000, ...fresh } = over;
  return {
    updateId,
    meeting: {
      meetingId: meetingIdOf(updateId),
      place: CHAT,
      title: "Assembly",
      startedBy: ANA,
      startedAtMs: nowMs,
      agenda: [{ title: "Welcome" }, { title: "Rent strike", minutes: 5 }],
      code: "BCDFGH",
      wallKey: meetingIdOf(`wall ${updateId}`),
      ...fresh,
    },
    dayCapGpuMs,
    nowMs,
  };
};
const start = (store: Store, updateId = "start", over: Parameters<typeof startInput>[1] = {}) =>
  store.startMeeting(startInput(updateId, over));
const change = (store: Store, updateId: string, what: MeetingChange, nowMs = T0 + 1) =>
  store.changeMeeting({ updateId, meetingId: ID, change: what, nowMs });
const ofMember = { budgetGpuMs: 60, budgetFrom: { by: "member", memberId: ANA.id, allowance: LIMIT } } as const;
const ofPot = { budgetGpuMs: 60, budgetFrom: { by: "pot" } } as const;
const owed = async (store: Store) =>
  (await store.due(T0 + MEETING_MAX_MS, 50, { platform: "web" })).map(
    (row) => `${shownAs(row)} ${row.message?.messageId ?? "new"}`,
  );
const potOf = (store: Store) => balanceOf(store, meetingPotIdOf(ID), POT_ALLOWANCE);
const paidFirst = { allowance: LIMIT, paidFirstBy: meetingPotIdOf(ID) };

const vote = (updateId: string, over: Partial<NewDecision> = {}): NewDecision => ({
  decisionId: decisionIdOf(updateId),
  kind: "pick",
  place: CHAT,
  options: [{ id: "1", imageId: `${idOf("a")}.0` }, { id: "none" }],
  rule: { method: "approval", needed: 1, maxChoices: 2, visibility: "hidden", who: "everyone", spends: false },
  openedBy: ANA,
  openedAtMs: T0,
  closesAtMs: T0 + 3_600_000,
  round: 1,
  meetingId: ID,
  ...over,
});

/** Meetings of chats: begun, gone through, ended; who is there; what was decided; what pays for it. */
export function meetingContract(open: OpenStore): void {
  describe("meetings", () => {
    test("begin once an update, one a chat at a time, and are found by all that names them until they end", async () => {
      const store = await opened(open);
      expect(await store.meetingIn("web:room")).toBeUndefined();
      const begun = await start(store);
      expect(begun).toMatchObject({
        status: "started",
        meeting: { state: "waiting", at: -1, chair: ANA, present: [ANA], revision: 1 },
      });
      expect((await start(store)).status).toBe("known");
      expect(await start(store, "other")).toMatchObject({ status: "open", meeting: { meetingId: ID } });
      expect((await start(store, "hall", { place: { ...CHAT, chatId: "hall" } })).status).toBe("code_taken");
      const meeting = await store.meeting(ID);
      const { wallKey = "" } = meeting ?? {};
      expect([
        await store.meetingIn("web:room"),
        await store.latestMeeting("web:room"),
        await store.meetingByCode("BCDFGH"),
        await store.meetingByWall(wallKey),
      ]).toEqual(Array(4).fill(meeting));
      await change(store, "end", { does: "end" });
      expect([await store.meetingIn("web:room"), await store.meetingByCode("BCDFGH")]).toEqual([undefined, undefined]);
      expect(await store.latestMeeting("web:room")).toMatchObject({ meetingId: ID, state: "ended" });
      expect(await store.meetingByWall(wallKey)).toMatchObject({ state: "ended" });
      expect((await start(store, "again", { nowMs: T0 + 9 })).status).toBe("started");
      expect(await store.latestMeeting("web:room")).toMatchObject({ meetingId: meetingIdOf("again") });
    });

    test("go on once an update and once an item, and say why not", async () => {
      const store = await opened(open);
      await start(store);
      expect(await change(store, "1", BEGIN)).toMatchObject({
        status: "changed",
        meeting: { at: 0, state: "running" },
      });
      expect(await change(store, "1", BEGIN)).toMatchObject({ status: "same", meeting: { at: 0 } });
      const both = await Promise.all([
        change(store, "2", { does: "next", at: 0 }),
        change(store, "3", { does: "next", at: 0 }),
      ]);
      expect(both.map(({ status }) => status).toSorted()).toEqual(["changed", "same"]);
      expect(await store.meeting(ID)).toMatchObject({ at: 1, revision: 3, timer: { state: "runs" } });
      expect(await change(store, "4", { does: "next", at: 1 })).toMatchObject({
        status: "refused",
        problem: { code: "bad_args" },
      });
      expect(
        (await store.changeMeeting({ updateId: "5", meetingId: "0".repeat(16), change: BEGIN, nowMs: T0 })).status,
      ).toBe("absent");
    });

    test("have one card at the end of the chat: what it leaves behind says what came of that", async () => {
      const store = await opened(open);
      await start(store);
      expect(await owed(store)).toEqual(["meeting new"]);
      await store.posted({ meetingId: ID, kind: "meeting" }, 1, MESSAGE);
      await change(store, "1", BEGIN);
      expect(await owed(store)).toEqual(["meeting new", "opening m1"]);
      // An edit of the old card was on its way: it brings nothing back.
      await store.posted({ meetingId: ID, kind: "meeting" }, 1, MESSAGE);
      const [card] = await store.due(T0 + 9, 9, { platform: "web", only: "unposted" });
      expect(card).toMatchObject({ kind: "meeting", placed: 1 });
      await store.posted({ meetingId: ID, kind: "meeting", placed: 1 }, card?.revision ?? 0, {
        place: CHAT,
        messageId: "m2",
      });
      await store.posted({ meetingId: ID, kind: "opening" }, 1, MESSAGE);
      expect(await owed(store)).toEqual([]);
      await change(store, "2", { does: "note", at: 0, by: BEN, note: "hello" });
      expect(await owed(store)).toEqual(["meeting m2"]);
      await change(store, "3", { does: "next", at: 0 });
      expect(await owed(store)).toEqual(["meeting new", "item 0 m2"]);
      const [next] = await store.due(T0 + 9, 9, { platform: "web", only: "unposted" });
      await store.posted({ meetingId: ID, kind: "meeting", placed: 2 }, next?.revision ?? 0, {
        place: CHAT,
        messageId: "m3",
      });
      await store.posted({ meetingId: ID, kind: "item", index: 0 }, 1, { place: CHAT, messageId: "m2" });
      // A note on an item that is over is in its message.
      await change(store, "4", { does: "note", at: 0, by: BEN, note: "late" });
      expect(await owed(store)).toEqual(["meeting m3", "item 0 m2"]);
      await change(store, "5", { does: "end" });
      expect((await owed(store)).toSorted()).toEqual(["item 0 m2", "item 1 m3", "meeting new"]);
    });

    test("know who is there, each person once, by whichever account, and so do their open votes", async () => {
      const store = await opened(open);
      await start(store);
      await change(store, "1", BEGIN);
      await linked(store, "web:ana", "telegram:7", PLENTY);
      const { decisionId } = vote("v");
      await store.openDecision({ updateId: "v", decision: vote("v"), nowMs: T0 });
      expect(await store.decision(decisionId, T0)).toMatchObject({ presentIds: [ANA.id] });
      const came = await Promise.all([store.attend(ID, BEN), store.attend(ID, BEN)]);
      expect(came.filter(Boolean)).toHaveLength(1);
      expect(await store.attend(ID, { id: "telegram:7", name: "Ana" })).toBe(false);
      expect((await store.meeting(ID))?.present.map(({ name }) => name)).toEqual(["ana", "ben"]);
      expect(await store.decision(decisionId, T0)).toMatchObject({ presentIds: [ANA.id, BEN.id] });
      await change(store, "2", { does: "end" });
      expect(await store.attend(ID, { id: "web:cy", name: "cy" })).toBe(false);
      expect(await store.attend("0".repeat(16), BEN)).toBe(false);
    });

    test("a vote is noted at the item it was opened at, and its outcome in the moment it closes", async () => {
      const store = await opened(open);
      await start(store);
      expect((await store.openDecision({ updateId: "early", decision: vote("early"), nowMs: T0 })).status).toBe(
        "opened",
      );
      expect(await store.decision(decisionIdOf("early"), T0)).not.toHaveProperty("meetingId");
      await change(store, "1", BEGIN);
      await store.openDecision({ updateId: "v", decision: vote("v"), nowMs: T0 });
      await change(store, "2", { does: "next", at: 0 });
      const { decisionId } = vote("v");
      await store.vote({
        updateId: "b",
        on: { decisionId },
        member: { memberId: BEN.id, name: BEN.name },
        choice: { how: "toggle", optionId: "1" },
        allowance: PLENTY,
        nowMs: T0,
      });
      await store.closeDecision({ updateId: "c", decisionId, by: ANA, nowMs: T0 });
      const [item] = (await store.meeting(ID))?.items ?? [];
      expect(item).toMatchObject({
        decisionIds: [decisionId],
        chosen: { imageId: `${idOf("a")}.0`, by: "vote", decisionId },
      });
    });

    test("have the pictures that were asked for while they ran", async () => {
      const store = await opened(open);
      const ask = async (name: string, acceptedAtMs: number) => {
        await accept(store, name, { job: { acceptedAtMs } });
        await finish(store, await claimed(store), { nowMs: T0 });
      };
      await ask("before", T0 - 1);
      await start(store);
      await change(store, "1", BEGIN, T0 + 5);
      await ask("a", T0 + 6);
      await ask("b", T0 + 7);
      await store.markDeleted(idOf("b"), "ana", T0);
      await change(store, "2", { does: "end" }, T0 + 10);
      await ask("after", T0 + 11);
      expect(
        (await store.picturesAsked(ID)).map(({ picture, acceptedAtMs }) => [picture.jobId, acceptedAtMs - T0]),
      ).toEqual([[idOf("a"), 6]]);
      expect(await store.picturesAsked("0".repeat(16))).toEqual([]);
    });

    test("a picture that comes, goes or comes back is news for the card", async () => {
      const store = await opened(open);
      await start(store);
      await store.posted({ meetingId: ID, kind: "meeting" }, 1, MESSAGE);
      await change(store, "1", BEGIN);
      const settle = async () => {
        for (const row of await store.due(T0 + 9, 9, { platform: "web" }))
          await store.posted(row, row.revision, { place: CHAT, messageId: `${row.kind}` });
      };
      const news = async () => (await owed(store)).includes("meeting meeting");
      await settle();
      await accept(store, "a");
      await settle();
      expect(await news()).toBe(false);
      await finish(store, await claimed(store));
      expect(await news()).toBe(true);
      await settle();
      await store.markDeleted(idOf("a"), "ana", T0);
      expect(await news()).toBe(true);
      await settle();
      await store.restore(idOf("a"));
      expect(await news()).toBe(true);
    });

    test("end by themselves after a day, which gives back their budget", async () => {
      const store = await opened(open);
      await start(store, "start", ofMember);
      expect(await store.closeMeetings(T0 + MEETING_MAX_MS - 1)).toEqual([]);
      const [ended, ...others] = await store.closeMeetings(T0 + MEETING_MAX_MS);
      expect([ended, others]).toMatchObject([{ meetingId: ID, state: "ended", endedAtMs: T0 + MEETING_MAX_MS }, []]);
      expect(await store.closeMeetings(T0 + MEETING_MAX_MS)).toEqual([]);
      expect(await balanceOf(store, ANA.id, LIMIT)).toBe(100);
      expect(await store.meetingBudget(ID)).toEqual({ leftGpuMs: 0, heldGpuMs: 0 });
    });

    test("go along when their chat moves, and one that is open there already stays", async () => {
      const store = await opened(open);
      await give(store, "g", "ana", 80);
      await start(store, "start", ofPot);
      await store.posted({ meetingId: ID, kind: "meeting" }, 1, MESSAGE);
      const move = { platform: "web", fromChatId: "room", toChatId: "hall", values: [] };
      await store.moveChat(move);
      await store.moveChat(move);
      expect(await store.meetingIn("web:room")).toBeUndefined();
      expect(await store.meetingIn("web:hall")).toMatchObject({ meetingId: ID, place: { chatId: "hall" } });
      expect(await owed(store)).toEqual(["meeting new"]);
      await change(store, "end", { does: "end" });
      expect((await store.pot("web:hall", T0)).balanceGpuMs).toBe(80);

      await start(store, "here", { nowMs: T0 + 5, code: "CCCCCC" });
      await start(store, "there", { nowMs: T0 + 5, place: { ...CHAT, chatId: "hall" } });
      await store.moveChat(move);
      expect(await store.meetingIn("web:hall")).toMatchObject({ meetingId: meetingIdOf("there") });
      expect(await store.meeting(meetingIdOf("here"))).toMatchObject({ state: "ended" });
    });

    test("are forgotten with the pictures of their chat, once they are over and nothing of their budget is left", async () => {
      const store = await opened(open);
      await start(store, "start", ofMember);
      const chats = [{ settingsKey: "web:room", madeBeforeMs: T0 + 100 }];
      expect(await store.forgetMeetings(chats)).toBe(0);
      await accept(store, "a", { ...paidFirst, job: { estimateGpuMs: 60 } });
      await change(store, "end", { does: "end" }, T0 + 50);
      expect(await store.forgetMeetings(chats)).toBe(0);
      await store.cancel(idOf("a"), STOPPED, T0);
      await store.closeMeetings(T0 + 60);
      expect(await store.forgetMeetings([{ settingsKey: "web:room", madeBeforeMs: T0 + 50 }])).toBe(0);
      expect(await store.forgetMeetings(chats)).toBe(1);
      expect([await store.meeting(ID), (await owed(store)).filter((line) => line.startsWith("meeting"))]).toEqual([
        undefined,
        [],
      ]);
    });

    test("what was begun by a clock ahead of now begins now", async () => {
      const store = await opened(open);
      const aheadMs = 86_400_000;
      await start(store, "start", { nowMs: T0 + aheadMs });
      await change(store, "1", BEGIN, T0 + aheadMs);
      await change(store, "2", { does: "next", at: 0 }, T0 + aheadMs + 5);
      expect(await store.clockSetBack(T0)).toBeGreaterThan(0);
      expect(await store.meeting(ID)).toMatchObject({
        startedAtMs: T0,
        items: [{ spans: [{ fromMs: T0, toMs: T0 }] }, { spans: [{ fromMs: T0 }] }],
        timer: { state: "runs", endsAtMs: T0 + 300_000 },
      });
    });
  });
  budgetContract(open);
}

/** A meeting's own pot. */
function budgetContract(open: OpenStore): void {
  describe("the budget of a meeting", () => {
    test("is of the starter's own, pays first, and what is left goes back", async () => {
      const store = await opened(open);
      await start(store, "start", ofMember);
      expect([await balanceOf(store, ANA.id, LIMIT), await potOf(store)]).toEqual([40, 60]);
      await accept(store, "a", { ...paidFirst, job: { memberId: BEN.id, estimateGpuMs: 50 } });
      expect([await balanceOf(store, BEN.id, LIMIT), await store.meetingBudget(ID)]).toEqual([
        100,
        { leftGpuMs: 10, heldGpuMs: 50 },
      ]);
      // More than is left: by the member, as always.
      await accept(store, "b", { ...paidFirst, job: { memberId: BEN.id, estimateGpuMs: 11 } });
      expect([await balanceOf(store, BEN.id, LIMIT), await potOf(store)]).toEqual([89, 10]);
      await finish(store, await claimed(store), { usedGpuMs: 30 });
      expect(await potOf(store)).toBe(30);
      expect(await store.job(idOf("a"))).toMatchObject({ outcome: { receipts: [{ by: "pot", gpuMs: 30 }] } });
      await change(store, "end", { does: "end" });
      expect([await balanceOf(store, ANA.id, LIMIT), await potOf(store)]).toEqual([70, 0]);
    });

    test("of the chat's pot goes back there; what is under way at the end goes back when it has ended", async () => {
      const store = await opened(open);
      await give(store, "g", "ana", 80);
      await start(store, "start", ofPot);
      await accept(store, "a", { ...paidFirst, job: { estimateGpuMs: 50 } });
      await change(store, "end", { does: "end" });
      expect([(await store.pot("web:room", T0)).balanceGpuMs, await store.meetingBudget(ID)]).toEqual([
        30,
        { leftGpuMs: 0, heldGpuMs: 50 },
      ]);
      await store.cancel(idOf("a"), STOPPED, T0);
      await store.closeMeetings(T0 + 5);
      await store.closeMeetings(T0 + 6);
      expect([(await store.pot("web:room", T0)).balanceGpuMs, await potOf(store)]).toEqual([80, 0]);
    });

    test("pays for what a group voted for as well, as long as it covers it", async () => {
      const store = await opened(open);
      await start(store, "start", ofMember);
      const voted = async (name: string) => {
        const { jobId } = await shown(store, name, { job: { memberId: "web:di" } });
        for (const by of ["ben", "cy"])
          await store.vote(
            voteInput(jobId, by, `${name} ${by}`, {
              votesNeeded: 2,
              ...paidFirst,
              whenPassed: () => ({ job: sampleJob(`re ${name}`, { estimateGpuMs: 40 }) }),
            }),
          );
      };
      await voted("a");
      expect([await balanceOf(store, BEN.id, LIMIT), await store.meetingBudget(ID)]).toEqual([
        100,
        { leftGpuMs: 20, heldGpuMs: 40 },
      ]);
      await store.cancel(idOf("re a"), STOPPED, T0);
      await store.changeMeeting({ updateId: "e", meetingId: ID, change: { does: "end" }, nowMs: T0 });
      await voted("b");
      expect([await balanceOf(store, BEN.id, LIMIT), await balanceOf(store, ANA.id, LIMIT)]).toEqual([80, 100]);
    });

    test("what came dearer than it was held for is paid by where it came from, once all is known", async () => {
      const store = await opened(open);
      await start(store, "start", ofMember);
      await accept(store, "a", { ...paidFirst, job: { estimateGpuMs: 60 } });
      await change(store, "end", { does: "end" });
      await finish(store, await claimed(store), { usedGpuMs: 75 });
      await store.closeMeetings(T0 + 5);
      expect([await balanceOf(store, ANA.id, LIMIT), await potOf(store)]).toEqual([25, 0]);
    });

    test("is no more than there is, nor than one may give in a day; what came back may be given again", async () => {
      const store = await opened(open);
      expect(await start(store, "1", { ...ofMember, budgetGpuMs: 101 })).toEqual({ status: "short", leftGpuMs: 100 });
      expect(await start(store, "2", ofPot)).toEqual({ status: "short", leftGpuMs: 0 });
      expect(await start(store, "3", { ...ofMember, dayCapGpuMs: 50 })).toEqual({ status: "day_full", leftGpuMs: 50 });
      expect(await store.meetingIn("web:room")).toBeUndefined();
      expect((await start(store, "start", { ...ofMember, dayCapGpuMs: 70 })).status).toBe("started");
      expect(await give(store, "g", "ana", 20, { dayCapGpuMs: 70 })).toMatchObject({
        status: "day_full",
        leftGpuMs: 10,
      });
      await change(store, "end", { does: "end" });
      expect(await store.giftsOf(ANA.id, T0)).toEqual([]);
      expect(await give(store, "h", "ana", 20, { dayCapGpuMs: 70 })).toMatchObject({ status: "given" });
    });
  });
}
