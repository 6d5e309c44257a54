import { describe, expect, test } from "vitest";
import { type DecisionRule, NONE_OF_THESE } from "../../../src/domain/decision.ts";
import { decisionIdOf, meetingIdOf } from "../../../src/domain/ids.ts";
import type { ReopenInput } from "../../../src/ports/meeting-upkeep.ts";
import type { Store } from "../../../src/ports/store.ts";
import {
  accept,
  CHAT,
  claimed,
  finish,
  idOf,
  type OpenStore,
  PLENTY,
  QUORUM,
  rerollOf,
  sampleOrder,
  T0,
} from "./inputs.ts";
import { opened } from "./opened.ts";

const CHAIR = { id: "web:cy", name: "cy" };
const MEETING = meetingIdOf("meet");
const VOTE = decisionIdOf("pick");
const PICK: DecisionRule = {
  ...QUORUM,
  method: "approval",
  needed: 1,
  maxChoices: 3,
  spends: false,
  visibility: "hidden",
};

const start = (
  store: Store,
  updateId: string,
  over: { readonly chatId?: string; readonly code: string; readonly wallKey: string },
) =>
  store.startMeeting({
    updateId,
    meeting: {
      meetingId: meetingIdOf(updateId),
      place: { ...CHAT, chatId: over.chatId ?? CHAT.chatId },
      title: "Assembly",
      startedBy: CHAIR,
      startedAtMs: T0,
      code: over.code,
      wallKey: over.wallKey,
      agenda: [{ title: "One" }, { title: "Two" }],
    },
    dayCapGpuMs: 0,
    nowMs: T0,
  });

/** At its first item, with a batch of two pictures and a vote on them. */
async function meeting(open: OpenStore, rule: Partial<DecisionRule> = {}): Promise<Store> {
  const store = await opened(open);
  await start(store, "meet", { code: "BCDFGH", wallKey: "w" });
  await store.changeMeeting({ updateId: "go", meetingId: MEETING, change: { does: "next", at: -1 }, nowMs: T0 });
  await accept(store, "a", { job: { order: sampleOrder({ count: 2 }), acceptedAtMs: T0 } });
  await finish(store, await claimed(store));
  await store.openDecision({
    updateId: "pick",
    decision: {
      ...rerollOf(idOf("a"), "cy", "pick"),
      kind: "pick",
      options: [{ id: "1", imageId: `${idOf("a")}.0` }, { id: "2", imageId: `${idOf("a")}.1` }, { id: NONE_OF_THESE }],
      rule: { ...PICK, ...rule } as DecisionRule,
      meetingId: MEETING,
    },
    nowMs: T0,
  });
  return store;
}
let updates = 0;
const press = (store: Store, name: string, optionId: string) =>
  store.vote({
    updateId: `press ${updates++}`,
    on: { decisionId: VOTE },
    member: { memberId: `web:${name}`, name },
    choice: { how: "toggle", optionId },
    allowance: PLENTY,
    nowMs: T0,
  });
const close = (store: Store, nowMs: number, choose?: string) =>
  store.closeDecision({
    updateId: `close ${updates++}`,
    decisionId: VOTE,
    by: CHAIR,
    nowMs,
    ...(choose === undefined ? {} : { choose }),
  });
const reopen = (store: Store, over: Partial<ReopenInput> = {}) =>
  store.reopenDecision({
    updateId: `undo ${updates++}`,
    decisionId: VOTE,
    by: CHAIR,
    closedAfterMs: T0,
    nowMs: T0 + 8,
    ...over,
  });
const chosen = async (store: Store) => (await store.meeting(MEETING))?.items[0]?.chosen?.imageId;

/** What walls and phones of meetings need besides the meeting. */
export function meetingUpkeepContract(open: OpenStore): void {
  describe("upkeep of meetings", () => {
    test("a vote that was closed goes on with its votes, in its meeting too, and ends anew", async () => {
      const store = await meeting(open);
      await press(store, "ana", "1");
      await close(store, T0 + 5);
      expect(await store.decision(VOTE, T0)).toMatchObject({ state: "passed", endedAtMs: T0 + 5 });
      expect(await chosen(store)).toBe(`${idOf("a")}.0`);
      const input = { updateId: "undo", decisionId: VOTE, by: CHAIR, closedAfterMs: T0, nowMs: T0 + 8 };
      const before = (await store.meeting(MEETING))?.revision ?? 0;
      expect(await store.reopenDecision(input)).toMatchObject({ status: "reopened", decision: { state: "open" } });
      expect((await store.reopenDecision(input)).status).toBe("known");
      const again = await store.decision(VOTE, T0 + 8);
      expect([again?.votes.map(({ name }) => name), again?.outcome, again?.endedAtMs]).toEqual([
        ["ana"],
        undefined,
        undefined,
      ]);
      expect(again?.closesAtMs).toBeGreaterThanOrEqual(T0 + 60_008);
      expect(await chosen(store)).toBeUndefined();
      expect((await store.meeting(MEETING))?.revision).toBeGreaterThan(before);
      expect((await store.winners(`${CHAT.platform}:${CHAT.chatId}`, 0, 9)).length).toBe(0);
      for (const name of ["ben", "di"]) await press(store, name, "2");
      await close(store, T0 + 20);
      expect(await chosen(store)).toBe(`${idOf("a")}.1`);
    });

    test("nothing is taken back late, of what nobody closed, of a secret vote, nor of what was chosen", async () => {
      const late = await meeting(open);
      expect((await reopen(late)).status).toBe("late");
      await close(late, T0 + 5);
      expect((await reopen(late, { closedAfterMs: T0 + 5 })).status).toBe("late");
      expect((await reopen(late, { decisionId: decisionIdOf("none") })).status).toBe("absent");
      const timed = await meeting(open);
      await timed.closeDecisions(T0 + 10 * 86_400_000);
      expect((await reopen(timed)).status).toBe("late");
      const secret = await meeting(open, { visibility: "secret" });
      await press(secret, "ana", "1");
      await close(secret, T0 + 5);
      expect((await reopen(secret)).status).toBe("late");
      const chose = await meeting(open);
      await press(chose, "ana", "1");
      await close(chose, T0 + 5, "2");
      expect((await reopen(chose)).status).toBe("late");
    });

    test("open meetings get codes that no other has, and are found by them alone", async () => {
      const store = await meeting(open);
      await start(store, "other", { code: "CDFGHJ", wallKey: "x", chatId: "elsewhere" });
      await start(store, "over", { code: "DFGHJK", wallKey: "y", chatId: "third" });
      await store.changeMeeting({
        updateId: "end",
        meetingId: meetingIdOf("over"),
        change: { does: "end" },
        nowMs: T0,
      });
      // The first is another's, and a transaction may run again.
      const drawn = ["CDFGHJ", "FGHJKL", "FGHJKL", "GHJKLM", "HJKLMN", "JKLMNP", "KLMNPQ", "LMNPQR"];
      expect(await store.renewCodes(() => drawn.shift() ?? "MNPQRS")).toBe(2);
      expect(await store.meetingByCode("BCDFGH")).toBeUndefined();
      expect(await store.meetingByCode("CDFGHJ")).toBeUndefined();
      const codes = [
        (await store.meeting(MEETING))?.code ?? "",
        (await store.meeting(meetingIdOf("other")))?.code ?? "",
      ];
      expect(new Set(codes).size).toBe(2);
      const found = await Promise.all(codes.map((code) => store.meetingByCode(code)));
      expect(found.map((each) => each?.meetingId)).toEqual([MEETING, meetingIdOf("other")]);
    });

    test("its mark changes with whatever is shown, and with nothing of another chat", async () => {
      const store = await meeting(open);
      let before = await store.meetingMark(MEETING);
      const changed = async () => {
        const mark = await store.meetingMark(MEETING);
        const isNew = mark !== before;
        before = mark;
        return isNew;
      };
      expect([await changed(), await store.meetingMark("none")]).toEqual([false, undefined]);
      await press(store, "ana", "1");
      expect(await changed()).toBe(true);
      await press(store, "ana", "1");
      expect(await changed()).toBe(true);
      await accept(store, "b", {});
      expect(await changed()).toBe(true);
      const job = await claimed(store);
      expect(await changed()).toBe(true);
      await finish(store, job);
      expect(await changed()).toBe(true);
      await store.markDeleted(idOf("b"), "cy", T0);
      expect(await changed()).toBe(true);
      await store.attend(MEETING, { id: "web:ed", name: "ed" });
      expect(await changed()).toBe(true);
      await accept(store, "c", { job: { target: { place: { ...CHAT, chatId: "elsewhere" }, memberId: "web:ana" } } });
      expect(await changed()).toBe(false);
      await close(store, T0 + 5);
      expect(await changed()).toBe(true);
      await reopen(store);
      expect(await changed()).toBe(true);
    });
  });
}
