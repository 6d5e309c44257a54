import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pauseMs } from "node:timers/promises";
import { tinyPng } from "../../src/backends/fake/png.ts";
import { openDiscordFake } from "../fakes/discord.ts";
import { noisyPng } from "../fakes/noisy-png.ts";
import { openTelegramFake } from "../fakes/telegram.ts";
import { START_FLAGS } from "../start-command.ts";
import type { BotAnswer, BotOrder } from "./picture-bot.ts";
import type { Stall } from "./stall.ts";

const SIDE_PX = 1024;
const WARM_UP = 12;
const COUNTED = 60;
const WATCHED = 24;
const AT_ONCE = 4;
const PATIENCE_MS = 120_000;

export interface PictureMeasured {
  readonly bytes: number;
  /** Processor time of the main thread for one picture, from the command to the upload. */
  readonly mainMs: number;
  /** The same of a picture of 1 kB: what the command and its card take. */
  readonly mainWithoutMs: number;
  /** Of all other threads. */
  readonly besideMs: number;
  readonly besideByThread: Readonly<Record<string, number>>;
  readonly stall: Stall;
}

/** A platform with members, here; Placard, in another process, is one of its bots. */
interface Platform {
  readonly url: string;
  readonly token: string;
  /** Somebody asks for a picture. */
  asks(seed: number): void;
  /** Pictures that members see. */
  shown(): number;
  close(): Promise<void>;
}

const PLATFORMS = {
  async discord(): Promise<Platform> {
    const fake = await openDiscordFake();
    const guild = fake.guild("Bench");
    const channel = guild.channel("posters");
    const people = Array.from({ length: 8 }, (_, at) => guild.member(`m${at}`));
    return {
      url: fake.apiUrl,
      token: fake.token,
      asks: (seed) =>
        void people[seed % people.length]?.slash(channel, "rca", { prompt: "a red fox", seed: `${seed}` }),
      shown: () => channel.messages.filter(({ files }) => files.length > 0).length,
      async close() {
        await fake.close();
        fake.expectNoComplaints();
      },
    };
  },
  async telegram(): Promise<Platform> {
    const fake = await openTelegramFake({ flood: "off" });
    const people = Array.from({ length: 8 }, (_, at) => fake.person(`M${at}`));
    const groups = people.map((_, at) => fake.supergroup(`G${at}`, { members: people }));
    return {
      url: fake.url,
      token: fake.token,
      asks(seed) {
        const group = groups[seed % groups.length];
        if (group) people[seed % people.length]?.in(group).say(`/rca a red fox seed:${seed}`);
      },
      shown: () =>
        groups.flatMap((group) => group.history().filter(({ kind, fromBot }) => fromBot && kind === "photo")).length,
      async close() {
        await fake.close();
        fake.expectNoComplaints();
      },
    };
  },
} as const;
export type PicturePlatform = keyof typeof PLATFORMS;

/** Real pictures and tiny ones, each by a process of its own. */
export async function picturesThrough(name: PicturePlatform, folder: string): Promise<PictureMeasured> {
  const real = await noisyPng(SIDE_PX, SIDE_PX);
  const whole = await through(name, join(folder, `${name}-real`), real);
  const small = await through(name, join(folder, `${name}-small`), tinyPng(SIDE_PX, SIDE_PX, "bench"));
  return { ...whole, bytes: real.length, mainWithoutMs: small.mainMs };
}

type Through = Omit<PictureMeasured, "bytes" | "mainWithoutMs">;

async function through(name: PicturePlatform, folder: string, picture: Uint8Array): Promise<Through> {
  const platform = await PLATFORMS[name]();
  await mkdir(folder, { recursive: true });
  const file = join(folder, "picture.png");
  await writeFile(file, picture);
  const bot = fork(join(import.meta.dirname, "picture-bot.ts"), [name, folder, platform.url, platform.token, file], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    execArgv: [...START_FLAGS],
  });
  try {
    await told(bot, "ready");
    const draw = drawing(platform);
    await draw(WARM_UP);
    order(bot, "count");
    await draw(COUNTED);
    order(bot, "counted");
    const { mainMs, besideMs } = await told(bot, "times");
    order(bot, "watch");
    await draw(WATCHED);
    order(bot, "watched");
    const { ms, cpuMs } = await told(bot, "stall");
    const { beside = 0, ...byThread } = besideMs;
    return {
      mainMs: mainMs / COUNTED,
      besideMs: beside / COUNTED,
      besideByThread: Object.fromEntries(Object.entries(byThread).map(([thread, sum]) => [thread, sum / COUNTED])),
      stall: { ms, cpuMs },
    };
  } finally {
    const gone = once(bot, "exit");
    bot.kill("SIGKILL");
    await gone;
    await platform.close();
  }
}

const order = (bot: ChildProcess, what: BotOrder): boolean => bot.send(what);

async function told<Op extends BotAnswer["op"]>(bot: ChildProcess, op: Op): Promise<Extract<BotAnswer, { op: Op }>> {
  for (;;) {
    const late = AbortSignal.timeout(PATIENCE_MS);
    // The border of a process: what the bot beside this file says.
    const [answer] = (await Promise.race([
      once(bot, "message", { signal: late }),
      once(bot, "exit", { signal: late }).then(([code]) => Promise.reject(new Error(`the bot ended: ${String(code)}`))),
    ])) as [BotAnswer];
    if (answer.op === op) return answer as Extract<BotAnswer, { op: Op }>;
  }
}

/** Asks for so many pictures more, a few at once, and resolves when all are seen. */
function drawing(platform: Platform): (count: number) => Promise<void> {
  let asked = 0;
  return async (count) => {
    const until = asked + count;
    const startedAtMs = performance.now();
    while (platform.shown() < until) {
      while (asked < until && asked - platform.shown() < AT_ONCE) {
        asked += 1;
        platform.asks(asked);
      }
      if (performance.now() - startedAtMs > PATIENCE_MS) throw new Error(`${platform.shown()} of ${until} were shown`);
      await pauseMs(5);
    }
  };
}
