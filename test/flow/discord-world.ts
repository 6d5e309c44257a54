import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { createDiscord } from "../../adapters/discord/adapter.ts";
import type { App } from "../../src/app/app.ts";
import { moduleValues } from "../../src/app/modules.ts";
import { fakeBackend } from "../../src/backends/fake.ts";
import type { Installation } from "../../src/dispatch/services.ts";
import type { Style } from "../../src/domain/style.ts";
import type { Clock } from "../../src/lib/clock.ts";
import type { Backend } from "../../src/ports/backend.ts";
import { appOver, openStore } from "../fakes/app.ts";
import type { FakeMember } from "../fakes/discord/member.ts";
import type { FakeChannel, FakeGuild, FakeRole } from "../fakes/discord/places.ts";
import type { PlayedInteraction } from "../fakes/discord/played.ts";
import type { SeenMessage } from "../fakes/discord/seen.ts";
import { type DiscordFake, type DiscordFakeOptions, openDiscordFake } from "../fakes/discord.ts";
import { moduleServices, recordedLog } from "../fakes/module-services.ts";

export interface DiscordWorldOptions {
  /** @param clock for fakes that wait */
  readonly backends?: (clock: Clock) => readonly Backend[];
  readonly installation?: Partial<Installation>;
  readonly styles?: readonly Style[];
  readonly fake?: DiscordFakeOptions;
  /** Roles of the server. */
  readonly roles?: readonly string[];
}

export interface DiscordWorld {
  readonly fake: DiscordFake;
  readonly guild: FakeGuild;
  readonly channel: FakeChannel;
  readonly roles: readonly FakeRole[];
  readonly ann: FakeMember;
  readonly bob: FakeMember;
  readonly app: App;
  readonly logged: readonly string[];
  /** Where the data is. */
  readonly folder: string;
  /** Ends this process's part and starts another over the same files. */
  restart(): Promise<void>;
  stop(): Promise<void>;
  start(): Promise<void>;
  /** `/rca prompt:…`, received and acknowledged. */
  draw(
    member: FakeMember,
    prompt: string,
    values?: Readonly<Record<string, string | number>>,
  ): Promise<PlayedInteraction>;
  /** Finished pictures of the channel, oldest first. */
  pictures(place?: FakeChannel): readonly SeenMessage[];
  /** The newest picture, once there are `count`. */
  picture(count?: number, place?: FakeChannel): Promise<SeenMessage>;
}

export const SOON = { timeout: 15_000, interval: 10 };

/** A whole Placard on a Discord that behaves: the real core, commands, store and adapter; nothing but Discord and the GPU is played. */
export async function discordWorld(options: DiscordWorldOptions = {}): Promise<DiscordWorld> {
  const folder = mkdtempSync(join(tmpdir(), "placard-discord-"));
  const fake = await openDiscordFake(options.fake);
  fake.clock.hurry();
  const guild = fake.guild("The Printers");
  const channel = guild.channel("posters");
  const roles = (options.roles ?? []).map((name) => guild.role(name));
  const { log, logged } = recordedLog();
  let drawn = 1000;

  async function open(): Promise<App> {
    const store = await openStore(folder);
    const adapter = createDiscord(
      { DISCORD_TOKEN: fake.token, DISCORD_API_URL: fake.apiUrl, DISCORD_GUILD_IDS: [], DISCORD_SHARDS: "auto" },
      moduleServices({ values: moduleValues("discord", () => store.keyValues), clock: fake.clock, log, under: folder }),
    );
    const app = await appOver(folder, {
      adapters: [adapter],
      ...(options.backends ? { backends: options.backends(fake.clock) } : {}),
      store,
      ...(options.styles ? { styles: options.styles } : {}),
      installation: {
        votes: 2,
        allowance: { capacityGpuMs: 3_000_000, refillGpuMsPerHour: 6000, resetMs: 86_400_000 },
        ...options.installation,
      },
      clock: fake.clock,
      newSeed: () => (drawn += 1),
      log,
    });
    await app.start();
    return app;
  }

  const ann = guild.member("ann", { permissions: ["ManageGuild"] });
  let app: App | undefined = await open();
  const stop = async () => {
    const running = app;
    app = undefined;
    await running?.stop();
  };
  onTestFinished(async () => {
    await stop();
    await fake.close();
    rmSync(folder, { recursive: true, force: true });
    fake.expectNoComplaints();
  });
  const start = async () => {
    app = await open();
  };
  const pictures = (place = channel) =>
    place.messages.filter(({ files, buttons }) => files.length > 0 && buttons.some(({ label }) => label === "Info"));

  return {
    fake,
    guild,
    channel,
    roles,
    ann,
    bob: guild.member("bob"),
    get app() {
      if (!app) throw new Error("stopped");
      return app;
    },
    logged,
    folder,
    stop,
    start,
    async restart() {
      await stop();
      await start();
    },
    async draw(member, prompt, values = {}) {
      const played = await member.slash(channel, "rca", { prompt, ...values });
      return played.acknowledged();
    },
    pictures,
    async picture(count = 1, place = channel) {
      await expect.poll(() => pictures(place).length, SOON).toBeGreaterThanOrEqual(count);
      return pictures(place).at(-1)!;
    },
  };
}

/** A backend that waits until it is let go: on a hurried clock that is minutes. */
export function held() {
  const gate = Promise.withResolvers<void>();
  return {
    backend: () => [fakeBackend({ gate: () => gate.promise, facts: { timeoutMs: 3_600_000 } })],
    letGo: gate.resolve,
  };
}

/** Presses a button and waits until it was acknowledged. */
export const press = (member: FakeMember, message: SeenMessage, label: string) =>
  member.press(message, label).acknowledged();
