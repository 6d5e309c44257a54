import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pauseMs } from "node:timers/promises";
import { seededChance } from "../fakes/chance.ts";
import { openTelegramFake, type TelegramFake } from "../fakes/telegram.ts";
import { readBooks } from "./books.ts";
import { createHearing, killBot, startBot } from "./bot-process.ts";
import { costOf, isRefused, MEMBERS, seedOf } from "./wire.ts";

/** As `killTest`, with Telegram's own protocol in between: the real adapter on grammY against a server that remembers. */
export interface TelegramKillResult {
  readonly kills: number;
  readonly jobs: number;
  readonly endedUnderKills: number;
  /** Jobs without an end when the process was killed, over all kills: without any the kills meant nothing. */
  readonly openAtKills: number;
  /** Sent by a member, and neither in the store nor refused. */
  readonly updatesLost: number;
  /** Without an end that its members can see. */
  readonly jobsLost: number;
  readonly ledgerErrorGpuMs: number;
  readonly stillHeldGpuMs: number;
  /** Failed although the backend drew it, or the other way round. Given up after 20 starts does not count. */
  readonly wrongEnds: number;
  /** Messages that showed an end, beyond one for each job. */
  readonly duplicateFinals: number;
  /** Albums beyond one for each batch. */
  readonly duplicateAlbums: number;
  readonly secondPlaceholders: number;
  readonly backendRepeats: number;
  readonly refereeComplaints: readonly string[];
  readonly tookMs: number;
  readonly logged: readonly string[];
}

const GROUPS = 4;
/** A kill comes after so many messages and edits, wherever that is: a slow machine would never get anywhere by the clock. */
const KILL_AFTER_CALLS_PER_JOB = 4;
const KILL_AFTER_MS_MAX = 5000;
const KILL_JITTER_MS = 250;
const QUIET_MS = 12_000;
/** Jobs without an end: enough to keep the bot busy, few enough that they end under the kills. */
const BACKLOG = 24;
/** One in eight asks for two pictures: an album and its control message. */
const countOf = (update: number): number => (update % 8 === 5 ? 2 : 1);
/** The refusal of one picture is the job's. */
const isEndRefused = (update: number): boolean =>
  Array.from({ length: countOf(update) }, (_, at) => isRefused(firstSeedOf(update) + at)).some(Boolean);
/** Two apart, so that every picture has a seed of its own. */
const firstSeedOf = (update: number): number => seedOf(update) * 2;
const priceOf = (update: number, failed: boolean): number =>
  failed
    ? 0
    : Array.from({ length: countOf(update) }, (_, at) => costOf(firstSeedOf(update) + at)).reduce((a, b) => a + b, 0);

export async function telegramKillTest(options: {
  readonly kills: number;
  readonly jobs: number;
  readonly seed: number;
  readonly told?: (line: string) => void;
}): Promise<TelegramKillResult> {
  const { kills, jobs } = options;
  const folder = await mkdtemp(join(tmpdir(), "placard-telegram-torture-"));
  const fake = await openTelegramFake({ flood: "off", seed: options.seed });
  const chance = seededChance(options.seed);
  // Answers are lost and calls refused now and then, so that kills fall in between.
  fake.fault({ methods: "all", applied: true, share: 0.05, failure: { kind: "delay", ms: 200 } });
  const chat = createChat(fake, jobs);
  const { hear, logged, backendRepeats } = createHearing();
  const start = () => startBot("telegram-bot.ts", [folder, fake.url, fake.token], hear);
  const startedAtMs = performance.now();
  try {
    let killed = 0;
    let openAtKills = 0;
    while (killed < kills) {
      chat.sayUntil((jobs * (killed + 1)) / kills, BACKLOG);
      const bot = await start();
      await calls(fake, Math.ceil((chance() * KILL_AFTER_CALLS_PER_JOB * jobs) / kills));
      await pauseMs(chance() * KILL_JITTER_MS);
      await killBot(bot);
      openAtKills += chat.saidCount() - chat.ended();
      killed += 1;
      if (killed % 20 === 0) options.told?.(`${killed} kills, ${chat.ended()} of ${jobs} jobs ended`);
    }
    const endedUnderKills = chat.ended();
    chat.sayUntil(jobs, jobs);
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
      openAtKills,
      ...sums(folder, chat, jobs),
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

/** Members who write, and everything the chats ever showed. */
function createChat(fake: TelegramFake, jobs: number) {
  const people = Array.from({ length: MEMBERS }, (_, at) => fake.person(`M${at}`));
  const groups = Array.from({ length: GROUPS }, (_, at) => fake.supergroup(`G${at}`, { members: people }));
  let next = 0;
  const history = () => groups.flatMap((group) => group.history().filter(({ fromBot }) => fromBot));
  /** By the prompt, which every message of a job shows: a message that answers nothing must count too. */
  const updateOf = ({ versions }: { readonly versions: readonly { readonly text: string }[] }) => {
    const number = versions.map(({ text }) => /“fox (\d+)”/.exec(text)?.[1]).find((found) => found !== undefined);
    return number === undefined ? undefined : Number(number);
  };
  type Shown = ReturnType<typeof history>[number];
  const isFailed = ({ keyboard }: Pick<Shown, "keyboard">) => keyboard.flat().some(({ text }) => text === "Try again");
  const isEnd = ({ text, keyboard }: Pick<Shown, "text" | "keyboard">) =>
    keyboard.flat().some(({ text: label }) => label === "Try again" || label.startsWith("Reroll")) ||
    text.includes("No picture this time");

  return {
    people,
    sayUntil(updates: number, backlog: number) {
      const ended = this.ended();
      while (next < Math.min(jobs, Math.ceil(updates)) && next - ended < backlog) {
        const group = groups[next % GROUPS];
        const person = people[next % MEMBERS];
        if (!group || !person) throw new Error("nobody is there");
        const line = `/rca fox ${next} seed:${firstSeedOf(next)} count:${countOf(next)}`;
        person.in(group).say(line);
        next += 1;
      }
    },
    saidCount: () => next,
    /** Of each update: its messages, how many of them ever showed an end, and how many show one now. */
    seen() {
      const found = new Map<
        number,
        { messages: number; finals: number; ends: number; failed: boolean; gaveUp: boolean }
      >();
      for (const message of history()) {
        const update = updateOf(message);
        if (update === undefined || message.albumId !== undefined) continue;
        const one = found.get(update) ?? { messages: 0, finals: 0, ends: 0, failed: false, gaveUp: false };
        one.messages += 1;
        if (message.versions.some(isEnd)) one.finals += 1;
        if (isEnd(message) && !message.deleted) {
          one.ends += 1;
          one.failed = isFailed(message);
          one.gaveUp = message.text.includes("stopped the program");
        }
        found.set(update, one);
      }
      return found;
    },
    albums: () => new Set(history().flatMap(({ albumId }) => (albumId === undefined ? [] : [albumId]))).size,
    ended() {
      return [...this.seen().values()].filter(({ ends }) => ends > 0).length;
    },
  };
}

/** Resolves after so many messages and edits more, or when nothing comes. */
async function calls(fake: TelegramFake, wanted: number): Promise<void> {
  const made = () => fake.calls.filter(({ method }) => /^(send|edit)/.test(method)).length;
  const until = made() + wanted;
  const deadlineMs = performance.now() + KILL_AFTER_MS_MAX;
  while (made() < until && performance.now() < deadlineMs) await pauseMs(5);
}

const NOTHING = { messages: 0, finals: 0, ends: 0, failed: false, gaveUp: false };

/** From what the chats show and what the database holds; nothing the bot counted itself. */
function sums(folder: string, chat: ReturnType<typeof createChat>, jobs: number) {
  const books = readBooks(folder);
  const seen = chat.seen();
  const spent = new Map<string, number>();
  const total = { jobsLost: 0, duplicateFinals: 0, secondPlaceholders: 0, wrongEnds: 0 };
  let batches = 0;
  for (let update = 0; update < jobs; update += 1) {
    const { messages, finals, ends, failed, gaveUp } = seen.get(update) ?? NOTHING;
    const memberId = `telegram:${chat.people[update % MEMBERS]?.id}`;
    if (ends === 0) total.jobsLost += 1;
    else spent.set(memberId, (spent.get(memberId) ?? 0) + priceOf(update, failed));
    if (ends > 0 && failed !== isEndRefused(update) && !gaveUp) total.wrongEnds += 1;
    if (countOf(update) > 1 && !failed) batches += 1;
    total.duplicateFinals += Math.max(0, finals - 1);
    total.secondPlaceholders += Math.max(0, messages - 1);
  }
  const members = chat.people.map(({ id }) => `telegram:${id}`);
  return {
    ...total,
    updatesLost: jobs - books.jobIds.size,
    ledgerErrorGpuMs: books.errorGpuMs(members, spent),
    stillHeldGpuMs: books.heldGpuMs,
    duplicateAlbums: Math.max(0, chat.albums() - batches),
  };
}
