import { gatewayReferee } from "../referees/gateway.ts";
import type { JsonObject } from "../referees/json.ts";
import { seededChance } from "./chance.ts";
import { createTestClock, type TestClock } from "./clock.ts";
import { type Call, isInvalid } from "./discord/calls.ts";
import { commandsIn } from "./discord/commands.ts";
import { createFaults, type FaultRule, type RunningFault } from "./discord/faults.ts";
import { type Gateway, openGateway } from "./discord/gateway.ts";
import { IDENTIFIES_PER_DAY, REQUEST_MAX_BYTES } from "./discord/limits.ts";
import { type FakeGuild, fakeGuild, type GuildParts } from "./discord/places.ts";
import { type PlayedInteraction, played } from "./discord/played.ts";
import type { Rates } from "./discord/rates.ts";
import { type SeenMessage, seenMessage } from "./discord/seen.ts";
import { openServer } from "./discord/server.ts";
import { commandJson } from "./discord/shapes.ts";
import { createWorld, waitFor } from "./discord/world.ts";

/**
 * Discord on loopback: the HTTP API v10, the gateway and the files, behind one port. The bot under test is the real one
 * with discord.js inside; hand it `apiUrl` as `rest.api` (or as `DISCORD_API_URL`, in another process too) and `token`.
 *
 * ```ts
 * const fake = await openDiscordFake();
 * const group = fake.guild("Group");                       // the bot is in it; parts: what @everyone and the bot may
 * const general = group.channel("general");
 * const ann = group.member("ann", { permissions: ["ManageGuild"] });
 * …the bot logs in and registers its commands…
 * const drawn = await ann.slash(general, "rca", { prompt: "a red fox", image: { name: "a.png", mime, bytes } });
 * await drawn.acknowledged();                              // drawn.ackMs, drawn.ackType, drawn.ackEphemeral
 * await fake.until(() => drawn.reply?.files.length === 1); // drawn.reply: what the member sees, read anew each time
 * const press = ann.press(drawn.reply!, "Reroll");         // by label; press.modal, ann.submits(press, { Prompt: "…" })
 * await ann.types(general, "rca", "style", "blu");         // the list of autocomplete
 * ann.sees(general);                                       // ephemeral messages of others are not in it
 * fake.clock.advanceMs(15 * 60_000);                       // tokens expire; give the bot `fake.clock.nowMs` as its clock
 * fake.fails({ on: "create_message", fault: { kind: "reset" }, when: "applied", times: 1 });
 * fake.gateway.kill();
 * fake.expectNoComplaints();                               // in an afterEach
 * await fake.close();
 * ```
 *
 * Who is who. `guild()` → `FakeGuild`: `channel`, `forum`, `role`, `member`, `removeBot`. A channel: `thread`, `allows`,
 * `denies`, `messages`, `joined`, `archive`, `remove`. A member: `slash`, `types`, `press`, `chooses`, `submits`, `menu`,
 * `says`, `deletes`, `sees`, `commands`, `dms`; a member's client throws for what Discord's would not offer (a command that
 * is not registered, a value out of range, a disabled button). A `SeenMessage` is a snapshot: `text`, `buttons`,
 * `selects`, `files` (`bytes`, `alt`, `spoiler`, `shownIn`, `url`), `ephemeral`, `loading`, `nonce`, `pings`;
 * `versions(message)` are all it ever was. What the bot did: `calls` and `callsOf("create_message")` with `body`, `status`
 * (what it received), `decided` (what Discord did), `fault`; `ackMs`, `invalidRequests`, `commandsCreated`, `typing`;
 * `gateway.identifies`, `resumes`, `presences`, `heartbeats`, `closes`, `sessions`.
 *
 * What it refuses, as Discord does: acknowledgement after 3 s or of nothing 404 10062; twice 400 40060; an answer that
 * does not fit (a modal to a modal, choices to a command) 400 50035; token older than 15 min or wrong 401 50027; reply
 * before the acknowledgement 404 10015; deleted message, and ephemeral ones by message id, 404 10008; body that the referee
 * rejects 400 50035 (and a complaint); file above the server's limit or request above 25 MiB 413 40005; no sight of a
 * channel 403 50001; no right to send there 403 50013; another's message 403 50005; closed direct messages 403 50007;
 * archived thread 400 50083; the 201st new command of a day 400 30034; wrong bot token 401.
 *
 * What it does as Discord does: a deferral shows flag 128 until it is edited and decides for ever who sees the answer;
 * with `with_response` it tells the message's id but not the message; `enforce_nonce` gives the message that has the
 * nonce for five minutes, and 404 10008 when that was deleted: what is posted anew needs a nonce of its own; components
 * get ids, embeds `type: "rich"`, files safe names; a picture that an embed shows is no attachment; `attachments` of an
 * edit lists what stays; Components V2 stay for ever and show only files they name; addresses of files are signed and
 * end after a day; registered commands come back normalised, and in lists without translations; a session whose socket
 * broke can be resumed for three minutes and gets what it missed; a client that closes with 1000 or 1001 ends its
 * session; without a session, members' actions reach nobody (`delivered`).
 *
 * Faults (`fails`): by operation id ("create_message", "update_message", "create_interaction_response",
 * "update_original_webhook_message", "execute_webhook", "bulk_set_application_commands", "get_bot_gateway", "download",
 * "*"), before the work or after it (`when: "applied"`: done, and the answer is lost).
 *
 * Both referees (`test/referees/`) hear everything in both directions; without ../shared/specs only the rules of
 * `documented.ts` and the gateway's types are left (`refereed`). Not played: real rate limits (set `rates` to have some),
 * voice, reactions, polls, webhooks of others, stickers, order of events between gateway and HTTP.
 */

export interface DiscordFakeOptions {
  /** Default "fake-discord-token". */
  readonly token?: string;
  /** Default: real time that can be pushed forward. A frozen one stands still in between. */
  readonly clock?: TestClock;
  /** Of the chance that faults with a probability use. */
  readonly seed?: number;
  /** How many shards `GET /gateway/bot` recommends; default 1. */
  readonly shards?: number;
  readonly heartbeatIntervalMs?: number;
  /** Default 1000, as Discord's; beyond it the token is taken away. */
  readonly identifiesPerDay?: number;
  /** Privileged intents that are switched on for the application, as bits; default none. Others: close code 4014. */
  readonly privilegedIntents?: number;
  /** Limits that are enforced, with Discord's headers; default none, as real ones are not documented. */
  readonly rates?: Rates;
  /** Default 25 MiB, as Discord's. The limit for one file is the server's: `FakeGuild.attachmentMaxBytes`. */
  readonly requestMaxBytes?: number;
  /** Default: any free one. */
  readonly port?: number;
}

export interface DiscordFake {
  /** For `DISCORD_API_URL` and discord.js' `rest.api`: `http://127.0.0.1:…/api`. */
  readonly apiUrl: string;
  token: string;
  readonly applicationId: string;
  readonly botId: string;
  readonly clock: TestClock;
  /** Every HTTP request of the bot, oldest first. */
  readonly calls: readonly Call[];
  /** Those of some operations, by Discord's names. */
  callsOf(...operations: readonly string[]): readonly Call[];
  /** What a referee had against the bot or this fake. Each fails a test: see `expectNoComplaints`. */
  readonly complaints: string[];
  /** Requests and answers are checked against Discord's own description; false where ../shared/specs is absent. */
  readonly refereed: boolean;
  readonly gateway: Gateway;
  guild(name: string, parts?: GuildParts): FakeGuild;
  message(id: string): SeenMessage | undefined;
  /** The message as it was posted and after each edit, also when it is deleted by now: placeholder, progress, result. */
  versions(message: { readonly id: string }): readonly SeenMessage[];
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
  /** Resolves when the question is answered, asked again and again. @throws after `timeoutMs` of real time (10 s) */
  until<T>(question: () => T | undefined | false, timeoutMs?: number): Promise<T>;
  /** @throws with all complaints, if there are any */
  expectNoComplaints(): void;
  close(): Promise<void>;
}

export async function openDiscordFake(options: DiscordFakeOptions = {}): Promise<DiscordFake> {
  const world = createWorld(options.clock ?? createTestClock());
  const state = { token: options.token ?? "fake-discord-token" };
  const faults = createFaults(seededChance(options.seed ?? 1));
  const referee = await gatewayReferee();
  const rest = await openServer(world, {
    faults,
    rates: options.rates ?? {},
    token: () => state.token,
    port: options.port ?? 0,
    requestMaxBytes: options.requestMaxBytes ?? REQUEST_MAX_BYTES,
  });
  const gateway = openGateway(world, rest.server, {
    token: () => state.token,
    resetToken: () => {
      state.token = `reset-${state.token}`;
    },
    shards: options.shards ?? 1,
    heartbeatIntervalMs: options.heartbeatIntervalMs ?? 41_250,
    identifiesPerDay: options.identifiesPerDay ?? IDENTIFIES_PER_DAY,
    privilegedIntents: options.privilegedIntents ?? 0,
    referee,
  });
  return {
    apiUrl: `${world.baseUrl}/api`,
    applicationId: world.applicationId,
    botId: world.bot.id,
    clock: world.clock,
    calls: rest.calls,
    callsOf: (...operations) => rest.calls.filter(({ operation }) => operations.includes(operation)),
    get complaints() {
      world.judging.doAll();
      return world.complaints;
    },
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
    versions: ({ id }) => (world.versions.get(id) ?? []).map((version) => seenMessage(world, version)),
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
      return rest.calls.filter(isInvalid).length;
    },
    until: (question, timeoutMs = 10_000) => waitFor(world, question, timeoutMs, question.toString()),
    expectNoComplaints() {
      world.judging.doAll();
      if (world.complaints.length > 0) throw new Error(`the referees complain:\n  ${world.complaints.join("\n  ")}`);
    },
    async close() {
      gateway.end();
      await rest.close();
    },
  };
}
