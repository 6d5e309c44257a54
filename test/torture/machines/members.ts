import { setTimeout as pauseMs } from "node:timers/promises";
import type { Chat } from "./chat.ts";

const LOOK_EVERY_MS = 20;
const IN_A_ROW = 10;

/** Members of both platforms, who keep asking for pictures. */
export interface Members {
  start(): void;
  stop(): void;
  /** So many may have been typed from now on; at first none. */
  allow(updates: number): void;
  /** Commands typed so far. */
  said(): number;
  /** How many of them have an end before their members' eyes. */
  ended(): number;
  /** Never answered, and without an end: the member was told by their platform. */
  unheard(): number;
  chatOf(update: number): Chat;
  /** Resolves when all have ended, or nothing has for so long. */
  allEnded(quietMs: number): Promise<void>;
}

/**
 * @param chats where they talk: ten times here, ten times there, so that each has its share of what is refused and deferred
 * @param jobs are asked for, and one more for each that nobody heard
 * @param backlog of what was asked for so much may have no end
 */
export function createMembers(chats: readonly Chat[], jobs: number, backlog: number): Members {
  let said = 0;
  let allowed = 0;
  let isOver = false;
  const chatOf = (update: number) => {
    const chat = chats[Math.floor(update / IN_A_ROW) % chats.length];
    if (!chat) throw new Error("they have nowhere to talk");
    return chat;
  };
  const ended = () => chats.reduce((sum, chat) => sum + chat.ended().size, 0);
  const open = new Set<number>();
  const unheard = () => {
    for (const update of open) if (chatOf(update).ended().has(update)) open.delete(update);
    return [...open].filter((update) => chatOf(update).isUnheard(update)).length;
  };
  async function talk(): Promise<void> {
    while (!isOver) {
      const lost = unheard();
      while (!isOver && said - lost < Math.min(jobs, allowed) && said - lost - ended() < backlog) {
        open.add(said);
        await chatOf(said).say(said);
        said += 1;
      }
      await pauseMs(LOOK_EVERY_MS);
    }
  }
  return {
    start: () => void talk(),
    stop() {
      isOver = true;
    },
    allow(updates) {
      allowed = updates;
    },
    said: () => said,
    ended,
    unheard,
    chatOf,
    async allEnded(quietMs) {
      let last = { ended: -1, atMs: performance.now() };
      while (ended() + unheard() < said || said - unheard() < jobs) {
        if (ended() !== last.ended) last = { ended: ended(), atMs: performance.now() };
        if (performance.now() - last.atMs > quietMs) return;
        await pauseMs(100);
      }
    },
  };
}
