import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import {
  bare,
  type Connection,
  converse,
  type GatewayOptions,
  type GatewayState,
  Goodbye,
  type Identified,
  OP,
  type PresenceSet,
  type Resumed,
} from "./conversation.ts";
import { DAY_MS } from "./limits.ts";
import { hears, isAlive } from "./sessions.ts";
import type { World } from "./world.ts";

/** Close codes after which nothing can be resumed. */
const ENDS_THE_SESSION = [1000, 1001, 4004, 4007, 4009, 4010, 4011, 4012, 4013, 4014];
const MAX_CONCURRENCY = 16;

/** The gateway as a test reads and breaks it. */
export interface Gateway {
  readonly identifies: readonly Identified[];
  readonly resumes: readonly Resumed[];
  /** Presences set, by Identify or later, oldest first. */
  readonly presences: readonly PresenceSet[];
  readonly heartbeats: number;
  /** Close codes of sockets, whoever closed them; 1006 is a cut. */
  readonly closes: readonly number[];
  /** Those that can be used or resumed. */
  readonly sessions: readonly { readonly id: string; readonly shard: number; readonly open: boolean }[];
  /** Op 7: the client is asked to come back and resume. */
  reconnect(): void;
  /** Op 9: the session is over; `resumable` lets the client try a resume. */
  invalidate(resumable?: boolean): void;
  /** 4000 can be resumed; 4004, 4007, 4009-4014 cannot. */
  close(code: number, reason?: string): void;
  /** The connection breaks without a word. */
  kill(): void;
  /** Sessions are forgotten while nobody is told: the next resume gets op 9. */
  forget(): void;
  /** To every session, as it stands: for what Discord never sends. */
  frame(text: string | Buffer): void;
  /** Nothing more is sent until what this returns is called: all of it leaves then, in one piece. */
  hold(): () => void;
  /** True: heartbeats go unanswered, the connection is a zombie. */
  deaf: boolean;
  /** True: no new connection is let in (503). */
  down: boolean;
}

export interface OpenGateway extends Gateway {
  end(): void;
}

export function openGateway(world: World, server: Server, options: GatewayOptions): OpenGateway {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 1 << 20 });
  const connections = new Set<Connection>();
  const closes: number[] = [];
  const state: GatewayState = {
    sessions: new Map(),
    identifies: [],
    resumes: [],
    presences: [],
    heartbeats: 0,
    deaf: false,
    down: false,
  };
  const { sessions, identifies, resumes, presences } = state;
  const { nowMs } = world.clock;
  const { say, event, received, url } = converse(world, state, options);

  world.dispatch = (name, data, to) => {
    const listening = [...sessions.values()].filter((session) => isAlive(session, nowMs()) && hears(session, to));
    for (const session of listening) event(session, name, data, to);
    return listening.filter(({ socket }) => socket !== undefined).length;
  };
  world.gateway = () => {
    const total = options.identifiesPerDay;
    const used = identifies.filter(({ atMs }) => atMs > nowMs() - DAY_MS).length;
    const remaining = Math.max(0, total - used);
    const limit = { total, remaining, reset_after: DAY_MS, max_concurrency: MAX_CONCURRENCY };
    return { url: url(), shards: options.shards, session_start_limit: limit };
  };

  function connected(socket: WebSocket, stream: Duplex): void {
    const connection: Connection = {
      socket,
      stream,
      session: undefined,
      receivedAtMs: [],
      beatAtMs: performance.now(),
    };
    connections.add(connection);
    socket.on("message", (raw) => {
      try {
        received(connection, raw);
      } catch (goodbye) {
        if (!(goodbye instanceof Goodbye)) throw goodbye;
        socket.close(goodbye.code, goodbye.message);
      }
    });
    socket.on("error", () => socket.terminate());
    socket.on("close", (code) => lost(connection, code));
    say(connection, "Hello", bare(OP.hello, { heartbeat_interval: options.heartbeatIntervalMs }));
  }

  function lost(connection: Connection, code: number): void {
    closes.push(code);
    connections.delete(connection);
    const { session, socket } = connection;
    if (session && session.socket === socket) {
      session.socket = undefined;
      session.lostAtMs = nowMs();
      // A client that says goodbye ends its session.
      if (code === 1000 || code === 1001) session.ended = true;
    }
    world.changed();
  }

  function upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    const { pathname, search, searchParams } = new URL(request.url ?? "/", "http://fake");
    if (state.down || pathname.replace(/\/$/, "") !== "/gateway") {
      stream.end("HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\n\r\n");
      return;
    }
    const json = (searchParams.get("encoding") ?? "json") === "json" && !searchParams.has("compress");
    if (searchParams.get("v") !== "10" || !json)
      world.complaints.push(`the fake's gateway speaks v=10&encoding=json without compression, asked for ${search}`);
    sockets.handleUpgrade(request, stream, head, (socket) => connected(socket, stream));
  }
  server.on("upgrade", upgrade);

  const each = (act: (connection: Connection) => void) => {
    for (const connection of [...connections]) act(connection);
  };
  // Discord hangs up on who forgets to beat.
  const watch = setInterval(
    () =>
      each(({ socket, beatAtMs }) => {
        if (performance.now() - beatAtMs > 2 * options.heartbeatIntervalMs) socket.close(4000, "No heartbeat.");
      }),
    options.heartbeatIntervalMs,
  ).unref();

  return {
    identifies,
    resumes,
    presences,
    closes,
    get heartbeats() {
      return state.heartbeats;
    },
    get sessions() {
      return [...sessions.values()]
        .filter((session) => isAlive(session, nowMs()))
        .map(({ id, shard, socket }) => ({ id, shard: shard[0], open: socket !== undefined }));
    },
    reconnect: () => each((connection) => say(connection, "Reconnect", bare(OP.reconnect))),
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
    frame: (text) => each(({ socket }) => socket.send(text, { binary: false })),
    hold() {
      const held = [...connections].map(({ stream }) => stream);
      for (const stream of held) stream.cork();
      return () => {
        for (const stream of held) stream.uncork();
      };
    },
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
      clearInterval(watch);
      server.off("upgrade", upgrade);
      each(({ socket }) => socket.terminate());
      sockets.close();
    },
  };
}
