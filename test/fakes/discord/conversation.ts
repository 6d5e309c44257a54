import type { Duplex } from "node:stream";
import type { RawData, WebSocket } from "ws";
import type { GatewayReferee } from "../../referees/gateway.ts";
import { isObject, type JsonObject } from "../../referees/json.ts";
import { DAY_MS, GATEWAY_EVENTS_PER_MINUTE, GATEWAY_PAYLOAD_MAX_BYTES, INTENTS, PRIVILEGED_INTENTS } from "./limits.ts";
import { isAlive, push, type Session, shardOf } from "./sessions.ts";
import { guildCreateJson, userJson } from "./shapes.ts";
import type { Audience, World } from "./world.ts";

export const OP = { heartbeat: 1, identify: 2, presence: 3, resume: 6, reconnect: 7, invalid: 9, hello: 10, ack: 11 };
const CLIENT_MESSAGES: Readonly<Record<number, string>> = {
  [OP.heartbeat]: "Heartbeat",
  [OP.identify]: "Identify",
  [OP.presence]: "UpdatePresence",
  [OP.resume]: "Resume",
};
/** Ops that are right and that the fake has no use for: voice, member lists, soundboards. */
const IGNORED = [4, 8, 31];

export interface GatewayOptions {
  readonly token: () => string;
  /** Discord takes the token away from who identifies too often. */
  readonly resetToken: () => void;
  readonly shards: number;
  readonly heartbeatIntervalMs: number;
  readonly identifiesPerDay: number;
  /** Privileged intents switched on in the developer portal. */
  readonly privilegedIntents: number;
  readonly referee: GatewayReferee;
}

export interface Identified {
  readonly atMs: number;
  readonly shard: readonly [id: number, count: number];
  readonly intents: number;
  readonly presence: unknown;
}
export interface Resumed {
  readonly atMs: number;
  readonly sessionId: string;
  readonly replayed: number;
}
export interface PresenceSet {
  readonly atMs: number;
  readonly shard: number;
  readonly presence: JsonObject;
}

export interface GatewayState {
  readonly sessions: Map<string, Session>;
  readonly identifies: Identified[];
  readonly resumes: Resumed[];
  readonly presences: PresenceSet[];
  heartbeats: number;
  deaf: boolean;
  down: boolean;
}

export interface Connection {
  readonly socket: WebSocket;
  readonly stream: Duplex;
  session: Session | undefined;
  /** Of its messages in the last minute. */
  receivedAtMs: number[];
  /** Of the last heartbeat; real time. */
  beatAtMs: number;
}

/** The gateway closes the connection with this code. */
export class Goodbye extends Error {
  readonly code: number;
  constructor(code: number, reason: string) {
    super(reason);
    this.code = code;
  }
}

const pascal = (name: string) =>
  name
    .toLowerCase()
    .split("_")
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join("");

/** What is no event has neither number nor name, and says so. */
export const bare = (op: number, d?: unknown): JsonObject => ({
  op,
  ...(d === undefined ? {} : { d }),
  s: null,
  t: null,
});

export interface Conversation {
  say(connection: Connection, name: string, payload: JsonObject): void;
  event(session: Session, name: string, data: JsonObject, to?: Audience): void;
  /** @throws Goodbye */
  received(connection: Connection, raw: RawData): void;
  readonly url: () => string;
}

/** What the gateway says to what a client says. */
export function converse(world: World, state: GatewayState, options: GatewayOptions): Conversation {
  const { nowMs } = world.clock;
  const { sessions, identifies, resumes, presences } = state;
  const url = () => `${world.baseUrl.replace(/^http/, "ws")}/gateway`;
  const judge = (name: string, payload: unknown, whose: string) => {
    const complaints = options.referee.message(name, payload);
    if (complaints) world.complaints.push(`${whose} ${name} over the gateway: ${complaints.join("; ")}`);
  };
  const say: Conversation["say"] = (connection, name, payload) => {
    judge(name, payload, "the fake's");
    connection.socket.send(JSON.stringify(payload));
  };
  const event: Conversation["event"] = (session, name, data, to) => {
    const payload = push(session, name, data, to);
    world.judging.add(() => judge(pascal(name), payload, "the fake's"));
  };

  function identify(connection: Connection, data: JsonObject): void {
    if (connection.session) throw new Goodbye(4005, "Already authenticated.");
    if (data["token"] !== options.token()) throw new Goodbye(4004, "Authentication failed.");
    if (identifies.filter(({ atMs }) => atMs > nowMs() - DAY_MS).length >= options.identifiesPerDay) {
      options.resetToken();
      for (const session of sessions.values()) session.ended = true;
      throw new Goodbye(4004, "Authentication failed.");
    }
    const intents = Number(data["intents"]);
    if ((intents & PRIVILEGED_INTENTS & ~options.privilegedIntents) !== 0)
      throw new Goodbye(4014, "Disallowed intent(s).");
    const [id, count] = Array.isArray(data["shard"]) ? data["shard"].map(Number) : [0, 1];
    if (id === undefined || count === undefined || !(id >= 0 && id < count)) throw new Goodbye(4010, "Invalid shard.");
    const shard = [id, count] as const;
    identifies.push({ atMs: nowMs(), shard, intents, presence: data["presence"] });
    if (isObject(data["presence"])) presences.push({ atMs: nowMs(), shard: id, presence: data["presence"] });
    const fresh = { seq: 0, sent: [], socket: connection.socket, ended: false };
    const session: Session = { id: `session${identifies.length}`, shard, intents, ...fresh };
    sessions.set(session.id, session);
    connection.session = session;
    greet(session);
    world.changed();
  }

  function greet(session: Session): void {
    const guilds = [...world.guilds.values()].filter(
      (guild) => !guild.left && shardOf(guild.id, session.shard[1]) === session.shard[0],
    );
    event(session, "READY", {
      v: 10,
      user: { ...userJson(world.bot), mfa_enabled: false, verified: true },
      guilds: guilds.map(({ id }) => ({ id, unavailable: true })),
      session_id: session.id,
      resume_gateway_url: url(),
      shard: session.shard,
      application: { id: world.applicationId, flags: 0, flags_new: "0" },
    });
    if ((session.intents & INTENTS.guilds) !== 0)
      for (const guild of guilds) event(session, "GUILD_CREATE", guildCreateJson(world, guild));
  }

  function resume(connection: Connection, data: JsonObject): void {
    if (data["token"] !== options.token()) throw new Goodbye(4004, "Authentication failed.");
    const session = sessions.get(String(data["session_id"]));
    const seq = Number(data["seq"]);
    if (!session || !isAlive(session, nowMs())) {
      say(connection, "InvalidSession", bare(OP.invalid, false));
      return;
    }
    if (seq > session.seq) throw new Goodbye(4007, "Invalid seq.");
    const missed = session.sent.filter((sent) => sent.seq > seq);
    resumes.push({ atMs: nowMs(), sessionId: session.id, replayed: missed.length });
    // After op 9 a client may resume on the connection it has.
    if (session.socket !== connection.socket) session.socket?.terminate();
    connection.session = session;
    for (const { text, interactionId } of missed) {
      connection.socket.send(text);
      const interaction = world.interactions.get(interactionId ?? "");
      if (interaction) interaction.delivered = true;
    }
    session.socket = connection.socket;
    delete session.lostAtMs;
    event(session, "RESUMED", { _trace: [] });
    world.changed();
  }

  return {
    say,
    event,
    url,
    received(connection, raw) {
      const text = raw.toString();
      if (Buffer.byteLength(text) > GATEWAY_PAYLOAD_MAX_BYTES) throw new Goodbye(4002, "Payload too large.");
      const payload = parse(text);
      const sinceMs = nowMs() - 60_000;
      connection.receivedAtMs = [...connection.receivedAtMs.filter((atMs) => atMs > sinceMs), nowMs()];
      if (connection.receivedAtMs.length > GATEWAY_EVENTS_PER_MINUTE) throw new Goodbye(4008, "Rate limited.");
      const op = Number(payload["op"]);
      const name = CLIENT_MESSAGES[op];
      if (name) judge(name, payload, "the bot's");
      const data = isObject(payload["d"]) ? payload["d"] : {};
      if (op === OP.heartbeat) {
        state.heartbeats += 1;
        connection.beatAtMs = performance.now();
        if (!state.deaf) say(connection, "HeartbeatAck", bare(OP.ack));
      } else if (op === OP.identify) identify(connection, data);
      else if (op === OP.resume) resume(connection, data);
      else if (!connection.session) throw new Goodbye(4003, "Not authenticated.");
      else if (op === OP.presence) {
        presences.push({ atMs: nowMs(), shard: connection.session.shard[0], presence: data });
        world.changed();
      } else if (!IGNORED.includes(op)) throw new Goodbye(4001, "Unknown opcode.");
    },
  };
}

/** @throws Goodbye 4002 */
function parse(text: string): JsonObject {
  try {
    const payload: unknown = JSON.parse(text);
    if (isObject(payload)) return payload;
  } catch {
    // Said below: what is no JSON is as bad as what is no object.
  }
  throw new Goodbye(4002, "Error while decoding payload.");
}
