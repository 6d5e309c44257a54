import type { ChatRules } from "../../domain/chat-settings.ts";
import { AYE, type Decision, type DecisionOption, type DecisionVote } from "../../domain/decision.ts";
import { standingVotes } from "../../domain/decision-tally.ts";
import type { Job, Picture } from "../../domain/job.ts";

/** What a decision's message shows besides the decision, read once. */
export interface DecisionFacts {
  /** Of its options, those that are still there. */
  readonly pictures: readonly Picture[];
  /** What it is about: whose picture is made again, the batch that is picked from, the draft. */
  readonly subject:
    | { readonly job: Job; readonly pictures: readonly Picture[]; readonly ownerIds: readonly string[] }
    | undefined;
  /** What holds in its chat now. */
  readonly rules: Pick<ChatRules, "spoiler" | "polls" | "pays">;
  readonly nowMs: number;
}

export const pictureOfOption = (
  { imageId }: DecisionOption,
  { pictures }: Pick<DecisionFacts, "pictures">,
): Picture | undefined => pictures.find((picture) => picture.imageId === imageId && picture.deleted === undefined);

type Voted = Pick<Decision, "options" | "votes">;

const votesFor = ({ options, votes }: Voted, optionId: string): readonly DecisionVote[] =>
  standingVotes(options, votes).filter(({ choices }) => choices.includes(optionId));

/** Who said yes: to another take, to what it spends. */
export const ayesOf = (decision: Voted): readonly DecisionVote[] => votesFor(decision, AYE);

/** While it is open only a live one shows how it goes. */
export const showsCounts = ({ state, rule }: Pick<Decision, "state" | "rule">): boolean =>
  state !== "open" || rule.visibility === "live";

/** A secret one forgets who chose what, and says nothing of it before. */
export const showsNames = (decision: Pick<Decision, "state" | "rule">): boolean =>
  decision.rule.visibility !== "secret" && showsCounts(decision);

/** Once it is over as it was counted then, else as it stands. */
export const countOf = (decision: Decision, optionId: string): number =>
  decision.outcome?.counts[optionId] ?? votesFor(decision, optionId).length;

export const votedCount = (decision: Decision): number =>
  decision.outcome?.voted ?? standingVotes(decision.options, decision.votes).length;
