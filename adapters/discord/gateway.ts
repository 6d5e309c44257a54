import type { GatewayPresenceUpdateData, GatewaySendPayload } from "discord.js";
import { within } from "../../src/lib/abort.ts";
import type { Clock } from "../../src/lib/clock.ts";
import { asError } from "../../src/lib/error.ts";
import { dangerIn } from "../../src/lib/foreign-json.ts";
import { ChatError } from "../../src/ports/chat.ts";
import type { Log } from "../../src/ports/log.ts";
import { BAD_TOKEN, chatErrorOf } from "./errors.ts";
import type { Http } from "./http.ts";
import type { Sessions } from "./sessions.ts";

/** Only Guilds: names of roles and channels. Commands, buttons and forms come without any. */
const INTENTS = 1 << 0;

/**
 * Between 4000 and 4999: Discord keeps the session of a connection that ends so, and the next process resumes it. 1000 and
 * 1001 would end it, and what members do during the restart would be lost.
 */
const LEAVE_CODE = 4200;
/** What a socket says that was cut off, or never came about. */
const ABNORMAL = 1006;
/** Attempts come half a second apart. */
const KEEP_OVER_FAILURES = 60;
const REPLAY_MS = 2000;
const PRESENCE_UPDATE = 3;
const LEAVE_WITHIN_MS = 2000;

export interface GatewayEvent {
  readonly name: string;
  readonly data: unknown;
  readonly shardId: number;
  readonly sequence: number;
  /** Delivered again after a resume: it may have happened while nobody was here. */
  readonly replayed: boolean;
}

export interface Gateway {
  /** Resolves when every shard is connected; tries on for ever while Discord is away. @throws ChatError "auth" | "offline" */
  connect(): Promise<void>;
  setPresence(presence: GatewayPresenceUpdateData): void;
  /** Ends the connections so that their sessions can be resumed. Never throws. */
  leave(): Promise<void>;
}

export interface GatewayDeps {
  readonly http: Http;
  readonly token: string;
  readonly shards: "auto" | number;
  readonly sessions: Sessions;
  readonly received: (event: GatewayEvent) => void;
  readonly clock: Clock;
  readonly log: Log;
}

/** The gateway by discord.js' own client, with sessions that outlive the process. */
export async function openGateway(deps: GatewayDeps): Promise<Gateway> {
  const { WebSocketManager, WebSocketShardEvents } = await import("@discordjs/ws");
  const { sessions, clock, log } = deps;
  const ready = new Set<number>();
  const resuming = new Set<number>();
  const resumedAtMs = new Map<number, number>();
  const away = new Set<number>();
  /** Shards whose last connections broke or never came about, and how often in a row. */
  const broken = new Map<number, number>();
  let leaving = false;

  const manager = new WebSocketManager({
    token: deps.token,
    intents: INTENTS,
    // It asks for one thing only.
    rest: { get: (route: string) => deps.http.bot("GET", route as `/${string}`) } as never,
    shardCount: deps.shards === "auto" ? null : deps.shards,
    retrieveSessionInfo: async (shardId) => {
      // A shard that waits to reconnect cannot be told to stop: it asks for its session first, and gets no answer.
      if (leaving) await new Promise<never>(() => {});
      const session = await sessions.retrieve(shardId);
      if (session && !ready.has(shardId)) resuming.add(shardId);
      return session;
    },
    updateSessionInfo: (shardId, session) => {
      // The library forgets a session when the network fails; Discord has not, unless its server is gone for good.
      const failures = broken.get(shardId) ?? 0;
      if (session === null && failures > 0 && failures < KEEP_OVER_FAILURES) return;
      sessions.update(shardId, session);
    },
  });

  const connected = (shardId: number) => {
    ready.add(shardId);
    resuming.delete(shardId);
    if (away.delete(shardId)) log.info("discord.connected_again", { shard: shardId });
  };
  manager.on(WebSocketShardEvents.Ready, ({ shardId }) => connected(shardId));
  manager.on(WebSocketShardEvents.Resumed, ({ shardId }) => {
    resumedAtMs.set(shardId, clock.steadyMs());
    connected(shardId);
  });
  manager.on(WebSocketShardEvents.Hello, ({ shardId }) => void broken.delete(shardId));
  manager.on(WebSocketShardEvents.Closed, ({ code, shardId }) => {
    if (code === ABNORMAL) broken.set(shardId, (broken.get(shardId) ?? 0) + 1);
    log.debug("discord.closed", { shard: shardId, code });
    const was = ready.delete(shardId);
    // Once for each outage: the attempts to come back say nothing new.
    if (leaving || !was || away.has(shardId)) return;
    away.add(shardId);
    log.warn("discord.connection_lost", { shard: shardId, code });
  });
  manager.on(WebSocketShardEvents.Error, ({ error, shardId }) => {
    const known = gatewayError(error);
    if (known instanceof ChatError && known.code === "auth")
      log.error("discord.stopped", { shard: shardId, error: known });
    else log.debug("discord.gateway_error", { shard: shardId, error: known });
  });
  manager.on(WebSocketShardEvents.Dispatch, ({ data, shardId }) => {
    if (dangerIn(data) !== undefined) return log.warn("discord.event_refused", { shard: shardId });
    // The library tells that it resumed before it hands over the last of what was replayed.
    const justResumed = clock.steadyMs() - (resumedAtMs.get(shardId) ?? Number.NEGATIVE_INFINITY) < REPLAY_MS;
    const replayed = resuming.has(shardId) || justResumed;
    deps.received({ name: data.t, data: data.d, shardId, sequence: data.s, replayed });
  });

  return {
    async connect() {
      try {
        await manager.connect();
      } catch (thrown) {
        throw gatewayError(asError(thrown));
      }
    },
    setPresence(presence) {
      for (const shardId of ready)
        void Promise.resolve(manager.send(shardId, { op: PRESENCE_UPDATE, d: presence } as GatewaySendPayload)).catch(
          () => undefined,
        );
    },
    async leave() {
      leaving = true;
      sessions.keep();
      const left = Promise.resolve(manager.destroy({ code: LEAVE_CODE, reason: "restart" })).catch(() => undefined);
      await within(clock, LEAVE_WITHIN_MS, left);
      await sessions.flush();
    },
  };
}

/** The library throws plain errors with these words, by the close code it got. */
function gatewayError(error: Error): Error {
  switch (error.message) {
    case "Authentication failed":
      return new ChatError("discord", "auth", BAD_TOKEN);
    case "Used disallowed intents":
    case "Used invalid intents":
      return new ChatError(
        "discord",
        "auth",
        "Discord does not give this bot the Guilds intent; check the application",
      );
    case "Sharding is required":
    case "Invalid shard":
      return new ChatError("discord", "auth", "the bot needs more gateway connections: set DISCORD_SHARDS to auto");
  }
  if (error.message.startsWith("Not enough sessions"))
    return new ChatError("discord", "offline", "Discord allows no more new connections today; waiting for it", {
      retryAfterMs: 3_600_000,
    });
  return chatErrorOf(error);
}
