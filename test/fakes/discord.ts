import { gatewayReferee } from "../referees/gateway.ts";
import type { JsonObject } from "../referees/json.ts";
import { type FakeClock, fakeClock, seededChance } from "./discord/clock.ts";
import { commandsIn } from "./discord/commands.ts";
import { createFaults, type FaultRule, type RunningFault } from "./discord/faults.ts";
import { type Gateway, openGateway } from "./discord/gateway.ts";
import { type FakeGuild, fakeGuild, type GuildParts } from "./discord/places.ts";
import { type PlayedInteraction, played } from "./discord/played.ts";
import { type SeenMessage, seenMessage } from "./discord/seen.ts";
import { type Call, openServer } from "./discord/server.ts";
import { commandJson } from "./discord/shapes.ts";
import { createWorld, waitFor } from "./discord/world.ts";

export interface DiscordFakeOptions {
  /** Default "fake-discord-token". */
  readonly token?: string;
  readonly clock?: FakeClock;
  /** Of the chance that faults with a probability use. */
  readonly seed?: number;
  /** How many shards `GET /gateway/bot` recommends; default 1. */
  readonly shards?: number;
  readonly heartbeatIntervalMs?: number;
  /** Privileged intents that are switched on for the application, as bits; default none. Others: close code 4014. */
  readonly privilegedIntents?: number;
  /** Default: any free one. */
  readonly port?: number;
}

export interface DiscordFake {
  /** For `DISCORD_API_URL` and discord.js' `rest.api`: `http://127.0.0.1:…/api`. */
  readonly apiUrl: string;
  token: string;
  readonly applicationId: string;
  readonly botId: string;
  readonly clock: FakeClock;
  /** Every HTTP request of the bot, oldest first. Files downloaded are not among them. */
  readonly calls: readonly Call[];
  /** What a referee had against the bot or this fake. Each fails a test: see `expectNoComplaints`. */
  readonly complaints: string[];
  /** Requests and answers are checked against Discord's own description; false where ../shared/specs is absent. */
  readonly refereed: boolean;
  readonly gateway: Gateway;
  guild(name: string, parts?: GuildParts): FakeGuild;
  message(id: string): SeenMessage | undefined;
  /** Everything that members did, oldest first. */
  readonly interactions: readonly PlayedInteraction[];
  /** Milliseconds from each answered interaction to its first answer. */
  readonly ackMs: readonly number[];
  /** Commands as registered; of a server, or global. */
  commands(guild?: { readonly id: string }): readonly JsonObject[];
  /** Commands created so far: 200 a day and scope are allowed. */
  readonly commandsCreated: number;
  readonly typing: readonly { readonly channelId: string; readonly atMs: number }[];
  /** From now on requests fail as told. See `FaultRule`. */
  fails(rule: FaultRule): RunningFault;
  /** Everything works again. */
  works(): void;
  /** Answers 401, 403 and 429 (but for scope "shared"): beyond 10,000 in ten minutes Discord bans the address. */
  readonly invalidRequests: number;
  /** Resolves when the question is answered, asked after every change. @throws after `timeoutMs` of real time (5000) */
  until<T>(question: () => T | undefined | false, timeoutMs?: number): Promise<T>;
  /** @throws with all complaints, if there are any */
  expectNoComplaints(): void;
  close(): Promise<void>;
}

export async function openDiscordFake(options: DiscordFakeOptions = {}): Promise<DiscordFake> {
  const world = createWorld(options.clock ?? fakeClock());
  const state = { token: options.token ?? "fake-discord-token" };
  const faults = createFaults(seededChance(options.seed ?? 1));
  const referee = await gatewayReferee();
  const rest = await openServer(world, faults, () => state.token, options.port ?? 0);
  const gateway = openGateway(world, rest.server, {
    token: () => state.token,
    shards: options.shards ?? 1,
    heartbeatIntervalMs: options.heartbeatIntervalMs ?? 41_250,
    privilegedIntents: options.privilegedIntents ?? 0,
    referee,
  });
  return {
    apiUrl: `${world.baseUrl}/api`,
    applicationId: world.applicationId,
    botId: world.bot.id,
    clock: world.clock,
    calls: rest.calls,
    complaints: world.complaints,
    refereed: rest.refereed,
    gateway,
    typing: world.typing,
    get token() {
      return state.token;
    },
    set token(token) {
      state.token = token;
    },
    guild: (name, parts = {}) => fakeGuild(world, name, parts),
    message(id) {
      const message = world.messages.get(id);
      return message && !message.deleted ? seenMessage(world, message) : undefined;
    },
    get interactions() {
      return [...world.interactions.values()].map((interaction) => played(world, interaction));
    },
    get ackMs() {
      return [...world.interactions.values()].flatMap(({ ack }) => ack?.afterMs ?? []);
    },
    commands: (guild) => commandsIn(world, guild?.id).map((command) => commandJson(world, command)),
    get commandsCreated() {
      return world.creations.length;
    },
    fails: (rule) => faults.add(rule),
    works: () => faults.clear(),
    get invalidRequests() {
      return rest.calls.filter(({ status, shared }) => [401, 403, 429].includes(status ?? 0) && !shared).length;
    },
    until: (question, timeoutMs = 5_000) => waitFor(world, question, timeoutMs, question.toString()),
    expectNoComplaints() {
      if (world.complaints.length > 0) throw new Error(`the referees complain:\n  ${world.complaints.join("\n  ")}`);
    },
    async close() {
      gateway.end();
      await rest.close();
    },
  };
}
