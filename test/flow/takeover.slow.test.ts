import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { openDiscordFake } from "../fakes/discord.ts";
import { openTelegramFake } from "../fakes/telegram.ts";
import { paceNow } from "../pace.ts";
import { ownPooler, pgbouncerProgram } from "../stores/pgbouncer.ts";
import { ownCluster, postgresPrograms } from "../stores/postgres-cluster.ts";
import { databaseAt, notRun } from "../stores/postgres-engine.ts";
import { type Front, startFront } from "./takeover/fronts.ts";

// Whole Placards over one database, Discord and Telegram: who leads is killed, stopped and frozen while members go on.

const USUAL = { reignMs: 5000, marginMs: 2000 };
const SHORT = { reignMs: 1500, marginMs: 500 };
const WHAT = "several Placards over one PostgreSQL";
const bin = postgresPrograms();
const SOON = { timeout: 60_000, interval: 20 };
/** Most of it is starting whole programs. */
const TOOK_MS = 400_000;
let databases = 0;

/** @param through from the address of the database to the one that the fronts use */
async function world(url: string, reign = USUAL, through = (address: string) => address) {
  const { address } = await databaseAt(url, `takeover_${databases++}`);
  const folder = mkdtempSync(join(tmpdir(), "placard-takeover-"));
  const [discord, telegram] = [await openDiscordFake(), await openTelegramFake({ flood: "off" })];
  onTestFinished(async () => {
    await discord.close();
    await telegram.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const guild = discord.guild("The Printers");
  const channel = guild.channel("posters");
  const ann = guild.member("ann", { permissions: ["ManageGuild"] });
  const bea = telegram.person("Bea");
  const seat = bea.in(telegram.supergroup("Rent strike", { members: [bea] }));
  const processes: Front[] = [];
  const started = async (role: "front" | "worker") => {
    const one = await startFront({
      ...{ role, folder, ...reign, address: through(address), directAddress: address },
      discord: { token: discord.token, url: discord.apiUrl },
      telegram: { token: telegram.token, url: telegram.url },
    });
    processes.push(one);
    return one;
  };
  const front = () => started("front");
  // Whoever makes the pictures lives on: what becomes of theirs is another test's matter.
  await started("worker");
  let typed = 0;
  const prompts: string[] = [];

  /** One order on each platform. */
  async function order(): Promise<void> {
    const prompt = `fox number ${typed++}x`;
    prompts.push(prompt);
    void ann.slash(channel, "rca", { prompt });
    seat.say(`/rca ${prompt}`);
  }

  /** The prompts of all pictures that are shown. */
  const shown = () => {
    const words = [
      ...channel.messages.filter(({ files }) => files.length > 0).map(({ text }) => `discord: ${text}`),
      ...seat
        .fromBot()
        .filter(({ kind }) => kind === "photo")
        .map(({ text }) => `telegram: ${text}`),
    ];
    return words.flatMap((said) => {
      const [platform] = said.split(":");
      const prompt = /fox number \d+x/.exec(said)?.[0];
      return prompt === undefined ? [] : [`${platform}: ${prompt}`];
    });
  };
  /** Each order has its picture, on both platforms. */
  const allMade = async () => {
    const lacking = () => {
      const there = new Set(shown());
      return prompts
        .flatMap((prompt) => [`discord: ${prompt}`, `telegram: ${prompt}`])
        .filter((each) => !there.has(each));
    };
    await expect
      .poll(() => lacking().length, SOON)
      .toBe(0)
      .catch((error: unknown) => {
        const facts = processes.map((each) => each.facts());
        throw new Error(JSON.stringify({ lacking: lacking(), facts }, undefined, 1), { cause: error });
      });
  };
  /** Messages beyond one for each order, and those that showed less after they had shown a picture. */
  const wrongs = () => ({
    twice: shown().filter((each, at, all) => all.indexOf(each) !== at),
    overwritten: [
      ...channel.messages.filter((message) => {
        const shown = discord.versions(message).map(({ files }) => files.length > 0);
        return shown.indexOf(true) >= 0 && shown.lastIndexOf(false) > shown.indexOf(true);
      }),
      ...seat.fromBot().filter((message) => {
        const shown = message.versions.map(({ kind }) => kind === "photo");
        return shown.indexOf(true) >= 0 && shown.lastIndexOf(false) > shown.indexOf(true);
      }),
    ].map(({ text }) => text),
  });
  const conflicts = () => telegram.callsOf("getUpdates").filter(({ errorCode }) => errorCode === 409).length;
  const isHeard = () =>
    discord.gateway.sessions.some(({ open }) => open) &&
    discord.commands().length > 0 &&
    telegram.callsOf("getUpdates").length > 0;
  return { front, isHeard, order, allMade, wrongs, conflicts, discord, prompts };
}

/** Orders keep coming until it is told to end. */
function ordering(order: () => Promise<void>): () => Promise<void> {
  let going = true;
  const loop = (async () => {
    while (going) {
      await order();
      await sleep(250);
    }
  })();
  return async () => {
    going = false;
    await loop;
  };
}

const median = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

/** Who has come to lead, of those that still are there. */
async function leaderAmong(fronts: readonly Front[]): Promise<Front> {
  await expect.poll(() => fronts.filter(({ leads }) => leads).length, SOON).toBe(1);
  const found = fronts.find(({ leads }) => leads);
  if (!found) throw new Error("it led a moment ago");
  return found;
}

/** Begun together, as each start takes a processor for a while; one of them listens when it resolves. */
async function several(at: Awaited<ReturnType<typeof world>>, count: number): Promise<readonly Front[]> {
  const fronts = await Promise.all(Array.from({ length: count }, at.front));
  await expect.poll(at.isHeard, SOON).toBe(true);
  return fronts;
}

async function killed(at: Awaited<ReturnType<typeof world>>, rounds: number, name: string): Promise<void> {
  let fronts: readonly Front[] = await several(at, rounds + 1);
  const takeovers: number[] = [];
  const firstSends: number[] = [];
  const paces: number[] = [];
  const endOrders = ordering(at.order);
  for (let round = 0; round < rounds; round += 1) {
    const leader = await leaderAmong(fronts);
    await sleep(700 + 300 * (round % 3));
    paces.push(paceNow());
    const killedAtMs = Date.now();
    await leader.kill();
    fronts = fronts.filter((each) => each !== leader);
    const next = await leaderAmong(fronts);
    takeovers.push((next.gainedAtMs ?? 0) - killedAtMs);
    await expect.poll(() => next.sentAfter(killedAtMs).length, SOON).toBeGreaterThan(0);
    const first = next.told.find((each) => each.op === "sent");
    firstSends.push((first?.op === "sent" ? first.atMs : 0) - killedAtMs);
  }
  await endOrders();
  await at.allMade();
  process.stdout.write(
    `${name}: ${rounds} kills, ${2 * at.prompts.length} orders; takeover median ${median(takeovers)} ms, at most ${Math.max(...takeovers)} ms; first send median ${median(firstSends)} ms, at most ${Math.max(...firstSends)} ms (reign ${SHORT.reignMs} ms; the machine at ${Math.max(...paces).toFixed(1)} of its usual time)\n`,
  );
  expect(at.wrongs()).toEqual({ twice: [], overwritten: [] });
  expect(at.conflicts()).toBe(0);
  // One session from first to last: nobody had to begin anew.
  expect(at.discord.gateway.identifies).toHaveLength(1);
  // The last of them may still be on its way there.
  await expect.poll(() => at.discord.gateway.resumes.length, SOON).toBeGreaterThanOrEqual(rounds);
  // Whoever is given no processor takes nothing over.
  expect(Math.max(...takeovers)).toBeLessThanOrEqual(1.3 * SHORT.reignMs * Math.max(1, ...paces));
}

if (bin === undefined) notRun(WHAT, "needs the programs of PostgreSQL 15 or newer on this machine");
else
  describe(WHAT, async () => {
    const cluster = await ownCluster(bin);
    afterAll(() => cluster.remove());

    test(
      "who leads is killed: another goes on within 1.3 reigns, in the same session, and no message comes twice",
      async () => {
        await killed(await world(cluster.url, SHORT), 2, "takeover after a kill");
      },
      TOOK_MS,
    );

    test(
      "the same behind PgBouncer",
      async (context) => {
        const program = pgbouncerProgram();
        if (program === undefined) context.skip("needs PgBouncer on this machine");
        const pooler = await ownPooler(program ?? "", cluster);
        onTestFinished(() => pooler.close());
        await killed(await world(cluster.url, SHORT, pooler.through), 1, "behind PgBouncer");
      },
      TOOK_MS,
    );

    test(
      "who leads is stopped: another goes on at once, with the session and the polling",
      async () => {
        const at = await world(cluster.url);
        const rounds = 1;
        let fronts: readonly Front[] = await several(at, rounds + 1);
        const waits: number[] = [];
        const paces: number[] = [];
        for (let round = 0; round < rounds; round += 1) {
          const leader = await leaderAmong(fronts);
          await at.order();
          await at.allMade();
          await sleep(500);
          paces.push(paceNow());
          const stoppedAtMs = Date.now();
          await leader.stop();
          fronts = fronts.filter((each) => each !== leader);
          const next = await leaderAmong(fronts);
          waits.push((next.gainedAtMs ?? 0) - stoppedAtMs);
        }
        await at.order();
        await at.allMade();
        process.stdout.write(
          `takeover after a stop: median ${median(waits)} ms, at most ${Math.max(...waits)} ms, from the signal on (the machine at ${Math.max(...paces).toFixed(1)} of its usual time)\n`,
        );
        expect(Math.max(...waits)).toBeLessThan(300 * Math.max(1, ...paces));
        expect(at.wrongs()).toEqual({ twice: [], overwritten: [] });
        expect(at.conflicts()).toBe(0);
        expect(at.discord.gateway.identifies).toHaveLength(1);
      },
      TOOK_MS,
    );

    test(
      "who leads is frozen, and wakes when another leads: it sends nothing more, and may lead again later",
      async () => {
        const at = await world(cluster.url);
        const fronts = await several(at, 2);
        const first = await leaderAmong(fronts);
        const second = fronts.find((each) => each !== first) ?? first;
        const endOrders = ordering(at.order);
        await sleep(1500);
        first.freeze();
        await expect.poll(() => second.leads, SOON).toBe(true);
        await sleep(1000);
        const wokenAtMs = Date.now();
        first.thaw();
        await expect.poll(() => first.leads, SOON).toBe(false);
        await sleep(1000);
        expect(first.sentAfter(wokenAtMs)).toEqual([]);
        expect(second.leads).toBe(true);
        await second.kill();
        await expect.poll(() => first.leads, SOON).toBe(true);
        await endOrders();
        await at.allMade();
        expect(first.sentAfter(wokenAtMs).length).toBeGreaterThan(0);
        expect(at.wrongs()).toEqual({ twice: [], overwritten: [] });
        // The question that was open when it froze is answered so: another asks now.
        expect(at.conflicts()).toBeLessThanOrEqual(1);
      },
      TOOK_MS,
    );
  });
