import { z } from "zod";
import type { ReplyTarget } from "../../src/domain/place.ts";

const came = z.object({
  /** The member's message, or ours that was pressed: what an answer replies to. */
  m: z.int().optional(),
  /** The callback query, to be answered once. */
  c: z.string().optional(),
  /** It came from the member's private chat with us, about a group: "p", private answers go back there; "a", all do. */
  d: z.enum(["p", "a"]).optional(),
  /** A reaction: nobody waits for words, so they are not said in front of everybody. */
  q: z.literal(1).optional(),
  /** A vote in a poll: only a refusal is worth words, since the poll shows the vote all the same. */
  v: z.literal(1).optional(),
});

/** How an event came in, which decides where its answer goes. Travels in `replyToken`, through restarts. */
export type Came = z.output<typeof came>;

export const encodeCame = (value: Came): string => JSON.stringify(value);

export function cameOf(target: ReplyTarget): Came {
  if (target.replyToken === undefined) return {};
  try {
    return came.safeParse(JSON.parse(target.replyToken)).data ?? {};
  } catch {
    // Of another version: it is answered in the chat, replying to nothing.
    return {};
  }
}

/** "telegram:123" to 123; `undefined` for a chat's own name, which has no private chat. */
export function userIdOf(memberId: string): number | undefined {
  const digits = /^telegram:([1-9]\d{0,15})$/.exec(memberId)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

export const memberIdOf = (id: number): string => `telegram:${id}`;
