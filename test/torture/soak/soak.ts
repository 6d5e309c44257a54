import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pauseMs } from "node:timers/promises";
import { seededChance } from "../../fakes/chance.ts";
import { type Audit, audit, isExact } from "./books.ts";
import type { FromProgram, Sample, ToProgram } from "./messages.ts";
import { openPlatformCrowds } from "./platform-crowds.ts";
import { openWebCrowd } from "./web-crowd.ts";

export interface SoakOptions {
  readonly messages: number;
  readonly seed: number;
  readonly told?: (line: string) => void;
}

export interface SoakResult {
  readonly messages: number;
  /** After a fifth of the messages, when everything that is kept in memory is there. */
  readonly early: Sample;
  readonly late: Sample;
  readonly audits: number;
  readonly auditsWrong: number;
  readonly tookMs: number;
  readonly logged: readonly string[];
}

const SAMPLES = 10;
/** The second: after a fifth of the messages everything is in memory that stays there. */
const EARLY = 2;
/** Also the connections that the crowd has open at most. */
export const AT_ONCE = 16;
const ON_DISCORD = 0.05;
const ON_TELEGRAM = 0.05;
/** Ten days over 100,000 messages, so that what groups keep for a day goes again and again. */
const MESSAGE_EVERY_MS = 8640;
const AUDITS = 50;
/** Messages between two looks at the books: every quarter of an hour of the time that passes. */
const AUDITED_AFTER_MAX = 100;
/** More than that and the crowd waits: the soak is to find what stays, not how long a queue can get. */
const OPEN_JOBS_MAX = 60;
const SETTLES_WITHIN_MS = 120_000;

/** `messages` through the whole program with the fake backend, three platforms, retention and votes. */
export async function soak({ messages, seed, told = () => {} }: SoakOptions): Promise<SoakResult> {
  const folder = await mkdtemp(join(tmpdir(), "placard-soak-"));
  const chance = seededChance(seed);
  const platforms = await openPlatformCrowds(chance, seed);
  const { discord, telegram } = platforms;
  const startedAtMs = performance.now();
  const program = await startProgram(folder, [discord.apiUrl, discord.token, telegram.url, telegram.token]);
  const web = await openWebCrowd(program.url, chance);
  const audits: Audit[] = [];
  const look = (): Audit => {
    const found = audit(folder);
    audits.push(found);
    if (!isExact(found)) told(`the till is wrong: ${JSON.stringify(found)}`);
    return found;
  };

  async function calm(openMax: number): Promise<void> {
    const untilMs = performance.now() + SETTLES_WITHIN_MS;
    for (;;) {
      const { openJobs, owedMessages } = audit(folder);
      if (openJobs + owedMessages <= openMax) return;
      if (performance.now() > untilMs) throw new Error(`${openJobs} jobs and ${owedMessages} messages do not end`);
      await pauseMs(100);
    }
  }

  async function act(): Promise<void> {
    const where = chance();
    if (where < ON_DISCORD) await platforms.onDiscord();
    else if (where < ON_DISCORD + ON_TELEGRAM) platforms.onTelegram();
    else await web.act();
  }

  async function sampled(name: string): Promise<Sample> {
    await calm(0);
    const found = await program.sample();
    told(`${name}: ${shown(found)}`);
    return found;
  }

  try {
    await web.keepForADay();
    const samples: Sample[] = [];
    const every = Math.min(Math.ceil(messages / AUDITS), AUDITED_AFTER_MAX);
    for (let done = 0; done < messages; ) {
      const before = done;
      const until = Math.min(messages, done + every);
      const several = async () => {
        while (done < until) {
          done += 1;
          await act();
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, several));
      program.ahead(MESSAGE_EVERY_MS * done);
      platforms.letTimePass(MESSAGE_EVERY_MS * (done - before));
      if (look().openJobs > OPEN_JOBS_MAX) await calm(OPEN_JOBS_MAX / 2);
      if (done < (messages / SAMPLES) * (samples.length + 1)) continue;
      samples.push(await sampled(`after ${done} messages, ${rate(done, startedAtMs)} a second`));
    }
    look();
    const [early, late] = [samples[EARLY - 1], samples.at(-1)];
    if (!early || !late) throw new Error("too few messages to see anything by");
    return {
      messages,
      early,
      late,
      audits: audits.length,
      auditsWrong: audits.filter((each) => !isExact(each)).length,
      tookMs: Math.round(performance.now() - startedAtMs),
      logged: program.logged,
    };
  } finally {
    await web.close();
    await program.end();
    await platforms.close();
    await rm(folder, { recursive: true, force: true });
  }
}

const MB = 1e6;
const shown = ({ heapBytes, codeBytes, rssBytes, externalBytes, resources, openFiles, picturesMade }: Sample): string =>
  `heap ${(heapBytes / MB).toFixed(1)} MB (${(codeBytes / MB).toFixed(1)} MB of it code), whole process ${(rssBytes / MB).toFixed(1)} MB, outside the heap ${(externalBytes / MB).toFixed(1)} MB, ${resources} resources, ${openFiles} open files, ${picturesMade} pictures made`;

const rate = (count: number, sinceMs: number): number => Math.round(count / ((performance.now() - sinceMs) / 1000));

/**
 * What is freed goes back to the system: glibc otherwise keeps as much as was ever needed at once, in an arena for each
 * thread, and the size of the process tells how busy it once was instead of what it holds. Elsewhere these say nothing.
 */
const GIVES_BACK = {
  MALLOC_ARENA_MAX: "1",
  MALLOC_MMAP_THRESHOLD_: "65536",
  MALLOC_TRIM_THRESHOLD_: "65536",
} as const;

async function startProgram(folder: string, argv: readonly string[]) {
  const child: ChildProcess = fork(join(import.meta.dirname, "program.ts"), [folder, ...argv], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    execArgv: [],
    env: { ...process.env, ...GIVES_BACK },
  });
  const logged: string[] = [];
  const samples = new Map<number, (found: Sample) => void>();
  const ready = Promise.withResolvers<readonly string[]>();
  child.on("message", (message: FromProgram) => {
    switch (message.op) {
      case "ready":
        return ready.resolve(message.lines);
      case "sample":
        return samples.get(message.call)?.(message.sample);
      case "logged":
        return void logged.push(message.text);
    }
  });
  child.once("exit", (code, signal) => ready.reject(new Error(`the program ended by itself: ${code ?? signal}`)));
  const url = /(http:\/\/127\.0\.0\.1:\d+)/.exec((await ready.promise).join("\n"))?.[1];
  if (url === undefined) throw new Error("the program told no address");
  const send = (message: ToProgram) => void child.send(message);
  return {
    url,
    logged: logged as readonly string[],
    ahead: (aheadMs: number) => send({ op: "ahead", aheadMs }),
    sample: () =>
      new Promise<Sample>((resolve) => {
        const call = samples.size + 1;
        samples.set(call, resolve);
        send({ op: "sample", call });
      }),
    async end() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
    },
  };
}
