import type { Person } from "../domain/block.ts";
import type { HoldReason, WithheldState } from "../domain/withheld.ts";

/** Pictures that wait for a moderator: a part of the `Store`. What is held is the whole order. */
export interface Moderation {
  /** Somebody does not want it shown. Once `needed` persons say so it is held, in the same transaction. */
  hide(press: HidePress): Promise<Hidden>;
  /**
   * Decides about what is held, once: whoever comes second gets `undefined`. "approved": it is shown from now on. "refused": its
   * file goes, and what it cost comes back to all who paid. "withdrawn": the same without the money.
   */
  decideHeld(ruling: Ruling): Promise<Ruled | undefined>;
  /** Of one chat, the longest waiting first. */
  heldIn(chatKey: string, limit: number): Promise<readonly Held[]>;
  /** What was done there, newest first. */
  moderationSteps(chatKey: string, limit: number): Promise<readonly ModerationStep[]>;
}

export interface HidePress {
  readonly jobId: string;
  readonly by: Person;
  /** Presses of different persons. */
  readonly needed: number;
  readonly nowMs: number;
}

export type Hidden =
  /** This press was the one. */
  | { readonly is: "hidden"; readonly presses: number }
  | { readonly is: "counted"; readonly presses: number }
  /** By the same person before, or it is out of sight already. */
  | { readonly is: "known" }
  /** A moderator has let it through. */
  | { readonly is: "approved" };

export interface Ruling {
  readonly jobId: string;
  readonly state: Exclude<WithheldState, "held">;
  readonly by: Person;
  /** In a moderator's words, of what is refused. */
  readonly reason?: string;
  readonly nowMs: number;
}

export interface Ruled {
  readonly returnedGpuMs: number;
}

export interface Held {
  readonly jobId: string;
  /** Of the first picture, and of the last where there are several. */
  readonly number: number;
  readonly lastNumber: number;
  readonly member: Person;
  readonly why: HoldReason;
  readonly sinceMs: number;
}

export interface ModerationStep {
  readonly verb: "hide" | "hold" | Ruling["state"];
  readonly number: number;
  readonly byName: string;
  readonly atMs: number;
}
