import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pauseMs } from "node:timers/promises";
import { jobIdOf } from "../../src/domain/ids.ts";
import { seededChance } from "../fakes/chance.ts";
import type { PlayedInteraction } from "../fakes/discord/played.ts";
import type { SeenMessage } from "../fakes/discord/seen.ts";
import { type DiscordFake, openDiscordFake } from "../fakes/discord.ts";
import { readBooks } from "./books.ts";
import { createHearing, killBot, startBot } from "./bot-process.ts";
import { costOf, isRefused, MEMBERS, seedOf } from "./wire.ts";

/** As `killTest`, with Discord's own protocol in between: the real adapter on discord.js against a server that remembers. */
export interface DiscordKillResult {
  readonly kills: number;
  /** Commands that members typed. */
  readonly jobs: number;
  readonly endedUnderKills: number;
  /** The bot acknowledged them, and they are not in the store. */
  readonly updatesLost: number;
  /** Acknowledged, without an end that its member can see. */
  readonly jobsLost: number;
  readonly ledgerErrorGpuMs: number;
  readonly stillHeldGpuMs: number;
  /** Messages that ever showed an end, beyond one for each command. */
  readonly duplicateFinals: number;
  /** Messages beyond one for each command. */
  readonly secondMessages: number;
  /** "The application did not respond", and nothing came of it or was charged: typed while no session was there. */
  readonly unacknowledged: number;
  /** The same, and its picture came all the same. */
  readonly acknowledgedLate: number;
  readonly identifies: number;
  readonly resumes: number;
  readonly backendRepeats: number;
  readonly refereeComplaints: readonly string[];
  readonly tookMs: number;
  readonly logged: readonly string[];
}

const KILL_FIRST_MS = 50;
const KILL_LAST_MS = 900;
const KILL_AT_LATEST_MS = 8000;
const QUIET_MS = 8000;

export async function discordKillTest(options: {
  readonly kills: number;
  readonly jobs: number;
  readonly seed: number;
  readonly told?: (line: string) => void;
}): Promise<DiscordKillResult> {
  const { kills, jobs } = options;
  const folder = await mkdtemp(join(tmpdir(), "placard-discord-torture-"));
  const fake = await openDiscordFake({ seed: options.seed });
  const chance = seededChance(options.seed);
  // Answers come late now and then, so that kills fall between the work and its answer; some are refused.
  fake.fails({ on: "*", fault: { kind: "delay", delayMs: 150 }, when: "applied", probability: 0.08 });
  fake.fails({
    on: ["create_message", "update_original_webhook_message"],
    fault: { kind: "status", status: 503 },
    probability: 0.02,
  });
  const chat = createChat(fake, jobs);
  const { hear, logged, backendRepeats } = createHearing();
  const start = () => startBot("discord-bot.ts", [folder, fake.apiUrl, fake.token], hear);
  const startedAtMs = performance.now();
  try {
    const first = await start();
    await killBot(first);
    let killed = 1;
    while (killed < kills) {
      // Some are typed while nobody is there.
      await chat.typeUntil((jobs * (killed - 0.5)) / (kills - 1));
      const bot = await start();
      await chat.typeUntil((jobs * killed) / (kills - 1));
      await killPoint(chat, jobs / kills, chance);
      await killBot(bot);
      killed += 1;
      if (killed % 20 === 0) options.told?.(`${killed} kills, ${chat.ended()} of ${jobs} jobs ended`);
    }
    const endedUnderKills = chat.ended();
    await chat.typeUntil(jobs);
    const bot = await start();
    let last = { ended: -1, atMs: performance.now() };
    while (chat.ended() < jobs && performance.now() - last.atMs < QUIET_MS) {
      if (chat.ended() !== last.ended) last = { ended: chat.ended(), atMs: performance.now() };
      await pauseMs(50);
    }
    // The last answers are still being noted.
    await pauseMs(500);
    await killBot(bot);
    return {
      kills: killed,
      jobs,
      endedUnderKills,
      ...sums(folder, chat),
      identifies: fake.gateway.identifies.length,
      resumes: fake.gateway.resumes.length,
      backendRepeats: backendRepeats(),
      refereeComplaints: fake.complaints,
      tookMs: Math.round(performance.now() - startedAtMs),
      logged,
    };
  } finally {
    await fake.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** A third of the kills come soon after the start; the others when a share of the work was done, so that most is done under kills. */
async function killPoint(chat: ReturnType<typeof createChat>, share: number, chance: () => number): Promise<void> {
  if (chance() < 0.33) return pauseMs(KILL_FIRST_MS + chance() * (KILL_LAST_MS - KILL_FIRST_MS));
  const enough = chat.ended() + Math.ceil(chance() * 2 * share);
  const untilMs = performance.now() + KILL_AT_LATEST_MS;
  while (chat.ended() < enough && performance.now() < untilMs) await pauseMs(5);
  await pauseMs(chance() * 100);
}

interface Typed {
  readonly memberId: string;
  readonly seed: number;
  readonly played: PlayedInteraction;
}

/** Members who type commands, and everything the channel ever showed. */
function createChat(fake: DiscordFake, jobs: number) {
  const guild = fake.guild("G");
  const channel = guild.channel("c");
  const people = Array.from({ length: MEMBERS }, (_, at) => guild.member(`m${at}`));
  const typed: Typed[] = [];
  /** Messages that showed an end at some time, by the seed they name. */
  const finals = new Map<number, Set<string>>();
  const SEED = /fox (\d+)\b/;
  const isEnd = ({ buttons }: SeenMessage) => buttons.some(({ label }) => label === "Try again" || label === "Reroll");

  return {
    typed,
    async typeUntil(count: number) {
      for (let next = typed.length; next < Math.min(jobs, Math.ceil(count)); next += 1) {
        const member = people[next % MEMBERS];
        if (!member) throw new Error("nobody is there");
        const seed = seedOf(next);
        const played = await member.slash(channel, "rca", { prompt: `fox ${seed}`, seed: String(seed) });
        typed.push({ memberId: `discord:${member.id}`, seed, played });
      }
    },
    /** Messages of each command now, by its seed; what ever showed an end is noted on the way. */
    look() {
      const messages = new Map<number, string[]>();
      for (const message of channel.messages) {
        const seed = Number(SEED.exec(message.text)?.[1] ?? Number.NaN);
        if (Number.isNaN(seed)) continue;
        messages.set(seed, [...(messages.get(seed) ?? []), message.id]);
        if (isEnd(message)) finals.set(seed, (finals.get(seed) ?? new Set()).add(message.id));
      }
      return messages;
    },
    finals,
    ended() {
      this.look();
      return finals.size;
    },
  };
}

/** From what the channel shows and what the database holds; nothing the bot counted itself. */
function sums(folder: string, chat: ReturnType<typeof createChat>) {
  const books = readBooks(folder);
  const messages = chat.look();
  const spent = new Map<string, number>();
  const total = {
    updatesLost: 0,
    jobsLost: 0,
    duplicateFinals: 0,
    secondMessages: 0,
    unacknowledged: 0,
    acknowledgedLate: 0,
  };
  for (const { memberId, seed, played } of chat.typed) {
    const isStored = books.jobIds.has(jobIdOf(`discord:${played.id}`));
    const acknowledged = played.ackMs !== undefined;
    const ends = chat.finals.get(seed)?.size ?? 0;
    if (acknowledged && !isStored) total.updatesLost += 1;
    if (!acknowledged) total[isStored ? "acknowledgedLate" : "unacknowledged"] += 1;
    if (isStored && ends === 0) total.jobsLost += 1;
    if (ends > 0) spent.set(memberId, (spent.get(memberId) ?? 0) + (isRefused(seed) ? 0 : costOf(seed)));
    total.duplicateFinals += Math.max(0, ends - 1);
    total.secondMessages += Math.max(0, (messages.get(seed)?.length ?? 0) - 1);
  }
  const members = [...new Set(chat.typed.map(({ memberId }) => memberId))];
  return { ...total, ledgerErrorGpuMs: books.errorGpuMs(members, spent), stillHeldGpuMs: books.heldGpuMs };
}
