import type { ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pauseMs } from "node:timers/promises";
import { imageIdOf, jobIdOf } from "../../src/domain/ids.ts";
import { seededChance } from "../fakes/chance.ts";
import { readBooks } from "./books.ts";
import { killBot, startBot } from "./bot-process.ts";
import { type DecisionSums, decisionSums } from "./decision-sums.ts";
import { createPlatform, type Platform } from "./platform.ts";
import { costOf, isRefused, MEMBERS, type Mode, memberOf, seedOf, updateIdOf } from "./wire.ts";

export interface KillTestOptions {
  readonly mode: Mode;
  readonly kills: number;
  readonly jobs: number;
  /** Makes the points of the kills repeatable, as far as two processes are. */
  readonly seed: number;
  readonly told?: (line: string) => void;
}

/** All zero but the first three, the repeats and the second placeholders: that is what was promised. */
export interface KillTestResult extends DecisionSums {
  readonly kills: number;
  readonly jobs: number;
  readonly endedUnderKills: number;
  /** Confirmed to the platform, and not in the store. */
  readonly updatesLost: number;
  /** Without an end that its members can see. */
  readonly jobsLost: number;
  /** Σ over members of |capacity − what their pictures cost − balance|, in GPU ms, nothing being held. */
  readonly ledgerErrorGpuMs: number;
  readonly stillHeldGpuMs: number;
  readonly duplicateFinals: number;
  /** Done, but the picture's file is not there. */
  readonly picturesMissing: number;
  readonly secondPlaceholders: number;
  readonly backendRepeats: number;
  readonly tookMs: number;
  readonly logged: readonly string[];
}

const KILL_FIRST_MS = 50;
const KILL_LAST_MS = 400;
const SLOW_LIFE_MS = 4000;
/** A bot that says nothing for so long has nothing left to do, or hangs: the counts tell which. */
const QUIET_MS = { nonce: 12_000, edit: 12_000, naive: 1000 } as const;

/** Runs a bot against a platform that never forgets, kills it again and again, lets it finish, and does the sums. */
export async function killTest(options: KillTestOptions): Promise<KillTestResult> {
  const { mode, kills, jobs } = options;
  const folder = await mkdtemp(join(tmpdir(), "placard-torture-"));
  const chance = seededChance(options.seed);
  const platform = createPlatform(mode, jobs, chance);
  const startedAtMs = performance.now();
  try {
    let killed = 0;
    while (killed < kills && !platform.allEnded()) {
      platform.allow((jobs * (killed + 1)) / kills);
      const before = platform.endedCount();
      const bot = await start(folder, mode, platform);
      const deadlineMs = performance.now() + SLOW_LIFE_MS;
      // Half of what this life could do, or the kills would meet no work and show nothing: on a busy machine it lives longer.
      const enough = before + jobs / kills / 2;
      do await pauseMs(KILL_FIRST_MS + chance() * (KILL_LAST_MS - KILL_FIRST_MS));
      while (platform.endedCount() < enough && performance.now() < deadlineMs && mode !== "naive");
      await killBot(bot);
      killed += 1;
      if (killed % 20 === 0) options.told?.(`${killed} kills, ${platform.endedCount()} of ${jobs} jobs ended`);
    }
    const endedUnderKills = platform.endedCount();
    platform.allow(jobs);
    const bot = await start(folder, mode, platform);
    while (!platform.allEnded() && platform.quietMs() < QUIET_MS[mode]) await pauseMs(20);
    // The last answers are still being noted.
    await pauseMs(300);
    await killBot(bot);
    const tookMs = Math.round(performance.now() - startedAtMs);
    return {
      kills: killed,
      jobs,
      endedUnderKills,
      ...sums(folder, mode, jobs, platform),
      tookMs,
      logged: platform.logged,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function start(folder: string, mode: Mode, platform: Platform): Promise<ChildProcess> {
  const file = mode === "naive" ? "naive-bot.ts" : "bot.ts";
  let bot: ChildProcess | undefined;
  const { received } = platform.serve((message) => {
    if (bot?.connected) bot.send(message, () => {});
  });
  return startBot(file, [folder, mode], received, (begun) => {
    bot = begun;
  });
}

type Sums = Omit<KillTestResult, "kills" | "jobs" | "endedUnderKills" | "tookMs" | "logged">;

/** From what the platform saw and what the database holds; nothing the bot counted itself. */
function sums(folder: string, mode: Mode, jobs: number, platform: Platform): Sums {
  const books = readBooks(folder, mode === "naive" ? "naive" : "placard");
  const spent = new Map<string, number>();
  const total = {
    updatesLost: 0,
    jobsLost: 0,
    duplicateFinals: 0,
    picturesMissing: 0,
    secondPlaceholders: 0,
    backendRepeats: 0,
  };
  for (let update = 0; update < jobs; update += 1) {
    const jobId = jobIdOf(updateIdOf(update));
    const seen = platform.seen(update);
    const seed = seedOf(update);
    if (platform.isConfirmed(update) && !books.jobIds.has(mode === "naive" ? String(update) : jobId))
      total.updatesLost += 1;
    if (seen.ends === 0) total.jobsLost += 1;
    else spent.set(memberOf(update), (spent.get(memberOf(update)) ?? 0) + costOf(seed));
    total.duplicateFinals += Math.max(0, seen.finals - 1);
    total.secondPlaceholders += mode === "naive" ? 0 : seen.second;
    total.backendRepeats += Math.max(0, platform.startsOf(seed) - 1);
    if (mode !== "naive" && seen.ends > 0 && !isRefused(seed) && !existsSync(originalOf(folder, jobId)))
      total.picturesMissing += 1;
  }
  const decided = decisionSums({ platform, books, ordered: jobs }, (memberId, gpuMs) =>
    spent.set(memberId, (spent.get(memberId) ?? 0) + gpuMs),
  );
  const members = Array.from({ length: MEMBERS }, (_, at) => memberOf(at));
  return { ...total, ...decided, ledgerErrorGpuMs: books.errorGpuMs(members, spent), stillHeldGpuMs: books.heldGpuMs };
}

const originalOf = (folder: string, jobId: string) =>
  join(folder, "pictures", "originals", jobId.slice(0, 2), `${imageIdOf(jobId, 0)}.png`);
