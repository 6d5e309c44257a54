import type { Block, NewBlock } from "../domain/block.ts";
import type { Problem } from "../domain/problem.ts";

/** Who is shut out where, one list for every platform: a part of the `Store`. */
export interface BlockList {
  /**
   * Shuts a person out, with all accounts that they have and that they join later, and what that means in the same transaction: their votes on open ballots there are taken out, and their
   * orders that wait there are cancelled with `problem` and refunded, but for those that others pay for too. An entry for
   * the same member and scope gets the new end.
   */
  block(block: NewBlock, problem: Problem): Promise<Blocked>;
  /** The entry that was taken away; `undefined`: there is none of that number. */
  unblock(number: number): Promise<Block | undefined>;
  /** The entry that holds for this member there: of the chat or of everywhere, whichever lasts longer. One that is over is none. */
  blockOf(memberId: string, settingsKey: string, nowMs: number): Promise<Block | undefined>;
  /** Entries of one scope that are not over, newest first. */
  blocks(scope: string, nowMs: number, limit: number): Promise<readonly Block[]>;
  /** Entries that are over go. Resolves with how many. */
  sweepBlocks(nowMs: number): Promise<number>;
}

export interface Blocked {
  readonly block: Block;
  /** All whom it shuts out: the accounts of one person, the one that was named first. */
  readonly accountIds: readonly string[];
  /** How many waiting orders were cancelled. */
  readonly cancelled: number;
  /** Orders of theirs that are being drawn at this moment, to be cancelled where they are drawn. */
  readonly runningJobIds: readonly string[];
}
