import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { type RawData, type WebSocket, WebSocketServer } from "ws";
import type { GatewayReferee } from "../../referees/gateway.ts";
import { isObject, type JsonObject } from "../../referees/json.ts";
import {
  DAY_MS,
  GATEWAY_EVENTS_PER_MINUTE,
  GATEWAY_PAYLOAD_MAX_BYTES,
  IDENTIFIES_PER_DAY,
  PRIVILEGED_INTENTS,
} from "./limits.ts";
import { hears, isAlive, push, type Session, shardOf } from "./sessions.ts";
import { guildCreateJson, userJson } from "./shapes.ts";
import type { World } from "./world.ts";

const OP = {
  dispatch: 0,
  heartbeat: 1,
  identify: 2,
  presence: 3,
  resume: 6,
  reconnect: 7,
  invalid: 9,
  hello: 10,
  ack: 11,
};
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
  readonly shards: number;
  readonly heartbeatIntervalMs: number;
  /** Privileged intents switched on in the developer portal. */
  readonly privilegedIntents: number;
  readonly referee: GatewayReferee;
}

/** Close codes after which nothing can be resumed. */
const ENDS_THE_SESSION = [1000, 1001, 4004, 4007, 4009, 4010, 4011, 4012, 4013, 4014];

/** The gateway as a test reads and breaks it. */
export interface Gateway {
  readonly identifies: readonly {
    readonly atMs: number;
    readonly shard: readonly [id: number, count: number];
    readonly intents: number;
    readonly presence: unknown;
  }[];
  readonly resumes: readonly { readonly atMs: number; readonly sessionId: string; readonly replayed: number }[];
  readonly presences: readonly { readonly atMs: number; readonly shard: number; readonly presence: JsonObject }[];
  readonly heartbeats: number;
  /** Close codes of sockets, whoever closed them; 1006 is a cut. */
  readonly closes: readonly number[];
  readonly sessions: readonly { readonly id: string; readonly shard: number; readonly open: boolean }[];
  /** Op 7: the client is asked to come back and resume. */
  reconnect(): void;
  /** Op 9: the session is over; `resumable` lets the client try a resume. */
  invalidate(resumable?: boolean): void;
  close(code: number, reason?: string): void;
  /** The connection breaks without a word. */
  kill(): void;
  /** Sessions are forgotten while nobody is told: the next resume gets op 9. */
  forget(): void;
  /** True: heartbeats go unanswered, the connection is a zombie. */
  deaf: boolean;
  /** True: no new connection is let in (503). */
  down: boolean;
}

export interface OpenGateway extends Gateway {
  end(): void;
}

interface Connection {
  readonly socket: WebSocket;
  readonly stream: Duplex;
  session: Session | undefined;
  heardAtMs: number[];
}

/** The gateway closes the connection with this code. */
class Goodbye extends Error {
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

export function openGateway(world: World, server: Server, options: GatewayOptions): OpenGateway {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 1 << 20 });
  const sessions = new Map<string, Session>();
  const connections = new Set<Connection>();
  const identifies: Gateway["identifies"][number][] = [];
  const resumes: Gateway["resumes"][number][] = [];
  const presences: Gateway["presences"][number][] = [];
  const closes: number[] = [];
  let heartbeats = 0;
  const state = { deaf: false, down: false };
  const { nowMs } = world.clock;
  const gatewayUrl = () => `${world.baseUrl.replace(/^http/, "ws")}/gateway`;

  const judge = (name: string, payload: unknown, whose: string) => {
    const complaints = options.referee.message(name, payload);
    if (complaints) world.complaints.push(`${whose} ${name} over the gateway: ${complaints.join("; ")}`);
  };
  const say = (connection: Connection, name: string, payload: JsonObject) => {
    judge(name, payload, "the fake's");
    connection.socket.send(JSON.stringify(payload));
  };
  // What is no event has neither number nor name, and says so.
  const bare = (op: number, d: unknown): JsonObject => ({ op, d, s: null, t: null });
  const dispatch = (session: Session, name: string, data: JsonObject) =>
    judge(pascal(name), push(session, name, data), "the fake's");

  world.dispatch = (name, data, to) => {
    const listening = [...sessions.values()].filter((session) => isAlive(session, nowMs()) && hears(session, to));
    for (const session of listening) judge(pascal(name), push(session, name, data, to), "the fake's");
    return listening.length;
  };
  world.gateway = () => {
    const used = identifies.filter(({ atMs }) => atMs > nowMs() - DAY_MS).length;
    return {
      url: gatewayUrl(),
      shards: options.shards,
      session_start_limit: {
        total: IDENTIFIES_PER_DAY,
        remaining: Math.max(0, IDENTIFIES_PER_DAY - used),
        reset_after: DAY_MS,
        max_concurrency: 16,
      },
    };
  };

  function identify(connection: Connection, data: JsonObject): void {
    if (connection.session) throw new Goodbye(4005, "Already authenticated.");
    if (data["token"] !== options.token()) throw new Goodbye(4004, "Authentication failed.");
    const intents = Number(data["intents"]);
    if ((intents & PRIVILEGED_INTENTS & ~options.privilegedIntents) !== 0)
      throw new Goodbye(4014, "Disallowed intent(s).");
    const [id, count] = Array.isArray(data["shard"]) ? data["shard"].map(Number) : [0, 1];
    if (id === undefined || count === undefined || !(id >= 0 && id < count)) throw new Goodbye(4010, "Invalid shard.");
    const shard = [id, count] as const;
    identifies.push({ atMs: nowMs(), shard, intents, presence: data["presence"] });
    if (isObject(data["presence"])) presences.push({ atMs: nowMs(), shard: id, presence: data["presence"] });
    const session: Session = {
      id: `session${identifies.length}`,
      shard,
      intents,
      seq: 0,
      sent: [],
      socket: connection.socket,
      ended: false,
    };
    sessions.set(session.id, session);
    connection.session = session;
    greet(session);
    world.changed();
  }

  function greet(session: Session): void {
    const guilds = [...world.guilds.values()].filter(
      (guild) => !guild.left && shardOf(guild.id, session.shard[1]) === session.shard[0],
    );
    dispatch(session, "READY", {
      v: 10,
      user: { ...userJson(world.bot), mfa_enabled: false, verified: true },
      guilds: guilds.map(({ id }) => ({ id, unavailable: true })),
      session_id: session.id,
      resume_gateway_url: gatewayUrl(),
      shard: session.shard,
      application: { id: world.applicationId, flags: 0, flags_new: "0" },
    });
    if ((session.intents & 1) !== 0)
      for (const guild of guilds) dispatch(session, "GUILD_CREATE", guildCreateJson(world, guild));
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
    const missed = session.sent.filter((event) => event.seq > seq);
    resumes.push({ atMs: nowMs(), sessionId: session.id, replayed: missed.length });
    session.socket?.terminate();
    connection.session = session;
    for (const { text } of missed) connection.socket.send(text);
    session.socket = connection.socket;
    delete session.lostAtMs;
    dispatch(session, "RESUMED", { _trace: [] });
    world.changed();
  }

  function heard(connection: Connection, raw: RawData): void {
    const text = raw.toString();
    if (Buffer.byteLength(text) > GATEWAY_PAYLOAD_MAX_BYTES) throw new Goodbye(4002, "Payload too large.");
    const payload = parse(text);
    if (!payload) throw new Goodbye(4002, "Error while decoding payload.");
    const sinceMs = nowMs() - 60_000;
    connection.heardAtMs = [...connection.heardAtMs.filter((atMs) => atMs > sinceMs), nowMs()];
    if (connection.heardAtMs.length > GATEWAY_EVENTS_PER_MINUTE) throw new Goodbye(4008, "Rate limited.");
    const op = Number(payload["op"]);
    const name = CLIENT_MESSAGES[op];
    if (name) judge(name, payload, "the bot's");
    const data = isObject(payload["d"]) ? payload["d"] : {};
    if (op === OP.heartbeat) {
      heartbeats += 1;
      if (!state.deaf) say(connection, "HeartbeatAck", bare(OP.ack, null));
    } else if (op === OP.identify) identify(connection, data);
    else if (op === OP.resume) resume(connection, data);
    else if (!connection.session) throw new Goodbye(4003, "Not authenticated.");
    else if (op === OP.presence) {
      presences.push({ atMs: nowMs(), shard: connection.session.shard[0], presence: data });
      world.changed();
    } else if (!IGNORED.includes(op)) throw new Goodbye(4001, "Unknown opcode.");
  }

  function greetConnection(socket: WebSocket, stream: Duplex): void {
    const connection: Connection = { socket, stream, session: undefined, heardAtMs: [] };
    connections.add(connection);
    socket.on("message", (raw) => {
      try {
        heard(connection, raw);
      } catch (goodbye) {
        if (!(goodbye instanceof Goodbye)) throw goodbye;
        socket.close(goodbye.code, goodbye.message);
      }
    });
    socket.on("error", () => socket.terminate());
    socket.on("close", (code) => {
      closes.push(code);
      connections.delete(connection);
      const { session } = connection;
      if (session?.socket === socket) {
        session.socket = undefined;
        session.lostAtMs = nowMs();
        // A client that says goodbye ends its session.
        if (code === 1000 || code === 1001) session.ended = true;
      }
      world.changed();
    });
    say(connection, "Hello", bare(OP.hello, { heartbeat_interval: options.heartbeatIntervalMs }));
  }

  const upgrade = (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    const url = new URL(request.url ?? "/", "http://fake");
    if (state.down || url.pathname.replace(/\/$/, "") !== "/gateway") {
      stream.end("HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\n\r\n");
      return;
    }
    if (
      url.searchParams.get("v") !== "10" ||
      (url.searchParams.get("encoding") ?? "json") !== "json" ||
      url.searchParams.has("compress")
    )
      world.complaints.push(
        `the fake's gateway speaks v=10&encoding=json without compression, asked for ${url.search}`,
      );
    sockets.handleUpgrade(request, stream, head, (socket) => greetConnection(socket, stream));
  };
  server.on("upgrade", upgrade);
  const each = (act: (connection: Connection) => void) => {
    for (const connection of [...connections]) act(connection);
  };

  return {
    identifies,
    resumes,
    presences,
    closes,
    get heartbeats() {
      return heartbeats;
    },
    get sessions() {
      return [...sessions.values()]
        .filter((session) => isAlive(session, nowMs()))
        .map(({ id, shard, socket }) => ({ id, shard: shard[0], open: socket !== undefined }));
    },
    reconnect: () => each((connection) => say(connection, "Reconnect", bare(OP.reconnect, null))),
    invalidate(resumable = false) {
      each((connection) => {
        if (connection.session && !resumable) connection.session.ended = true;
        say(connection, "InvalidSession", bare(OP.invalid, resumable));
      });
    },
    close(code, reason = "") {
      each(({ socket, session }) => {
        if (session && ENDS_THE_SESSION.includes(code)) session.ended = true;
        socket.close(code, reason);
      });
    },
    kill: () => each(({ stream }) => stream.destroy()),
    forget() {
      for (const session of sessions.values()) session.ended = true;
    },
    get deaf() {
      return state.deaf;
    },
    set deaf(value) {
      state.deaf = value;
    },
    get down() {
      return state.down;
    },
    set down(value) {
      state.down = value;
    },
    end() {
      server.off("upgrade", upgrade);
      each(({ socket }) => socket.terminate());
      sockets.close();
    },
  };
}

function parse(text: string): JsonObject | undefined {
  try {
    const payload: unknown = JSON.parse(text);
    return isObject(payload) ? payload : undefined;
  } catch {
    return undefined;
  }
}
