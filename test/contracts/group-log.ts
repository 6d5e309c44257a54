import { describe, expect, onTestFinished, test } from "vitest";
import type { GroupLog, Joined, NewMessage, WebMember } from "../../src/ports/group-log.ts";
import type { ShownView } from "../../src/ports/view.ts";

export interface GroupLogOptions {
  readonly nowMs: () => number;
  /** The same slot opened again shows what was stored there; absent: an empty one. */
  readonly slot?: string;
}

/** What an implementation cannot do, with the reason. */
export interface GroupLogGaps {
  readonly reopen?: string;
}

const T0 = 1_760_000_000_000;

interface Opened {
  readonly log: GroupLog;
  readonly ana: WebMember;
  readonly ben: WebMember;
}

function came(joined: Joined) {
  if ("refused" in joined) throw new Error(`the name is ${joined.refused}`);
  return joined;
}

let nonces = 0;
const said = (by: WebMember, text: string, over: Partial<NewMessage> = {}): NewMessage => ({
  id: `m${++nonces}`,
  nonce: `n${nonces}`,
  group: "den",
  authorId: by.id,
  authorName: by.name,
  body: { text },
  ...over,
});
const ours = (view: ShownView, over: Partial<NewMessage> = {}): NewMessage => ({
  id: `m${++nonces}`,
  nonce: `n${nonces}`,
  group: "den",
  body: { view },
  ...over,
});
const typed = (by: WebMember, over: Partial<NewMessage> = {}) =>
  said(by, "/rca fox", { command: { name: "rca", text: "fox", values: { seed: 7 } }, ...over });
const picture = (key: string): ShownView => ({ text: key, image: { key, alt: key, widthPx: 8, heightPx: 8 } });
const deciding = (state: "open" | "decided", closesAtMs: number): ShownView => ({
  ...picture("1"),
  decision: {
    decisionId: "abcdefgh12345678",
    kind: "reroll",
    state,
    visibility: "live",
    title: "Bo wants another take",
    standing: "1 of 3",
    options: [{ id: "aye", label: "Vote" }],
    maxChoices: 1,
    votedIds: [],
    voted: 0,
    byName: "Bo",
    byId: "web:bo",
    closesAtMs,
    notes: [],
  },
});
const idsOf = (messages: readonly { readonly id: string }[]) => messages.map(({ id }) => id);

/** What every implementation of the GroupLog port must do. */
export function groupLogContract(
  name: string,
  open: (options: GroupLogOptions) => Promise<GroupLog>,
  gaps: GroupLogGaps = {},
): void {
  async function opened(options: Partial<GroupLogOptions> = {}): Promise<GroupLog> {
    const log = await open({ nowMs: () => T0, ...options });
    onTestFinished(() => log.close());
    return log;
  }
  function joined(log: GroupLog, who: string): WebMember {
    return came(log.join(who, who.toLowerCase(), undefined)).member;
  }
  /** Ana made the group, Ben came later. */
  async function groups(): Promise<Opened> {
    const log = await opened();
    const [ana, ben] = [joined(log, "Ana"), joined(log, "Ben")];
    log.enter("den", "The den", ana.id);
    log.enter("den", "Another title", ben.id);
    return { log, ana, ben };
  }

  describe(`group log: ${name}`, () => {
    test("who is new waits where newcomers do, sees no group, and is in it once let in", async () => {
      const { log, ana } = await groups();
      const cy = joined(log, "Cy");
      expect(log.knock("new", cy.id, true)).toBeUndefined();
      expect(log.knock("den", cy.id, false)).toBeUndefined();
      expect(log.knock("den", ana.id, true)).toBeUndefined();
      expect(log.knock("den", cy.id, true)).toBe(T0);
      expect(log.knock("den", cy.id, false)).toBe(T0);
      expect([log.groups(cy.id), log.groupOf("den", cy.id)]).toEqual([[], undefined]);
      expect(log.letIn(cy.id, "hall")).toBe(false);
      expect(log.letIn(cy.id, "den")).toBe(true);
      expect(log.letIn(cy.id, "den")).toBe(false);
      expect(log.groupOf("den", cy.id)).toEqual({ slug: "den", title: "The den", admin: false });
      log.leave("den", cy.id);
      expect(log.knock("den", cy.id, true)).toBeUndefined();
    });

    test("who is shut out of a group is in it no more and has to be let in, wherever newcomers wait or not", async () => {
      const { log, ben } = await groups();
      log.enter("attic", "Attic", ben.id);
      expect(log.shutOut(ben.id, "den")).toEqual(["den"]);
      expect(log.groups(ben.id)).toMatchObject([{ slug: "attic" }]);
      expect(log.knock("den", ben.id, false)).toBe(T0);
      expect(log.letIn(ben.id, "den")).toBe(true);
      expect([...log.shutOut(ben.id)].toSorted()).toEqual(["attic", "den"]);
      expect(log.groups(ben.id)).toEqual([]);
      expect(log.letIn(ben.id)).toBe(true);
      expect(log.groups(ben.id)).toHaveLength(2);
    });

    test("a group is handed over to who is in it, and to nobody else", async () => {
      const { log, ana, ben } = await groups();
      expect(log.handOver("den", joined(log, "Cy").id)).toBe(false);
      expect(log.runBy("den")).toBe(ana.id);
      expect(log.handOver("den", ben.id)).toBe(true);
      expect([log.groupOf("den", ana.id)?.admin, log.groupOf("den", ben.id)?.admin]).toEqual([false, true]);
      expect([log.runBy("den"), log.runBy("hall")]).toEqual([ben.id, undefined]);
      expect([log.memberByName("ben")?.id, log.memberByName("di")]).toEqual([ben.id, undefined]);
    });

    test("a member has a secret on each device, the newest ten beside the first, and each is theirs alone", async () => {
      let nowMs = T0;
      const log = await opened({ nowMs: () => nowMs++ });
      const [first, other] = [log.join("Ana", "ana", undefined), log.join("Ben", "ben", undefined)];
      if ("refused" in first || "refused" in other) throw new Error("a name is taken");
      const member = { id: first.member.id, name: "Ana" };
      const devices = Array.from({ length: 12 }, () => log.addDevice(member.id));
      expect(new Set(devices.map((device) => device?.secret)).size).toBe(12);
      const known = devices.map((device) => log.memberBySecret(device?.secret ?? "")?.id === member.id);
      expect(known).toEqual([false, false, ...Array<boolean>(10).fill(true)]);
      const newest = devices.at(-1);
      expect(newest?.member).toEqual(member);
      expect(log.join("ANA", "ana", newest?.secret)).toEqual({ member, secret: newest?.secret });
      expect(log.join("ANA", "ana", devices[0]?.secret)).toEqual({ refused: "taken" });
      expect(log.join("BEN", "ben", newest?.secret)).toEqual({ refused: "taken" });
      expect([log.memberBySecret(first.secret), log.memberBySecret(other.secret)?.name]).toEqual([member, "Ben"]);
      expect(log.addDevice("web:nobody")).toBeUndefined();
    });

    test("a name belongs to whoever has its secret", async () => {
      const log = await opened();
      const first = came(log.join("Ana", "ana", undefined));
      expect(first.member).toEqual({ id: expect.stringMatching(/^web:./), name: "Ana" });
      expect(log.join("ANA", "ana", undefined)).toEqual({ refused: "taken" });
      expect(log.join("ANA", "ana", "guessed")).toEqual({ refused: "taken" });
      expect(log.join("ANA", "ana", first.secret)).toEqual(first);
      expect(log.memberBySecret(first.secret)).toEqual(first.member);
      expect(log.memberBySecret("guessed")).toBeUndefined();
      expect(log.memberById(first.member.id)).toEqual(first.member);
      expect(log.memberById("web:nobody")).toBeUndefined();
      const second = came(log.join("Ben", "ben", first.secret));
      expect(second.secret).not.toBe(first.secret);
    });

    test("a name that looks like somebody's is theirs, whatever it is written with", async () => {
      const log = await opened();
      const first = came(log.join("Ada", "ada", undefined));
      const written = ["Ad\u0430", "\u0410\u0434\u0430", "\uff21\uff44\uff41", "A\u0332da", "ADA\u3164", "Ad\u2800a"];
      const [cyrillic, foreign, ...others] = written.map((name) => log.join(name, name.toLowerCase(), first.secret));
      // "Ада" is read, and shown, differently.
      expect(came(foreign ?? { refused: "taken" }).member.name).toBe("\u0410\u0434\u0430");
      for (const each of [cyrillic, ...others]) expect(each).toEqual({ refused: "alike", like: "Ada" });
    });

    test("who names a group first runs it; who leaves sees it no more until they enter again", async () => {
      const { log, ana, ben } = await groups();
      expect(log.groupOf("den", ana.id)).toEqual({ slug: "den", title: "The den", admin: true });
      expect(log.groupOf("den", ben.id)).toEqual({ slug: "den", title: "The den", admin: false });
      log.enter("attic", "Attic", ben.id);
      expect(log.groups(ben.id).map(({ title }) => title)).toEqual(["Attic", "The den"]);
      log.leave("den", ben.id);
      log.leave("den", ben.id);
      expect(log.groups(ben.id).map(({ slug }) => slug)).toEqual(["attic"]);
      expect(log.groupOf("den", ben.id)).toBeUndefined();
      expect(log.groupTitle("den")).toBe("The den");
      expect(log.groupTitle("cellar")).toBeUndefined();
      expect(log.enter("den", "The den", ben.id)).toEqual({ slug: "den", title: "The den", admin: false });
    });

    test("a message is stored once under its nonce, as it was, with the time", async () => {
      const { log, ana } = await groups();
      const upload = { id: "u1", name: "fox.png", mime: "image/png", sizeBytes: 9, widthPx: 3, heightPx: 2 };
      const message = typed(ana, { body: { text: "/rca fox", upload }, visibleTo: ana.id, forName: "Ana" });
      const { nonce, ...rest } = message;
      const stored = { ...rest, seq: 1, rev: 1, atMs: T0 };
      expect(log.add(message, true)).toEqual({ message: stored, fresh: true });
      expect(log.add(said(ana, "again", { nonce }), true)).toEqual({ message: stored, fresh: false });
      expect(log.message(message.id)).toEqual(stored);
      expect(log.message("m-none")).toBeUndefined();
      expect(log.rev).toBe(1);
    });

    test("nothing is stored in a group that is not there, and the count goes on as if nothing had been", async () => {
      const { log, ana } = await groups();
      log.add(said(ana, "one"), true);
      expect(() => log.add(said(ana, "lost", { group: "cellar" }), true)).toThrow();
      expect(log.rev).toBe(1);
      expect(log.add(said(ana, "two"), true).message.rev).toBe(2);
    });

    test("ours are edited, members' are not; the same view again changes nothing", async () => {
      const { log, ana } = await groups();
      const { message } = log.add(ours({ text: "working" }), true);
      const edited = log.edit(message.id, { text: "done" });
      expect(edited).toMatchObject({ changed: true, message: { rev: 2, seq: 1, body: { view: { text: "done" } } } });
      expect(log.edit(message.id, { text: "done" })).toMatchObject({ changed: false, message: { rev: 2 } });
      const hers = log.add(said(ana, "hello"), true).message;
      expect(log.edit(hers.id, { text: "mine now" })).toBeUndefined();
      expect(log.edit("m-none", { text: "x" })).toBeUndefined();
      expect(log.rev).toBe(3);
    });

    test("a removed message leaves a gap that every tab hears of and nobody fills again", async () => {
      const { log, ben } = await groups();
      const { message } = log.add(ours(picture("p")), true);
      expect(log.remove(message.id)).toMatchObject({ rev: 2, body: { removed: true } });
      expect(log.edit(message.id, { text: "back" })).toBeUndefined();
      expect(idsOf(log.changedSince("den", ben.id, 1, 9))).toEqual([message.id]);
      expect(log.remove("m-none")).toBeUndefined();
      expect(log.rev).toBe(2);
    });

    test("each sees what is for everyone or for them, newest last, page by page", async () => {
      const { log, ana, ben } = await groups();
      log.enter("attic", "Attic", ana.id);
      const [one, secret, two, three] = [
        said(ana, "one"),
        ours({ text: "to Ben" }, { visibleTo: ben.id }),
        said(ana, "two"),
        said(ben, "three"),
      ];
      for (const message of [one, secret, said(ana, "elsewhere", { group: "attic" }), two, three])
        log.add(message, true);
      expect(idsOf(log.newest("den", ana.id, 9))).toEqual(idsOf([one, two, three]));
      expect(idsOf(log.newest("den", ben.id, 9))).toEqual(idsOf([one, secret, two, three]));
      const page = log.newest("den", ana.id, 2);
      expect(idsOf(page)).toEqual(idsOf([two, three]));
      expect(idsOf(log.newest("den", ana.id, 2, page[0]?.seq))).toEqual([one.id]);
    });

    test("changes are told in the order in which they happened, at most so many, after what a tab has seen", async () => {
      const { log, ana, ben } = await groups();
      const first = log.add(ours({ text: "a" }), true).message;
      const second = log.add(said(ana, "b"), true).message;
      log.add(ours({ text: "to Ana" }, { visibleTo: ana.id }), true);
      log.edit(first.id, { text: "A" });
      expect(idsOf(log.changedSince("den", ben.id, 0, 9))).toEqual([second.id, first.id]);
      expect(idsOf(log.changedSince("den", ben.id, 0, 1))).toEqual([second.id]);
      expect(log.changedSince("den", ben.id, log.rev, 9)).toEqual([]);
    });

    test("a privately answered line becomes its author's alone, and others hear that it is gone", async () => {
      const { log, ana, ben } = await groups();
      const line = log.add(typed(ana), true).message;
      expect(log.settle(line.id, "private")).toMatchObject({ visibleTo: ana.id, answered: "withdrawn", rev: 2 });
      expect(log.changedSince("den", ben.id, 1, 9)).toEqual([
        { id: line.id, seq: line.seq, rev: 2, group: "den", atMs: T0, body: { removed: true } },
      ]);
      expect(log.changedSince("den", ana.id, 1, 9)).toMatchObject([{ id: line.id, body: { text: "/rca fox" } }]);
      expect(log.newest("den", ben.id, 9)).toEqual([]);
      expect(log.settle(line.id, "private")).toBeUndefined();
      expect(log.settle(line.id, "public")).toMatchObject({ answered: "public", rev: 3 });
      expect(idsOf(log.newest("den", ben.id, 9))).toEqual([line.id]);
      expect(log.settle(line.id, "private")).toBeUndefined();
    });

    test("a hidden line is shown when nothing answered it; what was shown already tells nobody anything new", async () => {
      const { log, ana, ben } = await groups();
      const hidden = log.add(typed(ana, { visibleTo: ana.id }), true).message;
      expect(log.settle(hidden.id, "shown")).toMatchObject({ id: hidden.id, rev: 2 });
      expect(log.message(hidden.id)).not.toHaveProperty("visibleTo");
      expect(log.settle(hidden.id, "shown")).toBeUndefined();
      const open = log.add(typed(ana), true).message;
      expect(log.settle(open.id, "public")).toBeUndefined();
      expect(log.message(open.id)).toMatchObject({ answered: "public", rev: open.rev });
      expect(log.settle(log.add(said(ben, "no command"), true).message.id, "public")).toBeUndefined();
      expect(log.settle("m-none", "public")).toBeUndefined();
    });

    test("commands that were perhaps never heard are found, oldest first, until they are", async () => {
      const { log, ana } = await groups();
      const [one, two] = [typed(ana), typed(ana)];
      log.add(one, false);
      log.add(said(ana, "between"), true);
      log.add(two, false);
      expect(idsOf(log.unacknowledged())).toEqual([one.id, two.id]);
      log.acknowledge(one.id);
      log.acknowledge(one.id);
      expect(idsOf(log.unacknowledged())).toEqual([two.id]);
    });

    test("finished public pictures of ours are found, newest first, and every upload that still shows", async () => {
      const { log, ana } = await groups();
      const upload = { id: "u1", name: "fox.png", mime: "image/png", sizeBytes: 9, widthPx: 3, heightPx: 2 };
      const [one, two] = [ours(picture("1")), ours(picture("2"))];
      const lost = said(ana, "gone", { body: { text: "gone", upload: { ...upload, id: "u2" } } });
      const others = [
        ours({ ...picture("3"), progress: 0.5 }),
        ours(picture("4"), { visibleTo: ana.id }),
        ours({ text: "no picture" }),
        said(ana, "mine", { body: { text: "mine", upload } }),
        lost,
      ];
      for (const message of [one, two, ...others]) log.add(message, true);
      log.remove(lost.id);
      expect(idsOf(log.withPictures("den", 9))).toEqual([two.id, one.id]);
      expect(idsOf(log.withPictures("den", 1))).toEqual([two.id]);
      expect([...log.uploadIds()]).toEqual(["u1"]);
    });

    test("open decisions are found wherever in a group they began, oldest first, until their time", async () => {
      const { log, ana } = await groups();
      const [one, two, over] = [
        ours(deciding("open", T0 + 2)),
        ours(deciding("open", T0 + 9)),
        ours(deciding("open", T0 + 1)),
      ];
      const decided = ours(deciding("open", T0 + 9));
      const others = [ours(picture("2")), ours(deciding("open", T0 + 9), { visibleTo: ana.id }), decided];
      for (const message of [one, two, over, ...others]) log.add(message, true);
      log.edit(decided.id, deciding("decided", T0 + 9));
      expect(idsOf(log.withOpenDecisions("den", T0 + 1, 9))).toEqual([one.id, two.id]);
      expect(idsOf(log.withOpenDecisions("den", T0 + 1, 1))).toEqual([one.id]);
      // What they show are pictures of other messages.
      expect(idsOf(log.withPictures("den", 9))).toEqual([others[0]?.id]);
    });

    test("what a decision came to is the newest of its group, once, and what is said later follows it", async () => {
      let nowMs = T0;
      const log = await opened({ nowMs: () => nowMs });
      const ana = joined(log, "Ana");
      for (const slug of ["den", "hall"]) log.enter(slug, slug, ana.id);
      const vote = ours(deciding("open", T0 + 9));
      const [first, elsewhere] = [said(ana, "first"), said(ana, "elsewhere", { group: "hall" })];
      for (const message of [vote, first, elsewhere]) log.add(message, true);
      nowMs += 5;
      const inOrder = () => idsOf(log.newest("den", ana.id, 9));
      log.edit(vote.id, { ...deciding("open", T0 + 9), text: "one more" });
      expect(inOrder()).toEqual([vote.id, first.id]);
      log.edit(vote.id, deciding("decided", T0 + 9));
      expect(inOrder()).toEqual([first.id, vote.id]);
      expect(log.message(vote.id)).toMatchObject({ rev: log.rev, atMs: nowMs });
      const last = log.add(said(ana, "last"), true).message;
      nowMs += 5;
      log.edit(vote.id, { ...deciding("decided", T0 + 9), text: "with a note" });
      expect(inOrder()).toEqual([first.id, vote.id, last.id]);
      expect(log.message(vote.id)?.atMs).toBe(nowMs - 5);
      expect(idsOf(log.newest("den", ana.id, 9, log.message(vote.id)?.seq))).toEqual([first.id]);
    });

    test("lets go of a group's messages from before its time, and of no others", async () => {
      let nowMs = T0;
      const log = await opened({ nowMs: () => nowMs });
      const ana = joined(log, "Ana");
      for (const slug of ["den", "hall"]) log.enter(slug, slug, ana.id);
      const old = log.add(said(ana, "old"), true).message;
      const elsewhere = log.add(said(ana, "elsewhere", { group: "hall" }), true).message;
      const waiting = log.add(typed(ana), false).message;
      nowMs += 1000;
      const fresh = log.add(said(ana, "fresh"), true).message;
      expect(log.letGo([{ slug: "den", saidBeforeMs: T0 }], 1e9)).toBe(0);
      expect(log.letGo([{ slug: "den", saidBeforeMs: T0 + 1 }], 1e9)).toBe(1);
      expect([log.message(old.id), ...idsOf(log.newest("den", ana.id, 9))]).toEqual([undefined, waiting.id, fresh.id]);
      expect(idsOf(log.newest("hall", ana.id, 9))).toEqual([elsewhere.id]);
    });

    test("lets go of the oldest of all while it is too large, never of the newest change", async () => {
      const log = await opened();
      const ana = joined(log, "Ana");
      log.enter("den", "The den", ana.id);
      for (let at = 0; at < 600; at += 1) log.add(said(ana, `${at} ${"x".repeat(2000)}`), true);
      const { rev } = log;
      expect(log.letGo([], 1e9)).toBe(0);
      expect(log.usedBytes()).toBeGreaterThan(600 * 2000);
      const gone = log.letGo([], 900_000);
      expect(gone).toBeGreaterThanOrEqual(300);
      expect(log.newest("den", ana.id, 1000).length).toBe(600 - gone);
      expect(log.usedBytes()).toBeLessThanOrEqual(900_000);
      expect(log.letGo([], 900_000)).toBe(0);
      log.letGo([], 0);
      expect([log.rev, idsOf(log.changedSince("den", ana.id, 0, 9)).length]).toEqual([rev, 1]);
    });

    test("a closed log says so and refuses; closing twice is harmless", async () => {
      const { log } = await groups();
      expect(log.open).toBe(true);
      log.close();
      log.close();
      expect(log.open).toBe(false);
      expect(() => log.groups("web:ana")).toThrow();
    });

    test("a name is as old as its first use", async () => {
      let nowMs = T0;
      const log = await opened({ nowMs: () => nowMs });
      const ana = joined(log, "Ana");
      nowMs += 1000;
      expect([log.memberSinceMs(ana.id), log.memberSinceMs("web:nobody")]).toEqual([T0, undefined]);
    });

    test("two logs have names and salts of their own", async () => {
      const [one, other] = [await opened(), await opened()];
      expect(one.epoch).not.toBe(other.epoch);
      expect(one.salt).not.toBe(other.salt);
      expect(one.salt).toBe(one.salt);
      expect(Buffer.from(one.salt, "base64url").length).toBeGreaterThanOrEqual(32);
    });

    test("everything is there after a restart", async ({ skip }) => {
      if (gaps.reopen !== undefined) skip(gaps.reopen);
      const before = await opened({ slot: "again" });
      const ana = joined(before, "Ana");
      before.enter("den", "The den", ana.id);
      const { message } = before.add(typed(ana), false);
      const { epoch, salt, rev } = before;
      before.close();
      const after = await opened({ slot: "again" });
      expect({ epoch: after.epoch, salt: after.salt, rev: after.rev }).toEqual({ epoch, salt, rev });
      expect(after.unacknowledged()).toEqual([message]);
      expect(after.groups(ana.id)).toEqual([{ slug: "den", title: "The den", admin: true }]);
    });
  });
}
