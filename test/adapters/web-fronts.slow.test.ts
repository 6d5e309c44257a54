import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { ownPooler, pgbouncerProgram } from "../stores/pgbouncer.ts";
import { ownCluster, postgresPrograms } from "../stores/postgres-cluster.ts";
import { databaseAt, migrated, notRun } from "../stores/postgres-engine.ts";
import { type Front, type FrontsOver, folderForTest, frontIn, Person, programIn } from "./web-fronts.ts";

// One web chat on two fronts: real requests to two processes over one database, also past PgBouncer.

const WHAT = "the web chat on two fronts";
const SOON = { timeout: 20_000, interval: 20 };
const [bin, program] = [postgresPrograms(), pgbouncerProgram()];
const EDIT = "1.edit.abcdefghijklmnop.0.AAAAAAAAAAA";
const LOCK = "1.lock.abcdefghijklmnop.0.AAAAAAAAAAA";

const inOrder = (told: readonly { readonly rev: number }[]) => {
  const revs = told.map(({ rev }) => rev);
  expect(revs).toEqual([...new Set(revs)].toSorted((a, b) => a - b));
};

/** @param which "short": those that are over soon */
function stories(where: string, fresh: () => Promise<FrontsOver>, which: "all" | "short" = "all"): void {
  async function two(over: FrontsOver): Promise<readonly [Front, Front]> {
    const folder = folderForTest();
    return [await frontIn(folder, over), await frontIn(folder, over)];
  }

  describe(`${WHAT}, ${where}`, () => {
    test("each hears the other, in one order; answers, forms and who is there come to whichever front has the tab", async () => {
      const [one, other] = await two(await fresh());
      const ana = await new Person().join(one.url, "Ana");
      const bo = await new Person().join(other.url, "Bo");
      await ana.listen(one.url);
      await bo.listen(other.url);
      await expect
        .poll(() => [ana.present(), bo.present()], SOON)
        .toEqual([
          ["Ana", "Bo"],
          ["Ana", "Bo"],
        ]);
      // Each types at the front that the other listens at.
      for (let at = 0; at < 10; at += 1) await Promise.all([ana.say(other.url, `a${at}`), bo.say(one.url, `b${at}`)]);
      await expect.poll(() => [ana.told().length, bo.told().length], SOON).toEqual([20, 20]);
      expect(bo.told()).toEqual(ana.told());
      inOrder(ana.told());

      await ana.say(other.url, "/rca a red fox");
      const done = /^No\. 12 /;
      await expect
        .poll(() => [ana, bo].map((each) => done.test(each.told().at(-1)?.text ?? "")), SOON)
        .toEqual([true, true]);
      for (const person of [ana, bo]) expect(person.told().some(({ text }) => /step 14 of 28/.test(text))).toBe(true);

      await ana.say(other.url, "/quota");
      await expect.poll(() => ana.told().at(-1)?.text, SOON).toBe("Your allowance");
      await ana.press(other.url, EDIT);
      await expect.poll(() => ana.of("form").map(({ form }) => form.title), SOON).toEqual(["Edit and draw again"]);
      await ana.press(other.url, LOCK);
      await expect.poll(() => ana.told().at(-1)?.text, SOON).toBe("Seed 7 is locked for you here.");
      await expect.poll(() => ana.of("heard").length, SOON).toBe(2);
      // None of it was Bo's.
      await bo.say(one.url, "good night");
      await expect.poll(() => bo.told().at(-1)?.text, SOON).toBe("good night");
      expect(bo.told().filter(({ text }) => /allowance|Seed 7|quota/.test(text))).toEqual([]);
      expect([bo.of("form"), bo.of("heard")]).toEqual([[], []]);
      inOrder(bo.told());
    }, 90_000);

    test("one front is killed in mid-stream: its tabs go on at the other and have missed nothing, its people vanish", async () => {
      const [one, other] = await two(await fresh());
      const ana = await new Person().join(one.url, "Ana");
      const bo = await new Person().join(other.url, "Bo");
      const dee = await new Person().join(one.url, "Dee");
      const stream = await ana.listen(one.url);
      await dee.listen(one.url);
      await bo.listen(other.url);
      await expect.poll(() => bo.present(), SOON).toEqual(["Ana", "Bo", "Dee"]);
      const speakers: Person[] = [];
      for (const name of ["Eli", "Fay", "Gus"]) speakers.push(await new Person().join(other.url, name));
      const talking = (async () => {
        for (let at = 0; at < 15; at += 1) {
          for (const speaker of speakers) await speaker.say(other.url, `line ${at}`);
          await sleep(50);
        }
      })();
      await expect.poll(() => ana.told().length, SOON).toBeGreaterThan(10);
      await one.end("SIGKILL");
      await stream.ended;
      expect(ana.told().length).toBeLessThan(45);
      await sleep(200);
      await ana.listen(other.url);
      expect(ana.of("start").at(-1)?.afresh).toBe(false);
      await talking;
      await expect.poll(() => [ana.told().length, bo.told().length], SOON).toEqual([45, 45]);
      expect(ana.told()).toEqual(bo.told());
      inOrder(ana.told());
      // Dee never came back: she is shown until her front's lease is over.
      await expect.poll(() => bo.present(), { timeout: 40_000, interval: 200 }).toEqual(["Ana", "Bo"]);
    }, 120_000);

    if (which === "short") return;
    test("a command whose front died before the core had heard it is taken up by one other", async () => {
      const over = await fresh();
      const folder = folderForTest();
      const one = await frontIn(folder, over, { stuck: true });
      const others = [await frontIn(folder, over), await frontIn(folder, over)];
      const ana = await new Person().join(one.url, "Ana");
      await ana.listen(others[0]!.url);
      await ana.say(one.url, "/help");
      await expect.poll(one.said, SOON).toContain("stuck");
      await one.end("SIGKILL");
      await expect
        .poll(() => ana.told().at(-1)?.text, { timeout: 60_000, interval: 200 })
        .toBe("There is no command /help. Type / to see them all.");
      await sleep(12_000);
      expect(ana.told().filter(({ text }) => text.startsWith("There is no command"))).toHaveLength(1);
    }, 120_000);

    test("a front that is stopped gives back what it had, and its people are gone at once", async () => {
      const [one, other] = await two(await fresh());
      const ana = await new Person().join(one.url, "Ana");
      const bo = await new Person().join(other.url, "Bo");
      await ana.listen(one.url);
      await bo.listen(other.url);
      await expect.poll(() => bo.present(), SOON).toEqual(["Ana", "Bo"]);
      const begun = Date.now();
      await one.end("SIGTERM");
      await expect.poll(() => bo.present(), SOON).toEqual(["Bo"]);
      expect(Date.now() - begun).toBeLessThan(10_000);
      await ana.listen(other.url);
      await expect.poll(() => bo.present(), SOON).toEqual(["Ana", "Bo"]);
    }, 90_000);

    test("the whole program twice: a picture asked for at one is shown as it grows at both, whoever makes and posts it", async () => {
      const over = await fresh();
      const folder = folderForTest();
      const [one, other] = [await programIn(folder, over), await programIn(folder, over)];
      const ana = await new Person().join(one.url, "Ana");
      const bo = await new Person().join(other.url, "Bo");
      const stream = await ana.listen(one.url);
      await bo.listen(other.url);
      await ana.say(other.url, "/rca a red fox size:512x512");
      const shows = (person: Person) =>
        person
          .of("message")
          .flatMap(({ message: { view } }) => (view?.image && view.progress === undefined ? view.image.key : []));
      for (const person of [ana, bo])
        await expect.poll(() => shows(person).length, { timeout: 60_000 }).toBeGreaterThan(0);
      for (const person of [ana, bo])
        expect(person.of("message").some(({ message: { view } }) => (view?.progress ?? 0) > 0)).toBe(true);
      // Its picture is had from each of them.
      const key = shows(ana).at(-1);
      for (const { url } of [one, other]) expect((await fetch(`${url}/media/${key}`)).status).toBe(200);
      await one.end("SIGKILL");
      await stream.ended;
      await ana.listen(other.url);
      await ana.say(other.url, "/rca a second fox size:512x512");
      const before = shows(bo).length;
      await expect.poll(() => shows(bo).length, { timeout: 60_000 }).toBeGreaterThan(before);
      await expect.poll(() => shows(ana).at(-1)).toBe(shows(bo).at(-1));
      inOrder(ana.told());
      inOrder(bo.told());
    }, 180_000);
  });
}

if (bin === undefined) notRun(WHAT, "needs the programs of PostgreSQL 15 or newer on this machine");
else {
  const cluster = await ownCluster(bin);
  afterAll(() => cluster.remove());
  let databases = 0;
  const fresh = async (): Promise<string> => {
    const { address, drop } = await databaseAt(cluster.url, `fronts_${process.pid}_${databases++}`);
    onTestFinished(async () => void (await drop()));
    await migrated(address);
    return address;
  };
  stories("over PostgreSQL", async () => {
    const address = await fresh();
    return { address, directAddress: address };
  });
  if (program === undefined) notRun(`${WHAT}, behind PgBouncer`, "needs pgbouncer on this machine");
  else {
    const pooler = await ownPooler(program, cluster);
    afterAll(() => pooler.close());
    const through = async () => {
      const directAddress = await fresh();
      return { address: pooler.through(directAddress), directAddress };
    };
    stories("behind PgBouncer", through, "short");
  }
}
