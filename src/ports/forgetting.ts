import type { DecisionKind } from "../domain/decision.ts";
import type { Forgotten } from "../domain/forgetting.ts";
import type { Problem } from "../domain/problem.ts";
import type { Recipe } from "../domain/recipe.ts";

/** What there is of a person, over all their accounts. */
export interface HeldOf {
  /** Their pictures that would go. */
  readonly pictures: number;
  /** Those that are the group's: somebody else voted for them, or they were chosen. They stay, nameless. */
  readonly staying: number;
  /** Standing votes, in votes that are open or over. */
  readonly votes: number;
  readonly documents: number;
  /** Messages in groups that show what would go, and are changed where they are. */
  readonly messages: number;
  /** Messages in chats with the bot alone: nobody but their member can remove them. */
  readonly alone: number;
  /** Who was sent their words: backends by name. */
  readonly backends: readonly string[];
}

/** What is written down of a person beside their pictures, for them to take away. Unix ms. */
export interface HeldRecords {
  readonly votes: readonly {
    readonly kind: DecisionKind;
    readonly question?: string;
    readonly chat?: string;
    readonly openedAtMs: number;
    readonly choices: readonly string[];
    readonly reason?: string;
    readonly atMs: number;
  }[];
  readonly ledger: readonly {
    readonly jobId: string;
    readonly state: string;
    readonly heldGpuMs: number;
    readonly usedGpuMs: number | null;
    readonly endedAtMs: number | null;
  }[];
  readonly gifts: readonly { readonly potId: string; readonly gpuMs: number; readonly atMs: number }[];
  readonly accounts: readonly { readonly id: string; readonly name?: string }[];
}

/** One who asked to be forgotten, and what is left to do. */
export interface ForgetPlan extends Forgotten {
  readonly forgettingId: string;
  readonly askedAtMs: number;
}

/** Files of theirs, by what they are found under. All of it can be done twice. */
export interface ForgettableFiles {
  readonly imageIds: readonly string[];
  /** Jobs whose pictures go: replies may still show them. */
  readonly jobIds: readonly string[];
  /** Of the group, without words: the files say them as well. `recipe`: as it is from now on. */
  readonly wordless: readonly { readonly imageId: string; readonly recipe: Recipe }[];
  readonly inputKeys: readonly string[];
  /** Chats in which something of theirs may be kept between a question and its answer. */
  readonly chatKeys: readonly string[];
  /** Documents in which their pictures or names may stand, whoever asked for them. */
  readonly documentIds: readonly string[];
  /** Their words, as they were typed: longest first. */
  readonly words: readonly string[];
}

/**
 * Being forgotten: a part of the `Store`. It is a plan that is written down first, so that a crash in the middle goes on. Each step
 * can be done twice.
 */
export interface Forgetting {
  heldOf(memberId: string): Promise<HeldOf>;
  recordsOf(memberId: string): Promise<HeldRecords>;
  /** Cancels what waits. One that was begun before goes on. `runningJobIds`: to be stopped by whoever runs them. */
  beginForgetting(input: {
    readonly memberId: string;
    readonly name: string;
    readonly problem: Problem;
    readonly nowMs: number;
  }): Promise<{ readonly plan: ForgetPlan; readonly runningJobIds: readonly string[] }>;
  /** Those that are not done, oldest first. */
  forgettings(): Promise<readonly ForgetPlan[]>;
  /** "busy": something of theirs is still being made. */
  forgettableFiles(plan: ForgetPlan): Promise<ForgettableFiles | "busy">;
  /** All rows but the plan itself: own words and pictures, then every id and name. Owes the messages that show something else now. */
  forgetRows(plan: ForgetPlan, nowMs: number): Promise<void>;
  /** Which of these messages the outbox knows: they are changed by it, or are others'. */
  owedMessages(platform: string, messageIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** The plan goes, and what was deleted is not in the database's files any more, as far as that is ours to say. */
  endForgetting(forgettingId: string): Promise<void>;
}
