import type { WebSocket } from "ws";
import type { JsonObject } from "../../referees/json.ts";
import { INTENTS, SESSION_RESUMABLE_MS } from "./limits.ts";
import type { Audience } from "./world.ts";

export interface Session {
  readonly id: string;
  readonly shard: readonly [id: number, count: number];
  readonly intents: number;
  seq: number;
  /** Everything sent, for those who resume. */
  readonly sent: { readonly seq: number; readonly text: string; readonly interactionId?: string }[];
  socket: WebSocket | undefined;
  /** Since when nobody is connected. */
  lostAtMs?: number;
  /** Ended by either side: it cannot be resumed. */
  ended: boolean;
}

/** Which of `count` shards a server belongs to; direct messages belong to shard 0. */
export const shardOf = (guildId: string | undefined, count: number): number =>
  guildId === undefined ? 0 : Number((BigInt(guildId) >> 22n) % BigInt(count));

export const isAlive = (session: Session, nowMs: number): boolean =>
  !session.ended && (session.socket !== undefined || nowMs - (session.lostAtMs ?? nowMs) <= SESSION_RESUMABLE_MS);

export function hears(session: Session, { guildId, intents }: Audience): boolean {
  const [id, count] = session.shard;
  return shardOf(guildId, count) === id && (intents === 0 || (session.intents & intents) !== 0);
}

/** The next event of a session: kept for a resume, and sent when somebody is connected. */
export function push(session: Session, name: string, data: JsonObject, to?: Audience): JsonObject {
  const redact = to?.withoutMessageContent !== undefined && (session.intents & INTENTS.messageContent) === 0;
  session.seq += 1;
  const payload = { op: 0, t: name, s: session.seq, d: redact ? to.withoutMessageContent : data };
  const text = JSON.stringify(payload);
  const isInteraction = name === "INTERACTION_CREATE" && typeof data["id"] === "string";
  session.sent.push({ seq: session.seq, text, ...(isInteraction ? { interactionId: String(data["id"]) } : {}) });
  session.socket?.send(text);
  return payload;
}
