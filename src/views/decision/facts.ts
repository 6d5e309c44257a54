import type { ChatRules } from "../../domain/chat-settings.ts";
import type { Job, Picture } from "../../domain/job.ts";

/** What a decision's message shows besides the decision, read once. */
export interface DecisionFacts {
  /** Of its options, those that are still there. */
  readonly pictures: readonly Picture[];
  /** What it is about: whose picture is made again, the batch that is picked from, the draft. */
  readonly subject: { readonly job: Job; readonly pictures: readonly Picture[] } | undefined;
  /** What holds in its chat now. */
  readonly rules: Pick<ChatRules, "spoiler">;
  readonly nowMs: number;
}
