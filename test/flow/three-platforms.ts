import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { createDiscord } from "../../adapters/discord/adapter.ts";
import type { WebAdapter } from "../../adapters/web.ts";
import type { App } from "../../src/app/app.ts";
import { moduleValues } from "../../src/app/modules.ts";
import type { Installation } from "../../src/dispatch/services.ts";
import type { Backend } from "../../src/ports/backend.ts";
import type { ShownView } from "../../src/ports/view.ts";
import { openFake, telegramAt } from "../adapters/telegram/world.ts";
import { as, ask, type Joined, joinAs, nextId, seenBy, Tab } from "../adapters/web-client.ts";
import { webIn } from "../adapters/web-world.ts";
import { appOver, openStore } from "../fakes/app.ts";
import { createTestClock } from "../fakes/clock.ts";
import type { FakeMember } from "../fakes/discord/member.ts";
import type { PlayedInteraction } from "../fakes/discord/played.ts";
import { openDiscordFake } from "../fakes/discord.ts";
import { moduleServices, recordedLog } from "../fakes/module-services.ts";
import type { TelegramFake } from "../fakes/telegram.ts";

/** One of our messages as a member reads it now. */
export interface Read {
  readonly id: string;
  readonly text: string;
  readonly labels: readonly string[];
  readonly pictures: number;
}

/** Somebody in the group of their platform. */
export interface Chair {
  type(command: string, values?: Readonly<Record<string, string | number>>): Promise<void>;
  talk(words: string): Promise<void>;
  /** Ours, oldest first. */
  reads(): Promise<readonly Read[]>;
  press(messageId: string, label: string): Promise<void>;
  /** Sends the form that was opened last, or answers what was asked. */
  answer(values: Readonly<Record<string, string>>): Promise<void>;
}

const SOON = { timeout: 20_000, interval: 25 };

/** The newest message that this member reads with these words, once there is one. */
export async function reads(chair: Chair, words: RegExp): Promise<Read> {
  let newest: Read | undefined;
  await expect
    .poll(
      async () => {
        const all = await chair.reads();
        newest = all.findLast(({ text }) => words.test(text));
        return newest ? "there" : all.map(({ text }) => text).join("\n——\n");
      },
      { ...SOON, message: String(words) },
    )
    .toBe("there");
  if (!newest) throw new Error("it was there a moment ago");
  return newest;
}

export const saidIn = async (chair: Chair): Promise<readonly string[]> => (await chair.reads()).map(({ text }) => text);

/** Presses the button whose label begins so under the newest message with these words. */
export async function presses(chair: Chair, words: RegExp, begin: string): Promise<void> {
  await expect
    .poll(async () => (await reads(chair, words)).labels.join(" | "), { ...SOON, message: `${words} ${begin}` })
    .toContain(begin);
  const { id, labels } = await reads(chair, words);
  await chair.press(id, labels.find((label) => label.startsWith(begin)) ?? begin);
}

/** Words for commands that are typed: what has a place of its own comes first. */
const typedLine = (command: string, values: Readonly<Record<string, string | number>>): string => {
  const { prompt, question, do: what, ...rest } = values;
  const named = Object.entries(rest).map(([option, value]) =>
    typeof value === "string" && value.includes(" ") ? `${option}:"${value}"` : `${option}:${value}`,
  );
  return `/${command} ${[prompt ?? question ?? what ?? "", ...named].join(" ")}`.trim();
};

type Person = ReturnType<TelegramFake["person"]>;
type Seat = ReturnType<Person["in"]>;

/** Whoever sits in a group on Telegram, or alone with the bot. */
export function atTelegram(seat: Seat): Chair & { readonly notes: string[] } {
  const notes: string[] = [];
  const here = (): readonly Read[] =>
    seat.fromBot().map(({ messageId, text, keyboard, kind, poll }) => ({
      id: String(messageId),
      text: poll ? [text, poll.description, ...poll.options.map((each) => each.text)].join("\n") : text,
      labels: keyboard.flat().map((button) => button.text),
      pictures: poll ? poll.options.filter(({ photo }) => photo).length : kind === "photo" ? 1 : 0,
    }));
  return {
    notes,
    type: async (command, values = {}) => void seat.say(typedLine(command, values)),
    talk: async (words) => void seat.say(words),
    reads: async () => here(),
    async press(messageId, label) {
      const press = seat.press(Number(messageId), label);
      await press.answered;
      if (press.text !== undefined) notes.push(press.text);
    },
    async answer(values) {
      const asked = seat.fromBot().findLast(({ forceReply }) => forceReply);
      if (!asked) throw new Error("nothing was asked");
      seat.say(Object.values(values).join("\n"), { replyTo: asked });
    },
  };
}

export function onDiscord(member: FakeMember, channel: { readonly id: string }): Chair {
  let modal: PlayedInteraction | undefined;
  return {
    async type(command, values = {}) {
      await (await member.slash(channel, command, values)).acknowledged();
    },
    talk: async (words) => void (await member.says(channel, words)),
    reads: async () =>
      member.sees(channel).map(({ id, text, buttons, files }) => ({
        id,
        text: text.replaceAll(/\\(?=[^\w\s])/gu, ""),
        labels: buttons.map(({ label }) => label),
        pictures: files.length,
      })),
    async press(messageId, label) {
      const played = await member.press({ id: messageId }, label).acknowledged();
      if (played.modal) modal = played;
    },
    async answer(values) {
      if (!modal) throw new Error("nothing was asked");
      await member.submits(modal, values).acknowledged();
    },
  };
}

/** One Placard at the web chat, on Telegram and on Discord at once: all but the platforms and the GPU is real. */
export async function threePlatforms(options: {
  readonly backends: () => readonly Backend[];
  readonly installation: Partial<Installation>;
}) {
  const folder = mkdtempSync(join(tmpdir(), "placard-three-"));
  const clock = createTestClock();
  clock.hurry();
  const telegram = await openFake({ clock });
  const discord = await openDiscordFake({ clock });
  const { log, logged } = recordedLog();
  let drawn = 1000;

  async function open(): Promise<{ readonly app: App; readonly web: WebAdapter }> {
    const store = await openStore(folder);
    const services = (name: string) => ({ values: moduleValues(name, () => store.keyValues), clock, log });
    const web = webIn(folder, { clock, services: services("web") });
    const onTelegram = telegramAt(telegram, {
      world: moduleServices({ ...services("telegram"), folder: () => folder }),
    });
    const onDiscord = createDiscord(
      { DISCORD_TOKEN: discord.token, DISCORD_API_URL: discord.apiUrl, DISCORD_GUILD_IDS: [], DISCORD_SHARDS: "auto" },
      moduleServices({ ...services("discord"), under: folder }),
    );
    const app = await appOver(folder, {
      adapters: [web, onTelegram.adapter, onDiscord],
      backends: options.backends(),
      installation: options.installation,
      store,
      clock,
      newSeed: () => (drawn += 1),
      log,
    });
    await app.start();
    return { app, web };
  }

  let running = await open();
  onTestFinished(async () => {
    await running.app.stop();
    await discord.close();
    clock.stop();
    rmSync(folder, { recursive: true, force: true });
    telegram.expectNoComplaints();
    discord.expectNoComplaints();
  });

  async function atTheWeb(name: string): Promise<Chair & Joined> {
    const member = await joinAs(running.web, name);
    const views = async (): Promise<readonly (readonly [string, ShownView])[]> =>
      (await seenBy(running.web, member)).flatMap(({ id, view }) => (view ? [[id, view] as const] : []));
    const send = async (path: string, body: Readonly<Record<string, unknown>>): Promise<void> => {
      const response = await ask(running.web, path, {
        body: { id: nextId(), room: member.room, ...body },
        headers: as(member),
      });
      expect([response.status, response.ok ? "" : await response.text()]).toEqual([response.status, ""]);
      // The page lets nobody press as fast as a test.
      clock.advanceMs(2000);
    };
    let tab: Tab | undefined;
    const buttonsOf = ({ buttons = [], tiles = [] }: ShownView) => [
      ...buttons.flat(),
      ...tiles.flatMap((tile) => tile.buttons ?? []),
    ];
    return {
      ...member,
      type: (command, values = {}) => send("/api/messages", { text: typedLine(command, values) }),
      talk: (text) => send("/api/messages", { text }),
      reads: async () =>
        (await views()).map(([id, view]) => ({
          id,
          text: [view.text, ...(view.fields ?? []).map((field) => `${field.name}: ${field.value}`)].join("\n"),
          labels: buttonsOf(view).map(({ label }) => label),
          pictures: view.album?.length ?? (view.image ? 1 : 0),
        })),
      async press(messageId, label) {
        const [, view] = (await views()).find(([id]) => id === messageId) ?? [];
        const button = view && buttonsOf(view).find((each) => each.label === label);
        if (!button) throw new Error(`no ${label} there`);
        await tab?.close();
        tab = await Tab.open(running.web, member);
        await send("/api/press", { token: button.token });
      },
      async answer(values) {
        const opened = await tab?.next("form");
        await send("/api/press", { token: opened?.form.token, values });
      },
    };
  }

  return {
    telegram,
    discord,
    clock,
    logged,
    folder,
    get app() {
      return running.app;
    },
    get web() {
      return running.web;
    },
    atTheWeb,
    onTelegram: (person: Person, group: ReturnType<TelegramFake["supergroup"]>) => atTelegram(person.in(group)),
    onTelegramAlone: (person: Person) => atTelegram(person.private),
    onDiscord,
    /** Ends this process's part and starts another over the same files. */
    async restart() {
      await running.app.stop();
      running = await open();
    },
  };
}
