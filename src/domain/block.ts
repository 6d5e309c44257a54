import type { Problem } from "./problem.ts";
import { clock, sentences, type Text, text } from "./text.ts";

/** Instead of a chat's key: all chats of this installation. */
export const EVERYWHERE = "everywhere";

/** Somebody, and what they are called. */
export interface Person {
  /** `platform:id`. */
  readonly id: string;
  readonly name: string;
}

/** One entry of the block list: a member who is shut out of a chat, its community, or the whole installation. */
export interface Block {
  /** Never given again: a button that names an entry means that one for ever. */
  readonly number: number;
  /** The key settings are kept under (`settingsKeyOf`), or `EVERYWHERE`. */
  readonly scope: string;
  readonly member: Person;
  readonly by: Person;
  readonly sinceMs: number;
  /** Absent: for ever. */
  readonly untilMs?: number;
  /** In the words of who did it. */
  readonly reason?: string;
}
export type NewBlock = Omit<Block, "number">;

/** "until Friday 13:42 UTC", "with no end". */
export const blockEnd = ({ untilMs }: Pick<Block, "untilMs">, nowMs: number): Text =>
  untilMs === undefined ? text("block.end.never") : text("block.end.until", { until: clock(untilMs, nowMs) });

/** All that a blocked member hears, whatever they do. */
export function blockedProblem(block: Pick<Block, "scope" | "untilMs" | "reason">, nowMs: number): Problem {
  const who = block.scope === EVERYWHERE ? "problem.blocked.everywhere" : "problem.blocked.here";
  const told = block.untilMs === undefined ? text(who) : text(`${who}.until`, { until: clock(block.untilMs, nowMs) });
  return {
    code: "not_allowed",
    text: sentences(
      told,
      block.reason === undefined ? undefined : text("problem.blocked.reason", { reason: block.reason }),
    ),
    ...(block.untilMs === undefined ? {} : { retryAtMs: block.untilMs }),
  };
}
