import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Rates } from "../../../adapters/telegram/limits.ts";
import type { App } from "../../../src/app/app.ts";
import { moduleValues } from "../../../src/app/modules.ts";
import { createNotices } from "../../../src/app/notices.ts";
import type { Installation } from "../../../src/dispatch/services.ts";
import { type Clock, systemClock } from "../../../src/lib/clock.ts";
import type { Backend } from "../../../src/ports/backend.ts";
import type { StoreOverSql } from "../../../src/rules/store.ts";
import { appOver, openStore } from "../../fakes/app.ts";
import { recordedLog } from "../../fakes/module-services.ts";
import type { TelegramFake, TelegramFakeOptions } from "../../fakes/telegram.ts";
import { eventually, openFake, telegramAt } from "./world.ts";

type Person = ReturnType<TelegramFake["person"]>;
export type Seat = ReturnType<Person["in"]>;
export type Message = ReturnType<Seat["messages"]>[number];

export interface Bot {
  readonly lines: readonly string[];
  /** Everything that was logged, with causes and stacks. */
  readonly logged: readonly string[];
  readonly app: App;
  readonly store: StoreOverSql;
  readonly folder: string;
  stop(): Promise<void>;
  /** Ends this process's part and starts another over the same files. */
  restart(): Promise<void>;
}

/** So much that no test runs out of it by chance. */
export const ALLOWANCE = { capacityGpuMs: 3_000_000, refillGpuMsPerHour: 6000, resetMs: 86_400_000 };

export interface BotOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly rates?: Rates;
  /** On a clock that hurries while nothing is to be done; else on the system's. */
  readonly hurried?: boolean;
  /** @param clock for fakes that wait */
  readonly backends?: (clock: Clock) => readonly Backend[];
  readonly installation?: Partial<Installation>;
}

/** A whole Placard on the fake Telegram: real core, real commands, real SQLite file, real adapter. */
export async function botAt(fake: TelegramFake, options: BotOptions = {}): Promise<Bot> {
  const folder = mkdtempSync(join(tmpdir(), "placard-telegram-"));
  const { log, logged } = recordedLog();
  // Telegram's own: both sides must agree on how long a wait was.
  const clock = options.hurried ? fake.clock : systemClock;
  if (options.hurried) fake.clock.hurry();
  const notices = createNotices();

  async function open() {
    const store = await openStore(folder);
    const { adapter } = telegramAt(fake, {
      ...(options.env ? { env: options.env } : {}),
      ...(options.rates ? { rates: options.rates } : {}),
      world: { log, clock, notices, folder: () => folder, values: moduleValues("telegram", () => store.keyValues) },
    });
    const app = await appOver(folder, {
      adapters: [adapter],
      ...(options.backends ? { backends: options.backends(clock) } : {}),
      clock,
      notices,
      installation: { votes: 2, allowance: ALLOWANCE, ...options.installation },
      store,
      log,
    });
    return { app, store, lines: await app.start() };
  }

  let { app, store, lines } = await open();
  let stopped = false;
  const stop = async () => {
    if (stopped) return;
    stopped = true;
    await app.stop();
  };
  onTestFinished(async () => {
    await stop();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    logged,
    folder,
    get lines() {
      return lines;
    },
    get app() {
      return app;
    },
    get store() {
      return store;
    },
    stop,
    async restart() {
      await app.stop();
      ({ app, store, lines } = await open());
    },
  };
}

/** The newest message of the bot that a member sees and that satisfies the test, once there is one. */
export async function seenBy(seat: Seat, test: (message: Message) => boolean): Promise<Message> {
  await eventually(() => seat.fromBot().findLast(test)).toBeDefined();
  const found = seat.fromBot().findLast(test);
  if (!found) throw new Error("it was there a moment ago");
  return found;
}

/** The newest finished picture that shows these words. */
export const picture = (seat: Seat, words = ""): Promise<Message> =>
  seenBy(seat, ({ kind, text }) => kind === "photo" && text.includes(words));

export const said = (seat: Seat, words: string): Promise<Message> => seenBy(seat, ({ text }) => text.includes(words));

export const labels = (message: Message): readonly string[] => message.keyboard.flat().map(({ text }) => text);

/** Ann, who runs the group, and Bob. */
export async function inAGroup(options: BotOptions = {}, fakeOptions: TelegramFakeOptions = {}) {
  const fake = await openFake(fakeOptions);
  const ann = fake.person("Ann");
  const bob = fake.person("Bob");
  const group = fake.supergroup("Rent strike", { admins: [ann], members: [bob] });
  const bot = await botAt(fake, options);
  return { fake, ann, bob, group, bot, anns: ann.in(group), bobs: bob.in(group) };
}

/** The question with the input open for its answer. */
export const asked = (seat: Seat): Promise<Message> => seenBy(seat, ({ forceReply }) => forceReply);

type Group = ReturnType<TelegramFake["group"]>;

/** How many messages ever showed the picture of this seed: one is right. */
export function finalsOf(groups: readonly Group[], seed: number): number {
  const isFinal = ({ kind, text }: Pick<Message, "kind" | "text">) =>
    kind === "photo" && text.includes(`seed ${seed} `);
  return groups.flatMap((group) => [...group.history()]).filter(({ versions }) => versions.some(isFinal)).length;
}

/** Several groups, each with its member; `draw` asks for pictures with seeds from 1 on. */
export function groupsIn(fake: TelegramFake, count: number) {
  const groups = Array.from({ length: count }, (_, at) => {
    const person = fake.person(`M${at}`);
    const group = fake.supergroup(`Group ${at}`, { members: [person] });
    return { group, seat: person.in(group) };
  });
  let drawn = 0;
  return {
    groups: groups.map(({ group }) => group),
    draw(pictures: number) {
      for (let at = 0; at < pictures; at += 1) {
        drawn += 1;
        groups[at % count]?.seat.say(`/rca picture ${drawn} seed:${drawn}`);
      }
    },
  };
}
