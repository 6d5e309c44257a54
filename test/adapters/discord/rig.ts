import { expect, onTestFinished } from "vitest";
import { createDiscord } from "../../../adapters/discord/adapter.ts";
import type { ReplyTarget } from "../../../src/domain/place.ts";
import { verbatim } from "../../../src/domain/text.ts";
import type { ChatAdapter, ChatEvents, Invocation, Pressed } from "../../../src/ports/chat.ts";
import type { Log } from "../../../src/ports/log.ts";
import type { ModuleValues } from "../../../src/ports/module.ts";
import type { CommandSpec } from "../../../src/ports/option.ts";
import type { FakeMember } from "../../fakes/discord/member.ts";
import type { FakeChannel, FakeGuild } from "../../fakes/discord/places.ts";
import type { PlayedInteraction } from "../../fakes/discord/played.ts";
import type { SeenMessage } from "../../fakes/discord/seen.ts";
import { type DiscordFake, type DiscordFakeOptions, openDiscordFake } from "../../fakes/discord.ts";
import { moduleServices, valuesInMemory } from "../../fakes/module-services.ts";
import { quietEvents } from "../../fakes/quiet-events.ts";
import { unescapeMarkdown } from "./unescape.ts";

/** Generous: the machine may be busy with the rest of the suite. */
export const SOON = { timeout: 15_000, interval: 5 };

export interface Served {
  readonly fake: DiscordFake;
  readonly guild: FakeGuild;
  readonly channel: FakeChannel;
}

/** A Discord with one server and one channel, judged at the end of the test. */
export async function serve(options: DiscordFakeOptions = {}): Promise<Served> {
  const fake = await openDiscordFake(options);
  onTestFinished(async () => {
    await fake.close();
    fake.expectNoComplaints();
  });
  const guild = fake.guild("The Printers");
  return { fake, guild, channel: guild.channel("posters") };
}

export interface AdapterParts {
  readonly values?: ModuleValues;
  readonly log?: Log;
  readonly guildIds?: readonly string[];
  readonly shards?: string;
  readonly startWithinMs?: number;
  readonly presenceEveryMs?: number;
  readonly token?: string;
  readonly apiUrl?: string;
}

/** The real adapter, pointed at the fake and on its clock. */
export function adapterTo(fake: DiscordFake, parts: AdapterParts = {}): ChatAdapter {
  return createDiscord(
    {
      DISCORD_TOKEN: parts.token ?? fake.token,
      DISCORD_API_URL: parts.apiUrl ?? fake.apiUrl,
      DISCORD_GUILD_IDS: parts.guildIds ?? [],
      DISCORD_SHARDS: parts.shards ?? "auto",
    },
    moduleServices({
      values: parts.values ?? valuesInMemory(),
      clock: fake.clock,
      ...(parts.log ? { log: parts.log } : {}),
    }),
    {
      ...(parts.startWithinMs === undefined ? {} : { startWithinMs: parts.startWithinMs }),
      ...(parts.presenceEveryMs === undefined ? {} : { presenceEveryMs: parts.presenceEveryMs }),
    },
  );
}

/** What a person reads: without the marks that only keep Discord from acting on it. */
export const readable = (message: Pick<SeenMessage, "text">): string => unescapeMarkdown(message.text);

export function noted(): Log & { readonly lines: string[] } {
  const lines: string[] = [];
  const note =
    (level: string) =>
    (fact: string, fields: object = {}) =>
      void lines.push(
        `${level} ${fact} ${JSON.stringify(fields, (_key, value: unknown) => (value instanceof Error ? `${value.stack} ${value.cause}` : value))}`,
      );
  return { lines, debug: note("debug"), info: note("info"), warn: note("warn"), error: note("error") };
}

export const SPECS: readonly CommandSpec[] = [
  {
    name: "rca",
    summary: verbatim("Draw"),
    adminOnly: false,
    options: [
      { name: "prompt", summary: verbatim("What to draw"), kind: "text", required: true, rest: true },
      {
        name: "seed",
        summary: verbatim("Seed"),
        kind: "integer",
        required: false,
        rest: false,
        words: ["random"],
        names: "seed",
      },
      {
        name: "steps",
        summary: verbatim("Steps"),
        kind: "integer",
        required: false,
        rest: false,
        min: 1,
        max: 50,
        names: "seed",
      },
    ],
  },
  { name: "info", summary: verbatim("Recipe"), adminOnly: false, privately: true, options: [] },
  { name: "edit", summary: verbatim("Change"), adminOnly: false, options: [] },
  { name: "settings", summary: verbatim("Rules"), adminOnly: true, options: [] },
];

export interface Core {
  readonly events: ChatEvents;
  readonly invoked: Invocation[];
  readonly pressed: Pressed[];
  /** What it does about an event, beside noting it. */
  onInvoked: (invocation: Invocation) => Promise<void>;
  onPressed: (pressed: Pressed) => Promise<void>;
}

/** A core that notes what it hears and does what the test says. */
export function core(parts: Partial<ChatEvents> = {}): Core {
  const self: Core = {
    invoked: [],
    pressed: [],
    onInvoked: async () => {},
    onPressed: async () => {},
    events: {
      ...quietEvents,
      async invoked(each) {
        self.invoked.push(each);
        await self.onInvoked(each);
      },
      async pressed(each) {
        self.pressed.push(each);
        await self.onPressed(each);
      },
      ...parts,
    },
  };
  return self;
}

export interface Started extends Served {
  readonly adapter: ChatAdapter;
  readonly received: Core;
  readonly ann: FakeMember;
  readonly bob: FakeMember;
  readonly values: ModuleValues;
  readonly log: ReturnType<typeof noted>;
  readonly line: string;
  /** `/rca prompt:…` by ann: what she did, and what the core got. */
  ask(prompt?: string): Promise<{ readonly played: PlayedInteraction; readonly target: ReplyTarget }>;
  /** The next process over the same small values. */
  next(): Promise<ChatAdapter>;
}

/** A started adapter with two members in its channel. */
export async function started(
  parts: AdapterParts & {
    readonly fake?: DiscordFakeOptions;
    readonly events?: Partial<ChatEvents>;
    readonly specs?: readonly CommandSpec[];
  } = {},
): Promise<Started> {
  const served = await serve(parts.fake);
  const { fake, guild, channel } = served;
  const values = parts.values ?? valuesInMemory();
  const log = noted();
  const received = core(parts.events);
  const open = async () => {
    const adapter = adapterTo(fake, { ...parts, values, log });
    onTestFinished(() => adapter.stop());
    return { adapter, line: await adapter.start(parts.specs ?? SPECS, received.events) };
  };
  const ann = guild.member("ann", { permissions: ["Administrator"] });
  const { adapter, line } = await open();
  return {
    ...served,
    adapter,
    received,
    ann,
    bob: guild.member("bob"),
    values,
    log,
    line,
    async ask(prompt = "a red fox") {
      const before = received.invoked.length;
      const played = await ann.slash(channel, "rca", { prompt });
      await expect.poll(() => received.invoked.length, SOON).toBe(before + 1);
      return { played, target: received.invoked.at(-1)!.target };
    },
    next: async () => (await open()).adapter,
  };
}

/** Waits until the core has received so many presses, and gives the last. */
export async function pressReceived(received: Core, count: number): Promise<Pressed> {
  await expect.poll(() => received.pressed.length, SOON).toBe(count);
  return received.pressed.at(-1)!;
}

/** A core that does not answer until the test ends. */
export function heldUp(): () => Promise<void> {
  const gate = Promise.withResolvers<void>();
  // Before the adapter is stopped: it waits for what is under way.
  onTestFinished(() => gate.resolve());
  return () => gate.promise;
}

export const PUBLIC = (nonce: string) => ({ nonce, visibility: "public" }) as const;
export const PRIVATE = (nonce: string) => ({ nonce, visibility: "private" }) as const;

/** What the channel shows, oldest first. */
export const texts = ({ channel }: Started): readonly string[] => channel.messages.map(({ text }) => text);

export const BUTTON = { label: "Reroll", token: "1.reroll.abcdefghijklmnop.0.AAAAAAAAAAA" };

/** A message with a button, posted by ann and pressed: by bob where all see it. The press as the core got it, not acknowledged. */
export async function pressedUnder(world: Started, visibility: "public" | "private" = "public") {
  const { adapter, ask, received, ann, bob } = world;
  const { target } = await ask();
  const ref = await adapter.post(target, { text: "Seed 7", buttons: [[BUTTON]] }, { nonce: "j.1", visibility });
  const played = (visibility === "private" ? ann : bob).press({ id: ref.messageId }, "Reroll");
  return { played, ref, target: (await pressReceived(received, 1)).target };
}

/** An acknowledged command. */
export async function acknowledged(world: Started): Promise<ReplyTarget> {
  const { target } = await world.ask();
  await world.adapter.acknowledge(target, "public");
  return target;
}

/** A press under a public message, received and acknowledged. */
export async function pressed(world: Started): Promise<ReplyTarget> {
  const target = await acknowledged(world);
  const ref = await world.adapter.post(target, { text: "Parent", buttons: [[BUTTON]] }, PUBLIC("j.0"));
  world.bob.press({ id: ref.messageId }, "Reroll");
  const press = await pressReceived(world.received, 1);
  await world.adapter.acknowledge(press.target, "public");
  return press.target;
}
