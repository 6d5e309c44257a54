import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pauseMs } from "node:timers/promises";
import { makesPictures } from "../../../src/domain/role.ts";
import { seededChance } from "../../fakes/chance.ts";
import { readBooks } from "./books.ts";
import { type Crew, createCrew } from "./crew.ts";
import { discordChat, openDiscord } from "./discord-chat.ts";
import type { Machine } from "./machine.ts";
import { createMembers, type Members } from "./members.ts";
import { openServer, type Server } from "./server.ts";
import { type Sums, sumsOf } from "./sums.ts";
import { sweptOrphans } from "./sweep.ts";
import { openTelegram, telegramChat } from "./telegram-chat.ts";
import { type Throne, watchThrone } from "./throne.ts";

export interface MachinesOptions {
  readonly jobs: number;
  readonly kills: number;
  readonly seed: number;
  /** PgBouncer stands before the database. */
  readonly isPooled?: boolean;
  /** Another bot, which must fail. */
  readonly control?: "naive";
  /** Default: three workers and two fronts. */
  readonly crew?: readonly Machine["role"][];
  readonly told?: (line: string) => void;
}

export interface MachinesResult extends Sums {
  readonly jobs: number;
  readonly kills: number;
  readonly leaderKills: number;
  readonly serverCrashes: number;
  readonly endedUnderKills: number;
  /** "The application did not respond": typed while no session was there. */
  readonly unheard: number;
  /** Files that no row told of, before they were swept. */
  readonly orphansMade: number;
  readonly backendRepeats: number;
  /** By one that lived: it was asleep, or cut off from the database, for too long. */
  readonly reignsLost: number;
  readonly takeoverMedianMs: number;
  readonly takeoverMostMs: number;
  readonly deadlocks: number;
  /** Processes that ended by themselves after their start. */
  readonly fallen: readonly string[];
  readonly failedStarts: number;
  readonly errorLines: number;
  readonly refereeComplaints: readonly string[];
  readonly tookMs: number;
  readonly logged: readonly string[];
}

const CREW: readonly Machine["role"][] = ["worker", "worker", "worker", "front", "front"];
const NAIVE_CREW: typeof CREW = ["all", "all", "all"];
const LEADERS_SHARE = 1 / 3;
const CRASH_EACH = 10;
const CRASH_MS = { least: 50, more: 400 };
/** No kill waits longer for work to be done. The control never does what it lost. */
const KILL_AT_LATEST_MS = { product: 60_000, naive: 1500 };
/** Enough to keep all workers busy. */
const BACKLOG = 60;
/** Longer than the lease of a job whose worker has died. */
const QUIET_MS = 90_000;
/** It never ends what it lost. */
const NAIVE_QUIET_MS = 3000;
const SETTLED_WITHIN_MS = 15_000;

/** Several real processes over one database, killed again and again, and the database with them; then the sums. */
export async function machinesKillTest(options: MachinesOptions): Promise<MachinesResult> {
  const { jobs, kills, isPooled = false } = options;
  const folder = await mkdtemp(join(tmpdir(), "placard-machines-torture-"));
  const chance = seededChance(options.seed);
  const server = await openServer(isPooled);
  const [discordFake, telegramFake] = [await openDiscord(options.seed), await openTelegram(options.seed)];
  const isNaive = options.control === "naive";
  const chats = [...(isNaive ? [] : [discordChat(discordFake)]), telegramChat(telegramFake)];
  const members = createMembers(chats, jobs, isNaive ? jobs : BACKLOG);
  const machine: Omit<Machine, "role"> = {
    address: server.address,
    directAddress: server.directAddress,
    folder,
    discord: { url: discordFake.apiUrl, token: discordFake.token },
    telegram: { url: telegramFake.url, token: telegramFake.token },
  };
  const crew = createCrew(
    isNaive ? "machines/naive-bot.ts" : "machines/machine-bot.ts",
    (options.crew ?? (isNaive ? NAIVE_CREW : CREW)).map((role, at) => ({
      what: `${role} ${at}`,
      argv: [JSON.stringify({ ...machine, role } satisfies Machine)],
      makesPictures: !isNaive && makesPictures(role),
    })),
    join(folder, "compiled"),
  );
  const throne = watchThrone(server.directAddress);
  const startedAtMs = performance.now();
  try {
    await crew.ready();
    while (!chats.every((chat) => chat.isOpen())) await pauseMs(20);
    members.start();
    const deaths = await killAll({
      ...{ members, crew, throne, server, chance, jobs, kills, told: options.told },
      isPatient: !isNaive,
    });
    members.allow(jobs);
    const endedUnderKills = members.ended();

    await members.allEnded(isNaive ? NAIVE_QUIET_MS : QUIET_MS);
    const { orphans } = await settledBooks(server, folder);
    if (!isNaive) await sweptOrphans(server.directAddress, folder);
    const books = await readBooks(server.directAddress, folder);
    const takeoversMs = throne.takeoversMs.toSorted((a, b) => a - b);
    return {
      jobs: members.said(),
      ...deaths,
      endedUnderKills,
      ...sumsOf(books, members.said(), members.chatOf),
      unheard: members.unheard(),
      orphansMade: orphans.length,
      backendRepeats: crew.backendRepeats(),
      reignsLost: crew.logged.filter(({ text }) => text.includes("leader.lost")).length,
      takeoverMedianMs: Math.round(takeoversMs[Math.floor(takeoversMs.length / 2)] ?? 0),
      takeoverMostMs: Math.round(takeoversMs.at(-1) ?? 0),
      deadlocks: server.deadlocks(),
      fallen: crew.fallen,
      failedStarts: crew.failedStarts,
      errorLines: crew.logged.filter(({ level }) => level === "error").length,
      refereeComplaints: chats.flatMap(({ complaints }) => complaints),
      tookMs: Math.round(performance.now() - startedAtMs),
      logged: crew.logged.map(({ level, text }) => `${level} ${text}`),
    };
  } finally {
    members.stop();
    await crew.end();
    await throne.close();
    await discordFake.close();
    await telegramFake.close();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Killing {
  readonly members: Members;
  readonly crew: Crew;
  readonly throne: Throne;
  readonly server: Server;
  readonly chance: () => number;
  readonly jobs: number;
  readonly kills: number;
  readonly told: MachinesOptions["told"];
  readonly isPatient: boolean;
}

/** A kill each time when 0.3 to 0.9 of its share of the work was done, a third of them of the one that leads. */
async function killAll({ members, crew, throne, server, chance, jobs, kills, told, isPatient }: Killing) {
  const deaths = { kills: 0, leaderKills: 0, serverCrashes: 0 };
  const startedAtMs = performance.now();
  while (deaths.kills < kills) {
    // The control never ends what it lost: its members wait for nothing.
    members.allow(isPatient ? jobs : (jobs * (deaths.kills + 1)) / kills);
    const enough = members.ended() + (jobs / kills) * (0.3 + chance() * 0.6);
    const deadlineMs = performance.now() + KILL_AT_LATEST_MS[isPatient ? "product" : "naive"];
    do await pauseMs(chance() * 50);
    while (members.ended() < enough && performance.now() < deadlineMs);
    const { holder } = throne;
    const leader = crew.holding(holder);
    const at = chance() < LEADERS_SHARE && leader !== undefined ? leader : Math.floor(chance() * crew.size);
    // Where the queue is empty for a moment it would meet no work.
    while (!crew.isAtWork(at) && performance.now() < deadlineMs) await pauseMs(5);
    if (!(await crew.kill(at))) continue;
    deaths.kills += 1;
    if (at === leader) {
      deaths.leaderKills += 1;
      throne.fell();
    }
    if (deaths.kills % CRASH_EACH === 0) {
      await server.crashed(CRASH_MS.least + chance() * CRASH_MS.more);
      deaths.serverCrashes += 1;
    }
    if (deaths.kills % 10 === 0)
      told?.(
        `${deaths.kills} kills, ${deaths.leaderKills} of leaders, ${deaths.serverCrashes} crashes of the server, ${members.ended()} of ${jobs} ended, ${Math.round((performance.now() - startedAtMs) / 1000)} s`,
      );
  }
  return deaths;
}

/** When nothing is owed any more: the last answers are still being noted. */
async function settledBooks(server: Server, folder: string) {
  const deadlineMs = performance.now() + SETTLED_WITHIN_MS;
  for (;;) {
    await pauseMs(500);
    const books = await readBooks(server.directAddress, folder);
    if ((books.owed === 0 && books.openJobs === 0) || performance.now() > deadlineMs) return books;
  }
}
