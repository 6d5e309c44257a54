import { randomBytes } from "node:crypto";
import { describe, expect, onTestFinished, test } from "vitest";
import type { GroupLog, Joined, NewMessage, StoredMessage, WebMember } from "../../src/ports/group-log.ts";
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
  async function joined(log: GroupLog, who: string): Promise<WebMember> {
    return came(await log.join(who, who.toLowerCase(), undefined)).member;
  }
  /** Ana made the group, Ben came later. */
  async function groups(): Promise<Opened> {
    const log = await opened();
    const [ana, ben] = [await joined(log, "Ana"), await joined(log, "Ben")];
    await log.enter("den", "The den", ana.id);
    await log.enter("den", "Another title", ben.id);
    return { log, ana, ben };
  }

  describe(`group log: ${name}`, () => {
    test("who is new waits where newcomers do, sees no group, and is in it once let in", async () => {
      const { log, ana } = await groups();
      const cy = await joined(log, "Cy");
      expect(await log.knock("new", cy.id, true)).toBeUndefined();
      expect(await log.knock("den", cy.id, false)).toBeUndefined();
      expect(await log.knock("den", ana.id, true)).toBeUndefined();
      expect(await log.knock("den", cy.id, true)).toBe(T0);
      expect(await log.knock("den", cy.id, false)).toBe(T0);
      expect([await log.groups(cy.id), await log.groupOf("den", cy.id)]).toEqual([[], undefined]);
      expect(await log.letIn(cy.id, "hall")).toBe(false);
      expect(await log.letIn(cy.id, "den")).toBe(true);
      expect(await log.letIn(cy.id, "den")).toBe(false);
      expect(await log.groupOf("den", cy.id)).toEqual({ slug: "den", title: "The den", admin: false });
      await log.leave("den", cy.id);
      expect(await log.knock("den", cy.id, true)).toBeUndefined();
    });

    test("who is shut out of a group is in it no more and has to be let in, wherever newcomers wait or not", async () => {
      const { log, ben } = await groups();
      await log.enter("attic", "Attic", ben.id);
      expect(await log.shutOut(ben.id, "den")).toEqual(["den"]);
      expect(await log.groups(ben.id)).toMatchObject([{ slug: "attic" }]);
      expect(await log.knock("den", ben.id, false)).toBe(T0);
      expect(await log.letIn(ben.id, "den")).toBe(true);
      expect([...(await log.shutOut(ben.id))].toSorted()).toEqual(["attic", "den"]);
      expect(await log.groups(ben.id)).toEqual([]);
      expect(await log.letIn(ben.id)).toBe(true);
      expect(await log.groups(ben.id)).toHaveLength(2);
    });

    test("a group is handed over to who is in it, and to nobody else", async () => {
      const { log, ana, ben } = await groups();
      expect(await log.handOver("den", (await joined(log, "Cy")).id)).toBe(false);
      expect(await log.runBy("den")).toBe(ana.id);
      expect(await log.handOver("den", ben.id)).toBe(true);
      expect([(await log.groupOf("den", ana.id))?.admin, (await log.groupOf("den", ben.id))?.admin]).toEqual([
        false,
        true,
      ]);
      expect([await log.runBy("den"), await log.runBy("hall")]).toEqual([ben.id, undefined]);
      expect([(await log.memberByName("ben"))?.id, await log.memberByName("di")]).toEqual([ben.id, undefined]);
    });

    test("a member has a secret on each device, the newest ten beside the first, and each is theirs alone", async () => {
      let nowMs = T0;
      const log = await opened({ nowMs: () => nowMs++ });
      const [first, other] = [await log.join("Ana", "ana", undefined), await log.join("Ben", "ben", undefined)];
      if ("refused" in first || "refused" in other) throw new Error("a name is taken");
      const member = { id: first.member.id, name: "Ana" };
      const devices = [];
      for (let at = 0; at < 12; at += 1) devices.push(await log.addDevice(member.id));
      expect(new Set(devices.map((device) => device?.secret)).size).toBe(12);
      const known = [];
      for (const device of devices) known.push((await log.memberBySecret(device?.secret ?? ""))?.id === member.id);
      expect(known).toEqual([false, false, ...Array<boolean>(10).fill(true)]);
      const newest = devices.at(-1);
      expect(newest?.member).toEqual(member);
      expect(await log.join("ANA", "ana", newest?.secret)).toEqual({ member, secret: newest?.secret });
      expect(await log.join("ANA", "ana", devices[0]?.secret)).toEqual({ refused: "taken" });
      expect(await log.join("BEN", "ben", newest?.secret)).toEqual({ refused: "taken" });
      expect([await log.memberBySecret(first.secret), (await log.memberBySecret(other.secret))?.name]).toEqual([
        member,
        "Ben",
      ]);
      expect(await log.addDevice("web:nobody")).toBeUndefined();
    });

    test("a name belongs to whoever has its secret", async () => {
      const log = await opened();
      const first = came(await log.join("Ana", "ana", undefined));
      expect(first.member).toEqual({ id: expect.stringMatching(/^web:./), name: "Ana" });
      expect(await log.join("ANA", "ana", undefined)).toEqual({ refused: "taken" });
      expect(await log.join("ANA", "ana", "guessed")).toEqual({ refused: "taken" });
      expect(await log.join("ANA", "ana", first.secret)).toEqual(first);
      expect(await log.memberBySecret(first.secret)).toEqual(first.member);
      expect(await log.memberBySecret("guessed")).toBeUndefined();
      expect(await log.memberById(first.member.id)).toEqual(first.member);
      expect(await log.memberById("web:nobody")).toBeUndefined();
      const second = came(await log.join("Ben", "ben", first.secret));
      expect(second.secret).not.toBe(first.secret);
    });

    test("a name that looks like somebody's is theirs, whatever it is written with", async () => {
      const log = await opened();
      const first = came(await log.join("Ada", "ada", undefined));
      const written = ["Ad\u0430", "\u0410\u0434\u0430", "\uff21\uff44\uff41", "A\u0332da", "ADA\u3164", "Ad\u2800a"];
      const [cyrillic, foreign, ...others] = await Promise.all(
        written.map((name) => log.join(name, name.toLowerCase(), first.secret)),
      );
      // "Ада" is read, and shown, differently.
      expect(came(foreign ?? { refused: "taken" }).member.name).toBe("\u0410\u0434\u0430");
      for (const each of [cyrillic, ...others]) expect(each).toEqual({ refused: "alike", like: "Ada" });
    });

    test("who names a group first runs it; who leaves sees it no more until they enter again", async () => {
      const { log, ana, ben } = await groups();
      expect(await log.groupOf("den", ana.id)).toEqual({ slug: "den", title: "The den", admin: true });
      expect(await log.groupOf("den", ben.id)).toEqual({ slug: "den", title: "The den", admin: false });
      await log.enter("attic", "Attic", ben.id);
      expect((await log.groups(ben.id)).map(({ title }) => title)).toEqual(["Attic", "The den"]);
      await log.leave("den", ben.id);
      await log.leave("den", ben.id);
      expect((await log.groups(ben.id)).map(({ slug }) => slug)).toEqual(["attic"]);
      expect(await log.groupOf("den", ben.id)).toBeUndefined();
      expect(await log.groupTitle("den")).toBe("The den");
      expect(await log.groupTitle("cellar")).toBeUndefined();
      expect(await log.enter("den", "The den", ben.id)).toEqual({ slug: "den", title: "The den", admin: false });
    });

    test("a message is stored once under its nonce, as it was, with the time", async () => {
      const { log, ana } = await groups();
      const upload = { id: "u1", name: "fox.png", mime: "image/png", sizeBytes: 9, widthPx: 3, heightPx: 2 };
      const message = typed(ana, { body: { text: "/rca fox", upload }, visibleTo: ana.id, forName: "Ana" });
      const { nonce, ...rest } = message;
      const stored = { ...rest, seq: 1, rev: 1, atMs: T0 };
      expect(await log.add(message)).toEqual({ message: stored, fresh: true });
      expect(await log.add(said(ana, "again", { nonce }))).toEqual({ message: stored, fresh: false });
      expect(await log.message(message.id)).toEqual(stored);
      expect(await log.message("m-none")).toBeUndefined();
      expect(await log.rev()).toBe(1);
    });

    test("nothing is stored in a group that is not there, and the count goes on as if nothing had been", async () => {
      const { log, ana } = await groups();
      await log.add(said(ana, "one"));
      await expect(log.add(said(ana, "lost", { group: "cellar" }))).rejects.toThrow();
      expect(await log.rev()).toBe(1);
      expect((await log.add(said(ana, "two"))).message.rev).toBe(2);
    });

    test("ours are edited, members' are not; the same view again changes nothing", async () => {
      const { log, ana } = await groups();
      const { message } = await log.add(ours({ text: "working" }));
      const edited = await log.edit(message.id, { text: "done" });
      expect(edited).toMatchObject({ changed: true, message: { rev: 2, seq: 1, body: { view: { text: "done" } } } });
      expect(await log.edit(message.id, { text: "done" })).toMatchObject({ changed: false, message: { rev: 2 } });
      const hers = (await log.add(said(ana, "hello"))).message;
      expect(await log.edit(hers.id, { text: "mine now" })).toBeUndefined();
      expect(await log.edit("m-none", { text: "x" })).toBeUndefined();
      expect(await log.rev()).toBe(3);
    });

    test("a removed message leaves a gap that every tab hears of and nobody fills again", async () => {
      const { log, ben } = await groups();
      const { message } = await log.add(ours(picture("p")));
      expect(await log.remove(message.id)).toMatchObject({ rev: 2, body: { removed: true } });
      expect(await log.edit(message.id, { text: "back" })).toBeUndefined();
      expect(idsOf(await log.changedSince("den", ben.id, 1, 9))).toEqual([message.id]);
      expect(await log.remove("m-none")).toBeUndefined();
      expect(await log.rev()).toBe(2);
    });

    test("each sees what is for everyone or for them, newest last, page by page", async () => {
      const { log, ana, ben } = await groups();
      await log.enter("attic", "Attic", ana.id);
      const [one, secret, two, three] = [
        said(ana, "one"),
        ours({ text: "to Ben" }, { visibleTo: ben.id }),
        said(ana, "two"),
        said(ben, "three"),
      ];
      for (const message of [one, secret, said(ana, "elsewhere", { group: "attic" }), two, three])
        await log.add(message);
      expect(idsOf(await log.newest("den", ana.id, 9))).toEqual(idsOf([one, two, three]));
      expect(idsOf(await log.newest("den", ben.id, 9))).toEqual(idsOf([one, secret, two, three]));
      const page = await log.newest("den", ana.id, 2);
      expect(idsOf(page)).toEqual(idsOf([two, three]));
      expect(idsOf(await log.newest("den", ana.id, 2, page[0]?.seq))).toEqual([one.id]);
    });

    test("changes are told in the order in which they happened, at most so many, after what a tab has seen", async () => {
      const { log, ana, ben } = await groups();
      const first = (await log.add(ours({ text: "a" }))).message;
      const second = (await log.add(said(ana, "b"))).message;
      await log.add(ours({ text: "to Ana" }, { visibleTo: ana.id }));
      await log.edit(first.id, { text: "A" });
      expect(idsOf(await log.changedSince("den", ben.id, 0, 9))).toEqual([second.id, first.id]);
      expect(idsOf(await log.changedSince("den", ben.id, 0, 1))).toEqual([second.id]);
      expect(await log.changedSince("den", ben.id, await log.rev(), 9)).toEqual([]);
    });

    test("a privately answered line becomes its author's alone, and others hear that it is gone", async () => {
      const { log, ana, ben } = await groups();
      const line = (await log.add(typed(ana))).message;
      expect(await log.settle(line.id, "private")).toMatchObject({ visibleTo: ana.id, answered: "withdrawn", rev: 2 });
      expect(await log.changedSince("den", ben.id, 1, 9)).toEqual([
        { id: line.id, seq: line.seq, rev: 2, group: "den", atMs: T0, body: { removed: true } },
      ]);
      expect(await log.changedSince("den", ana.id, 1, 9)).toMatchObject([{ id: line.id, body: { text: "/rca fox" } }]);
      expect(await log.newest("den", ben.id, 9)).toEqual([]);
      expect(await log.settle(line.id, "private")).toBeUndefined();
      expect(await log.settle(line.id, "public")).toMatchObject({ answered: "public", rev: 3 });
      expect(idsOf(await log.newest("den", ben.id, 9))).toEqual([line.id]);
      expect(await log.settle(line.id, "private")).toBeUndefined();
    });

    test("a hidden line is shown when nothing answered it; what was shown already tells nobody anything new", async () => {
      const { log, ana, ben } = await groups();
      const hidden = (await log.add(typed(ana, { visibleTo: ana.id }))).message;
      expect(await log.settle(hidden.id, "shown")).toMatchObject({ id: hidden.id, rev: 2 });
      expect(await log.message(hidden.id)).not.toHaveProperty("visibleTo");
      expect(await log.settle(hidden.id, "shown")).toBeUndefined();
      const open = (await log.add(typed(ana))).message;
      expect(await log.settle(open.id, "public")).toBeUndefined();
      expect(await log.message(open.id)).toMatchObject({ answered: "public", rev: open.rev });
      expect(await log.settle((await log.add(said(ben, "no command"))).message.id, "public")).toBeUndefined();
      expect(await log.settle("m-none", "public")).toBeUndefined();
    });

    test("a command is in the hands of whoever stored it, until its time is over or it is acknowledged", async () => {
      let nowMs = T0;
      const log = await opened({ nowMs: () => nowMs });
      const ana = await joined(log, "Ana");
      await log.enter("den", "The den", ana.id);
      const [one, two] = [typed(ana), typed(ana)];
      await log.add(one, T0 + 1000);
      await log.add(said(ana, "between"));
      await log.add(two, T0 + 1000);
      expect(await log.takeInHand(T0 + 2000)).toEqual([]);
      await log.keepInHand([two.id, "m-none"], T0 + 1500);
      nowMs = T0 + 1000;
      expect(idsOf(await log.takeInHand(T0 + 2000))).toEqual([one.id]);
      nowMs = T0 + 2000;
      expect(idsOf(await log.takeInHand(T0 + 3000))).toEqual([one.id, two.id]);
      await log.acknowledge(one.id);
      await log.acknowledge(one.id);
      nowMs = T0 + 3000;
      expect(idsOf(await log.takeInHand(T0 + 4000))).toEqual([two.id]);
    });

    test("every change is told in its order, once it is there, to whoever listens, and none twice", async () => {
      const { log, ana, ben } = await groups();
      const [always, heard]: [StoredMessage[], StoredMessage[]] = [[], []];
      log.hear({ changed: (messages) => always.push(...messages), lost: () => undefined });
      await log.add(said(ana, "before"));
      await expect.poll(() => always.length).toBe(1);
      const stop = log.hear({ changed: (messages) => heard.push(...messages), lost: () => undefined });
      const card = (await log.add(ours({ text: "working" }))).message;
      const line = (await log.add(typed(ben, { visibleTo: ben.id }), T0 + 1000)).message;
      await expect.poll(() => heard.map(({ rev }) => rev)).toEqual([2, 3]);
      expect(heard).toEqual([card, line]);
      await Promise.all([
        log.edit(card.id, { text: "done" }),
        log.edit(card.id, { text: "done" }),
        log.settle(line.id, "public"),
        log.remove(line.id),
        log.add(said(ana, "after")),
      ]);
      await expect.poll(() => heard.at(-1)?.rev).toBe(await log.rev());
      const revs = heard.map(({ rev }) => rev);
      expect(revs).toEqual([...new Set(revs)].toSorted((a, b) => a - b));
      expect(heard.filter(({ id }) => id === line.id).at(-1)?.body).toEqual({ removed: true });
      stop();
      await log.add(said(ana, "unheard"));
      await expect.poll(() => always.at(-1)?.body).toEqual({ text: "unheard" });
      expect(heard.at(-1)?.body).not.toEqual({ text: "unheard" });
    });

    test("what is read at once is of one moment, however much changes meanwhile", async () => {
      const { log, ana } = await groups();
      const card = (await log.add(ours({ text: "0" }))).message;
      let done = false;
      const changing = (async () => {
        for (let at = 1; !done; at += 1) {
          await log.edit(card.id, { text: `${at}` });
          await log.add(said(ana, `${at}`));
        }
      })();
      for (let at = 0; at < 40; at += 1) {
        const { rev, newest, since } = await log.atOnce(async (reads) => ({
          rev: await reads.rev(),
          newest: await reads.newest("den", ana.id, 1000),
          since: await reads.changedSince("den", ana.id, 0, 1000),
        }));
        expect(Math.max(...newest.map((message) => message.rev))).toBe(rev);
        expect(since.at(-1)?.rev).toBe(rev);
        expect(since.length).toBe(newest.length);
        await new Promise(setImmediate);
      }
      done = true;
      await changing;
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
      for (const message of [one, two, ...others]) await log.add(message);
      await log.remove(lost.id);
      expect(idsOf(await log.withPictures("den", 9))).toEqual([two.id, one.id]);
      expect(idsOf(await log.withPictures("den", 1))).toEqual([two.id]);
      expect([...(await log.uploadIds())]).toEqual(["u1"]);
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
      for (const message of [one, two, over, ...others]) await log.add(message);
      await log.edit(decided.id, deciding("decided", T0 + 9));
      expect(idsOf(await log.withOpenDecisions("den", T0 + 1, 9))).toEqual([one.id, two.id]);
      expect(idsOf(await log.withOpenDecisions("den", T0 + 1, 1))).toEqual([one.id]);
      // What they show are pictures of other messages.
      expect(idsOf(await log.withPictures("den", 9))).toEqual([others[0]?.id]);
    });

    test("what a decision came to is the newest of its group, once, and what is said later follows it", async () => {
      let nowMs = T0;
      const log = await opened({ nowMs: () => nowMs });
      const ana = await joined(log, "Ana");
      for (const slug of ["den", "hall"]) await log.enter(slug, slug, ana.id);
      const vote = ours(deciding("open", T0 + 9));
      const [first, elsewhere] = [said(ana, "first"), said(ana, "elsewhere", { group: "hall" })];
      for (const message of [vote, first, elsewhere]) await log.add(message);
      nowMs += 5;
      const inOrder = async () => idsOf(await log.newest("den", ana.id, 9));
      await log.edit(vote.id, { ...deciding("open", T0 + 9), text: "one more" });
      expect(await inOrder()).toEqual([vote.id, first.id]);
      await log.edit(vote.id, deciding("decided", T0 + 9));
      expect(await inOrder()).toEqual([first.id, vote.id]);
      expect(await log.message(vote.id)).toMatchObject({ rev: await log.rev(), atMs: nowMs });
      const last = (await log.add(said(ana, "last"))).message;
      nowMs += 5;
      await log.edit(vote.id, { ...deciding("decided", T0 + 9), text: "with a note" });
      expect(await inOrder()).toEqual([first.id, vote.id, last.id]);
      expect((await log.message(vote.id))?.atMs).toBe(nowMs - 5);
      expect(idsOf(await log.newest("den", ana.id, 9, (await log.message(vote.id))?.seq))).toEqual([first.id]);
    });

    test("lets go of a group's messages from before its time, and of no others", async () => {
      let nowMs = T0;
      const log = await opened({ nowMs: () => nowMs });
      const ana = await joined(log, "Ana");
      for (const slug of ["den", "hall"]) await log.enter(slug, slug, ana.id);
      const old = (await log.add(said(ana, "old"))).message;
      const elsewhere = (await log.add(said(ana, "elsewhere", { group: "hall" }))).message;
      const waiting = (await log.add(typed(ana), T0 + 1000)).message;
      nowMs += 1000;
      const fresh = (await log.add(said(ana, "fresh"))).message;
      expect(await log.letGo([{ slug: "den", saidBeforeMs: T0 }], 1e9)).toBe(0);
      expect(await log.letGo([{ slug: "den", saidBeforeMs: T0 + 1 }], 1e9)).toBe(1);
      expect([await log.message(old.id), ...idsOf(await log.newest("den", ana.id, 9))]).toEqual([
        undefined,
        waiting.id,
        fresh.id,
      ]);
      expect(idsOf(await log.newest("hall", ana.id, 9))).toEqual([elsewhere.id]);
    });

    test("lets go of the oldest of all while it is too large, never of the newest change", async () => {
      const log = await opened();
      const ana = await joined(log, "Ana");
      await log.enter("den", "The den", ana.id);
      for (let at = 0; at < 600; at += 1) await log.add(said(ana, `${at} ${randomBytes(1000).toString("hex")}`));
      const rev = await log.rev();
      expect(await log.letGo([], 1e9)).toBe(0);
      expect(await log.usedBytes()).toBeGreaterThan(600 * 2000);
      const gone = await log.letGo([], 900_000);
      expect(gone).toBeGreaterThanOrEqual(300);
      expect((await log.newest("den", ana.id, 1000)).length).toBe(600 - gone);
      expect(await log.usedBytes()).toBeLessThanOrEqual(900_000);
      expect(await log.letGo([], 900_000)).toBe(0);
      await log.letGo([], 0);
      expect([await log.rev(), idsOf(await log.changedSince("den", ana.id, 0, 9)).length]).toEqual([rev, 1]);
    });

    test.each([
      ["Ana", "a fox that holds a placard over the harbour", "Its words:\na fox that holds a placard over the harbour"],
      ["Ana", "a fox that holds a placard over the harbour", "a fox that holds a placard ove…"],
      ["Ana", "short words", "Its words: short words."],
      ["Ana", "nobody's", "Made by:\nAna, today"],
      ["李明", "nobody's", "这是李明的图片"],
    ])(
      "%s is forgotten with replies that repeat what was said, wherever they cut it: %s",
      async (name, words, reply) => {
        const { log, ben } = await groups();
        const about = await log.add(ours({ text: reply }, { visibleTo: ben.id }));
        const other = await log.add(ours({ text: "Banana shortwords, and anagrams" }, { visibleTo: ben.id }));
        const whom = { accounts: [{ id: "web:ana", goneId: "gone:1" }], names: [name], words: [words] };
        await log.forget(whom, async () => new Set());
        const left = JSON.stringify([await log.message(about.message.id), await log.message(other.message.id)]);
        expect(left).not.toContain(JSON.stringify(reply).slice(1, -1));
        expect(left).toContain("Banana shortwords, and anagrams");
      },
    );

    test("a closed log says so and refuses; closing twice is harmless", async () => {
      const { log } = await groups();
      expect(log.open).toBe(true);
      await log.close();
      await log.close();
      expect(log.open).toBe(false);
      await expect(log.groups("web:ana")).rejects.toThrow();
    });

    test("a name is as old as its first use", async () => {
      let nowMs = T0;
      const log = await opened({ nowMs: () => nowMs });
      const ana = await joined(log, "Ana");
      nowMs += 1000;
      expect([await log.memberSinceMs(ana.id), await log.memberSinceMs("web:nobody")]).toEqual([T0, undefined]);
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
      const ana = await joined(before, "Ana");
      await before.enter("den", "The den", ana.id);
      const { message } = await before.add(typed(ana), T0 + 1000);
      const { epoch, salt } = before;
      const rev = await before.rev();
      await before.close();
      const after = await opened({ slot: "again" });
      expect({ epoch: after.epoch, salt: after.salt, rev: await after.rev() }).toEqual({ epoch, salt, rev });
      expect(await after.takeInHand(T0 + 2000)).toEqual([message]);
      expect(await after.groups(ana.id)).toEqual([{ slug: "den", title: "The den", admin: true }]);
    });
  });
}
