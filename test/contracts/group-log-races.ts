import { describe, expect, onTestFinished, test } from "vitest";
import type { GroupLog, NewMessage, StoredMessage, WebMember } from "../../src/ports/group-log.ts";

let nonces = 0;
const said = (by: WebMember, text: string, over: Partial<NewMessage> = {}): NewMessage => ({
  id: `race${++nonces}`,
  nonce: `race${nonces}`,
  group: "den",
  authorId: by.id,
  authorName: by.name,
  body: { text },
  ...over,
});
const ours = (text: string): NewMessage => ({
  id: `race${++nonces}`,
  nonce: `race${nonces}`,
  group: "den",
  body: { view: { text } },
});

/** What holds when several do the same at once, over one log: in two processes, or twice in one. */
export function groupLogRaceContract(
  name: string,
  openTwo: (nowMs?: () => number) => Promise<readonly [GroupLog, GroupLog]>,
): void {
  async function two(nowMs?: () => number): Promise<readonly [GroupLog, GroupLog]> {
    const logs = await openTwo(nowMs);
    onTestFinished(async () => {
      for (const log of new Set(logs)) await log.close();
    });
    return logs;
  }
  async function seated(log: GroupLog, who: string): Promise<WebMember> {
    const joined = await log.join(who, who.toLowerCase(), undefined);
    if ("refused" in joined) throw new Error(`the name is ${joined.refused}`);
    await log.enter("den", "The den", joined.member.id);
    return joined.member;
  }
  /** The same, many times, here and there in turn. */
  const atOnce = <T>(logs: readonly GroupLog[], times: number, work: (log: GroupLog, at: number) => Promise<T>) =>
    Promise.all(Array.from({ length: times }, (_, at) => work(logs[at % logs.length]!, at)));

  describe(`group log, at once: ${name}`, () => {
    test("it is one log: its name, its salt, and what is in it", async () => {
      const [here, there] = await two();
      expect([there.epoch, there.salt]).toEqual([here.epoch, here.salt]);
      const ana = await seated(here, "Ana");
      expect(await there.groups(ana.id)).toEqual([{ slug: "den", title: "The den", admin: true }]);
    });

    test("of many who join under one name one has it, and of names that look alike as well", async () => {
      const logs = await two();
      const same = await atOnce(logs, 12, (log) => log.join("Ana", "ana", undefined));
      expect(same.filter((joined) => "member" in joined)).toHaveLength(1);
      // The second letter is Cyrillic in half of them.
      const alike = await atOnce(logs, 8, (log, at) => {
        const written = at % 4 < 2 ? "Bob" : "B\u043eb";
        return log.join(written, written.toLowerCase(), undefined);
      });
      expect(alike.filter((joined) => "member" in joined)).toHaveLength(1);
    });

    test("of many who name a group at once one runs it, and each is in it", async () => {
      const logs = await two();
      const members: WebMember[] = [];
      for (let at = 0; at < 8; at += 1) {
        const joined = await logs[0].join(`M${at}`, `m${at}`, undefined);
        if ("member" in joined) members.push(joined.member);
      }
      const groups = await atOnce(logs, 8, (log, at) => log.enter("hall", "Hall", members[at]!.id));
      expect(groups.filter(({ admin }) => admin)).toHaveLength(1);
      const knocks = await atOnce(logs, 8, (log) => log.knock("hall", "web:nobody-yet", false));
      expect(new Set(knocks)).toEqual(new Set([undefined]));
    });

    test("who knocks many times at once waits since one moment", async () => {
      let nowMs = 1000;
      const logs = await two(() => nowMs++);
      await seated(logs[0], "Ana");
      const cy = await logs[0].join("Cy", "cy", undefined);
      if (!("member" in cy)) throw new Error("Cy did not come in");
      const knocks = await atOnce(logs, 8, (log) => log.knock("den", cy.member.id, true));
      expect(new Set(knocks).size).toBe(1);
    });

    test("the same nonce many times at once is one message", async () => {
      const logs = await two();
      const ana = await seated(logs[0], "Ana");
      const message = said(ana, "once");
      const added = await atOnce(logs, 12, (log) => log.add(message));
      expect(added.filter(({ fresh }) => fresh)).toHaveLength(1);
      expect(new Set(added.map(({ message: { rev } }) => rev))).toEqual(new Set([1]));
    });

    test("of edits and a removal at once the removal stays, and a line is settled one way", async () => {
      const logs = await two();
      const ana = await seated(logs[0], "Ana");
      for (let round = 0; round < 6; round += 1) {
        const { message: card } = await logs[0].add(ours("card"));
        const line = said(ana, "/rca", { command: { name: "rca", text: "" }, visibleTo: ana.id });
        await logs[0].add(line, 2 ** 42);
        await Promise.all([
          ...["a", "b", "c"].map((text, at) => logs[at % 2]!.edit(card.id, { text })),
          logs[1].remove(card.id),
          ...(["private", "public", "shown"] as const).map((how, at) => logs[at % 2]!.settle(line.id, how)),
        ]);
        expect((await logs[0].message(card.id))?.body).toEqual({ removed: true });
        const settled = await logs[1].message(line.id);
        expect([settled?.answered, settled?.visibleTo]).toEqual(["public", undefined]);
      }
    });

    test("everybody is told every change in one order, whoever made it, and misses none", async () => {
      const logs = await two();
      const ana = await seated(logs[0], "Ana");
      const heard = logs.map((log) => {
        const told: StoredMessage[] = [];
        log.hear({ changed: (messages) => void told.push(...messages), lost: () => undefined });
        return told;
      });
      const added = await atOnce(logs, 60, async (log, at) => {
        const { message } = await log.add(at % 3 === 0 ? ours("card") : said(ana, `${at}`));
        if (at % 3 === 0) await log.edit(message.id, { text: "card, edited" });
        return message;
      });
      const last = await logs[0].rev();
      expect(last).toBe(80);
      for (const told of heard) {
        await expect.poll(() => told.at(-1)?.rev, { timeout: 10_000 }).toBe(last);
        const revs = told.map(({ rev }) => rev);
        expect(revs).toEqual([...new Set(revs)].toSorted((a, b) => a - b));
        const ids = new Set(told.map(({ id }) => id));
        expect(added.filter(({ id }) => !ids.has(id))).toEqual([]);
        const newest = new Map(told.map((message) => [message.id, message]));
        for (const { id } of added) expect(newest.get(id)).toEqual(await logs[0].message(id));
      }
    });

    test("a command that nobody has in hand is taken by one", async () => {
      let nowMs = 1000;
      const logs = await two(() => nowMs);
      const ana = await seated(logs[0], "Ana");
      const lines = Array.from({ length: 9 }, () => said(ana, "/rca", { command: { name: "rca", text: "" } }));
      for (const line of lines) await logs[0].add(line, 2000);
      expect(await logs[1].takeInHand(3000)).toEqual([]);
      await logs[0].acknowledge(lines[0]!.id);
      nowMs = 2000;
      const taken = await atOnce(logs, 8, (log) => log.takeInHand(9000));
      expect(
        taken
          .flat()
          .map(({ id }) => id)
          .toSorted(),
      ).toEqual(
        lines
          .slice(1)
          .map(({ id }) => id)
          .toSorted(),
      );
    });

    test("what is said to the fronts comes to each of them once, in one order", async () => {
      const logs = await two();
      const heard = logs.map((log) => {
        const words: unknown[] = [];
        log.fronts.hear({
          said: (word) => void words.push(word["n"]),
          presence: () => undefined,
          missed: () => void words.push("missed"),
        });
        return words;
      });
      await atOnce(logs, 40, (log, n) => log.fronts.say({ n }));
      for (const words of heard) await expect.poll(() => words.length, { timeout: 10_000 }).toBe(40);
      expect(heard[1]).toEqual(heard[0]);
      expect(heard[0]?.toSorted((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: 40 }, (_, n) => n));
    });

    test("who is present is told wherever they are, until they go or their front does", async () => {
      const logs = await two();
      const [ana, ben] = [await seated(logs[0], "Ana"), await seated(logs[0], "Ben")];
      const [here, there] = logs.map(({ fronts }) => fronts) as [GroupLog["fronts"], GroupLog["fronts"]];
      let told = 0;
      there.hear({
        said: () => undefined,
        presence: (group) => {
          told += Number(group === "den");
        },
        missed: () => undefined,
      });
      const names = async () => (await there.present("den")).map(({ name: who }) => who).toSorted();
      await here.attend("den", [ana, ben]);
      await expect.poll(() => told).toBeGreaterThan(0);
      expect(await names()).toEqual(["Ana", "Ben"]);
      await here.attend("den", [ben]);
      expect(await names()).toEqual(["Ben"]);
      await there.attend("den", [ben]);
      expect(await names()).toEqual(["Ben"]);
      expect(await there.present("hall")).toEqual([]);
    });
  });
}
