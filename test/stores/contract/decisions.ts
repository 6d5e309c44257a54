import { describe, expect, test } from "vitest";
import {
  AYE,
  type Decision,
  type DecisionRule,
  type NewDecision,
  NONE_OF_THESE,
} from "../../../src/domain/decision.ts";
import { ALL_VOTED_GRACE_MS } from "../../../src/domain/decision-end.ts";
import { decisionIdOf } from "../../../src/domain/ids.ts";
import type { CloseInput, VoteInput } from "../../../src/ports/decisions.ts";
import type { Store } from "../../../src/ports/store.ts";
import {
  accept,
  CHAT,
  claimed,
  finish,
  HOUR_MS,
  idOf,
  type OpenStore,
  ownerIn,
  PLENTY,
  QUORUM,
  rerollOf,
  STOPPED,
  sampleJob,
  sampleOrder,
  shown,
  shownAs,
  T0,
} from "./inputs.ts";
import { opened } from "./opened.ts";

const APPROVAL: DecisionRule = { ...QUORUM, method: "approval", needed: 1, maxChoices: 3, spends: false };
const ID = decisionIdOf("pick");
const ANA = { id: "web:ana", name: "ana" };

/** Which of the two pictures of a batch, or none of them. */
const pickOf = (over: Partial<NewDecision> = {}): NewDecision => ({
  ...rerollOf(idOf("a"), "ana", "pick"),
  kind: "pick",
  options: [{ id: "1", imageId: `${idOf("a")}.0` }, { id: "2", imageId: `${idOf("a")}.1` }, { id: NONE_OF_THESE }],
  rule: APPROVAL,
  ...over,
});
const PROPOSAL = {
  kind: "proposal",
  question: "Print 200?",
  options: ["agree", "abstain", "disagree", "block"].map((id) => ({ id })),
  rule: { ...APPROVAL, method: "proposal", maxChoices: 1 },
} as const;

async function picking(open: OpenStore, over: Partial<NewDecision> = {}): Promise<Store> {
  const store = await opened(open);
  await accept(store, "a", { job: { order: sampleOrder({ count: 2 }) } });
  await finish(store, await claimed(store));
  await store.posted({ jobId: idOf("a"), kind: "job" }, 2, { place: CHAT, messageId: "m1" });
  await store.openDecision({ updateId: "pick", decision: pickOf(over), nowMs: T0 });
  return store;
}

let presses = 0;
const press = (store: Store, member: string, choice: string | readonly string[], over: Partial<VoteInput> = {}) =>
  store.vote({
    updateId: `press ${presses++}`,
    on: { decisionId: ID },
    member: { memberId: `web:${member}`, name: member },
    choice: typeof choice === "string" ? { how: "toggle", optionId: choice } : { how: "set", optionIds: choice },
    allowance: PLENTY,
    nowMs: T0,
    ...over,
  });
const close = (store: Store, over: Partial<CloseInput> = {}) =>
  store.closeDecision({ updateId: `close ${presses++}`, decisionId: ID, by: ANA, nowMs: T0, ...over });
const chosenBy = (decision: Decision | undefined) =>
  decision?.votes.map(({ name, choices }) => `${name} ${choices.join(" ")}`);
const owed = async (store: Store, nowMs = T0) =>
  (await store.due(nowMs, 50, { platform: "web" })).map((row) => `${ownerIn(row)} ${shownAs(row)} ${row.revision}`);

/** What a group decides, by whichever method: each press of a person counts once, and each decision ends once. */
export function decisionContract(open: OpenStore): void {
  describe("decisions", () => {
    test("one of a kind is open about a job at a time; it has a line in its chat, and an answer to that is about the job", async () => {
      const store = await picking(open);
      expect(await store.decision(ID, T0)).toEqual({ ...pickOf(), state: "open", votes: [] });
      const input = { updateId: "pick", decision: pickOf(), nowMs: T0 };
      expect((await store.openDecision(input)).status).toBe("known");
      const other = { ...pickOf(), decisionId: decisionIdOf("other") };
      const same = await store.openDecision({ updateId: "other", decision: other, nowMs: T0 });
      expect(same).toMatchObject({ status: "same", decision: { decisionId: ID } });
      expect(await owed(store)).toEqual(["a job 3", `${ID} decision 1`]);
      await store.posted({ decisionId: ID, kind: "decision" }, 1, { place: CHAT, messageId: "d1" });
      expect(await store.jobByMessage(CHAT, "d1")).toMatchObject({ job: { jobId: idOf("a") } });
      await press(store, "ben", "1");
      expect(await owed(store)).toEqual(["a job 3", `${ID} decision 2`]);
      expect((await store.due(T0, 9, { platform: "web" })).at(-1)).toMatchObject({ message: { messageId: "d1" } });
    });

    test("so many are open in a chat, and another one has to wait; those of other chats do not count", async () => {
      const store = await opened(open);
      const { subjectJobId: _none, ...free } = pickOf(PROPOSAL);
      const opening = (name: string, chatId = "room") => {
        const place = { ...CHAT, chatId };
        const decision = { ...free, decisionId: decisionIdOf(name), place };
        return store.openDecision({ updateId: name, decision, nowMs: T0 });
      };
      const results = await Promise.all(Array.from({ length: 25 }, (_, at) => opening(`o${at}`)));
      expect(results.filter(({ status }) => status === "opened")).toHaveLength(20);
      expect(results.find(({ status }) => status === "too_many")).toEqual({ status: "too_many", open: 20 });
      expect((await opening("hall", "hall")).status).toBe("opened");
      expect(await store.openDecisions("web:room", T0)).toHaveLength(20);
      expect(await store.openDecisions("web:room", T0 + HOUR_MS)).toEqual([]);
    });

    test("every one that one could live with: pressed, taken back, set, and no more than one has", async () => {
      const store = await picking(open, { rule: { ...APPROVAL, maxChoices: 2 } });
      expect((await press(store, "ben", "1")).status).toBe("counted");
      expect((await press(store, "ben", "2")).status).toBe("counted");
      const before = await store.decision(ID, T0);
      expect(chosenBy(before)).toEqual(["ben 1 2"]);
      expect(await press(store, "ben", "none")).toEqual({ status: "too_many", decision: before });
      expect((await press(store, "ben", "1")).status).toBe("taken_back");
      expect((await press(store, "cy", ["2", "none"])).status).toBe("counted");
      expect((await press(store, "cy", ["1", "2", "none"])).status).toBe("too_many");
      expect(await press(store, "cy", "nobody's")).toMatchObject({ status: "over", decision: { state: "open" } });
      expect(chosenBy(await store.decision(ID, T0))).toEqual(["ben 2", "cy 2 none"]);
      expect(await press(store, "cy", [])).toMatchObject({
        status: "taken_back",
        decision: { votes: [{ name: "ben" }] },
      });
      expect((await press(store, "di", "1", { on: { decisionId: "0".repeat(16) } })).status).toBe("absent");
    });

    test("an update that comes again counts once, whatever it did", async () => {
      const store = await picking(open);
      for (let times = 0; times < 3; times += 1) await press(store, "ben", "1", { updateId: "again" });
      expect(chosenBy(await store.decision(ID, T0))).toEqual(["ben 1"]);
      const first = await close(store, { updateId: "end", note: "so be it" });
      const second = await close(store, { updateId: "end", note: "so be it" });
      expect([first.status, second.status]).toEqual(["closed", "known"]);
    });

    test("of a proposal one choice stands, with its reason, which may come later", async () => {
      const store = await picking(open, PROPOSAL);
      await press(store, "ben", "agree");
      await press(store, "ben", "block");
      const why = { how: "toggle", optionId: "block", reason: "It is a scab's press." } as const;
      expect((await press(store, "ben", "block", { choice: why })).status).toBe("counted");
      const standing = await store.decision(ID, T0);
      expect(standing?.votes).toMatchObject([{ name: "ben", choices: ["block"], reason: "It is a scab's press." }]);
      expect((await press(store, "ben", "block")).status).toBe("taken_back");
      await press(store, "cy", "agree");
      expect(await close(store)).toMatchObject({ status: "closed", decision: { outcome: { winners: ["agree"] } } });
    });

    test("a tie runs off among the tied for half the time, then whoever runs it decides; both in the same line", async () => {
      const store = await picking(open);
      for (const [name, choice] of [
        ["ben", "1"],
        ["cy", "2"],
        ["di", "none"],
        ["eve", "1"],
        ["fay", "2"],
      ] as const)
        await press(store, name, choice);
      const [runOff] = await store.closeDecisions(T0 + HOUR_MS);
      expect(runOff).toMatchObject({ state: "open", round: 2, closesAtMs: T0 + 1.5 * HOUR_MS, votes: [] });
      expect(await store.decision(ID, T0 + HOUR_MS)).toEqual(runOff);
      expect(runOff?.options.map(({ id }) => id)).toEqual(["1", "2"]);
      const later = { nowMs: T0 + HOUR_MS };
      expect((await press(store, "di", "none", later)).status).toBe("over");
      for (const [name, choice] of [
        ["ben", "1"],
        ["cy", "2"],
      ] as const)
        await press(store, name, choice, later);
      const [tied] = await store.closeDecisions(T0 + 2 * HOUR_MS);
      expect(tied).toMatchObject({ state: "closed", outcome: { winners: ["1", "2"], tie: true } });
      expect(await store.winners("web:room", 0, 9)).toEqual([]);
      expect((await close(store, { choose: "none" })).status).toBe("over");
      const chosen = await close(store, { choose: "2", note: "It prints well." });
      const outcome = {
        winners: ["2"],
        chairChose: true,
        note: "It prints well.",
        closed: { by: "chair", person: ANA },
      };
      expect(chosen).toMatchObject({ status: "closed", decision: { state: "passed", outcome } });
      expect((await close(store, { choose: "1" })).status).toBe("over");
      const lines = (await owed(store)).filter((line) => line.startsWith(ID));
      expect(lines).toEqual([`${ID} decision 11`]);
    });

    test("ended by whoever runs it a tie runs off as well, and what they choose wins against the count", async () => {
      const store = await picking(open);
      for (const [name, choice] of [
        ["ben", "1"],
        ["cy", "2"],
      ] as const)
        await press(store, name, choice);
      expect(await close(store)).toMatchObject({ status: "run_off", decision: { round: 2, state: "open" } });
      await press(store, "ben", "1");
      const closed = await close(store, { choose: "2" });
      expect(closed).toMatchObject({
        decision: { outcome: { winners: ["2"], counts: { 1: 1, 2: 0 }, chairChose: true } },
      });
      expect((await press(store, "cy", "2")).status).toBe("over");
      expect((await close(store, { decisionId: "0".repeat(16) })).status).toBe("absent");
    });

    test("what spends is chosen by nobody who ends it: that would start nothing", async () => {
      const store = await picking(open, { kind: "spend", options: [{ id: AYE }], rule: QUORUM });
      await press(store, "ben", AYE);
      expect(await close(store, { choose: AYE })).toMatchObject({ status: "over", decision: { state: "open" } });
      expect(await close(store)).toMatchObject({
        status: "closed",
        decision: { state: "closed", outcome: { winners: [], counts: { [AYE]: 1 } } },
      });
    });

    test("a press after the deadline ends it, and is over; without a vote nothing has won", async () => {
      const store = await picking(open);
      const late = await press(store, "ben", "1", { nowMs: T0 + HOUR_MS });
      expect(late).toMatchObject({ status: "over", decision: { state: "closed", outcome: { winners: [], voted: 0 } } });
      expect(await store.closeDecisions(T0 + HOUR_MS)).toEqual([]);
    });

    test("when all who are present have voted it is over: with the last of single votes, a moment after the last of many", async () => {
      const present = { presentIds: ["web:ben", "web:cy"] };
      const single = await picking(open, { ...PROPOSAL, ...present });
      await press(single, "ben", "agree");
      expect(await press(single, "guest", "disagree")).toMatchObject({ status: "counted" });
      const last = await press(single, "cy", "agree");
      expect(last).toMatchObject({ status: "passed", decision: { outcome: { closed: { by: "votes" }, notVoted: 0 } } });

      const many = await picking(open, present);
      await press(many, "ben", "1");
      expect((await press(many, "cy", "1", { nowMs: T0 + 5 })).status).toBe("counted");
      expect(await many.closeDecisions(T0 + ALL_VOTED_GRACE_MS)).toEqual([]);
      const [over] = await many.closeDecisions(T0 + ALL_VOTED_GRACE_MS + 5);
      expect(over).toMatchObject({ state: "passed", outcome: { winners: ["1"], closed: { by: "votes" } } });

      // A page sends all that is ticked with each tick.
      const ticked = await picking(open, present);
      await press(ticked, "ben", ["1"]);
      expect((await press(ticked, "cy", ["1"])).status).toBe("counted");
      expect((await press(ticked, "cy", ["1", "2"])).status).toBe("counted");
      expect(await ticked.closeDecisions(T0 + ALL_VOTED_GRACE_MS)).toMatchObject([{ outcome: { winners: ["1"] } }]);
    });

    test("a secret one forgets who voted when it ends; the counts stay", async () => {
      const store = await picking(open, { rule: { ...APPROVAL, visibility: "secret" } });
      await press(store, "ben", "1");
      const closed = await close(store);
      const expected = { state: "passed", votes: [], outcome: { winners: ["1"], counts: { 1: 1 }, voted: 1 } };
      expect(closed.status === "closed" && closed.decision).toMatchObject(expected);
      expect(await store.decision(ID, T0)).toMatchObject(expected);
    });

    test("who runs the chat is enough, about what it spends; it starts one job, and that they did is said", async () => {
      const store = await picking(open, {
        kind: "spend",
        options: [{ id: "aye" }],
        rule: QUORUM,
        order: sampleOrder(),
      });
      await press(store, "ben", "aye");
      const whenPassed: NonNullable<VoteInput["whenPassed"]> = (voters) => ({
        job: sampleJob("spent", { voterNames: voters.map(({ name }) => name) }),
      });
      const passed = await press(store, "ana", "aye", { decisive: true, whenPassed });
      expect(passed).toMatchObject({
        status: "passed",
        job: { jobId: idOf("spent"), voterNames: ["ben", "ana"] },
        decision: { outcome: { chairChose: true, closed: { by: "chair", person: ANA }, startedJobId: idOf("spent") } },
      });
      expect((await press(store, "cy", "aye", { whenPassed })).status).toBe("over");
      expect(await store.counts()).toEqual({ queued: 1, running: 0 });
    });

    test("those who have not voted are reminded once, near the end; once it is over that is said there, too", async () => {
      const store = await picking(open, { presentIds: ["web:ben", "web:cy"] });
      await press(store, "ben", "1");
      const at = T0 + 0.75 * HOUR_MS;
      expect(await store.remind(at - 1)).toBe(0);
      expect([await store.remind(at), await store.remind(at)]).toEqual([1, 0]);
      const reminders = async () => (await owed(store, at)).filter((line) => line.includes("reminder"));
      expect(await reminders()).toEqual([`${ID} reminder 1`]);
      await store.posted({ decisionId: ID, kind: "reminder" }, 1, { place: CHAT, messageId: "r1" });
      await press(store, "cy", "2");
      expect(await reminders()).toEqual([]);
      await close(store, { choose: "1" });
      expect(await reminders()).toEqual([`${ID} reminder 2`]);
    });

    test.each([
      ["all who are present have voted", { presentIds: ["web:ben"] }, 0.75],
      ["as many as are needed have voted, and nobody counts who is present", {}, 0.75],
      ["it is nearly over: nobody looked in time", { presentIds: ["web:cy"] }, 0.95],
      ["it lasts a few minutes", { presentIds: ["web:cy"], closesAtMs: T0 + 0.4 * HOUR_MS }, 0.35],
    ])("nobody is reminded where %s", async (_, over, hours) => {
      const store = await picking(open, over);
      await press(store, "ben", "1");
      expect(await store.remind(T0 + hours * HOUR_MS)).toBe(0);
    });

    test("what won is found by chat and time, newest first, as long as its picture is there", async () => {
      const store = await picking(open);
      await press(store, "ben", "2");
      await close(store, { nowMs: T0 + 5 });
      const won = (chatKey = "web:room", sinceMs = 0) =>
        store.winners(chatKey, sinceMs, 9).then((all) => all.map(({ imageId }) => imageId));
      expect(await won()).toEqual([`${idOf("a")}.1`]);
      expect([await won("web:hall"), await won("web:room", T0 + 6)]).toEqual([[], []]);
      expect((await store.winners("web:room", 0, 9))[0]?.decision).toEqual(await store.decision(ID, T0));
      await store.markDeleted(idOf("a"), "ana", T0);
      expect(await won()).toEqual([]);
    });

    test("a chat that moves takes them along: the line of an open one is posted anew", async () => {
      const store = await picking(open);
      await press(store, "ben", "1");
      await store.posted({ decisionId: ID, kind: "decision" }, 2, { place: CHAT, messageId: "d1" });
      const move = { platform: "web", fromChatId: "room", toChatId: "big", values: [] };
      for (let times = 0; times < 2; times += 1) await store.moveChat(move);
      expect(await store.openDecisions("web:room", T0)).toEqual([]);
      expect(await store.openDecisions("web:big", T0)).toMatchObject([
        { place: { chatId: "big" }, votes: [{ name: "ben" }] },
      ]);
      const line = (await store.due(T0, 9, { platform: "web" })).find(({ kind }) => kind === "decision");
      expect(line).toEqual({ decisionId: ID, kind: "decision", revision: 2, failures: 0 });
    });

    test("one that was opened by a clock that had jumped ahead lasts as long as it should", async () => {
      const ahead = { openedAtMs: T0 + 50 * HOUR_MS, closesAtMs: T0 + 52 * HOUR_MS };
      const store = await picking(open, ahead);
      expect(await store.clockSetBack(T0)).toBeGreaterThan(0);
      expect(await store.decision(ID, T0)).toMatchObject({ openedAtMs: T0, closesAtMs: T0 + 2 * HOUR_MS });
      expect(await store.remind(T0 + 1.5 * HOUR_MS)).toBe(1);
    });

    test("whoever is shut out loses their votes on what is open", async () => {
      const store = await picking(open);
      for (const name of ["ben", "cy"]) await press(store, name, "1");
      const member = { id: "web:ben", name: "ben" };
      await store.block({ scope: "web:room", member, by: ANA, sinceMs: T0 }, STOPPED);
      expect(chosenBy(await store.decision(ID, T0))).toEqual(["cy 1"]);
      expect(await owed(store)).toContain(`${ID} decision 4`);
      await shown(store, "b");
    });
  });
}
