import type { Decision, DecisionOption, DecisionRule, DecisionVote, Tally } from "./decision.ts";

/**
 * Counts what stands now. `winners` are those that would win if it closed at this moment; `state` says whether the votes have
 * decided already: a quorum that is full, or all who are present have voted. Pure: the order of votes is irrelevant.
 *
 * @param present persons, each once; absent: nobody counts who is present
 */
export function tally(
  rule: Pick<DecisionRule, "method" | "needed">,
  options: readonly DecisionOption[],
  votes: readonly DecisionVote[],
  present?: readonly string[],
): Tally {
  const standing = standingVotes(options, votes);
  const approvals = options.map(({ id }) => ({
    id,
    count: standing.filter(({ choices }) => choices.includes(id)).length,
  }));
  const winners = winnersOf(rule, approvals, neededOf(rule, present?.length ?? standing.length));
  const counts = Object.fromEntries(approvals.map(({ id, count }) => [id, count]));
  return {
    state: stateOf(rule, winners, standing, present),
    counts,
    voted: standing.length,
    winners,
    tie: winners.length > 1,
  };
}

/** One vote a person, the newest where accounts were linked after each had voted; without those that were taken back. */
export function standingVotes(
  options: readonly DecisionOption[],
  votes: readonly DecisionVote[],
): readonly DecisionVote[] {
  const known = new Set(options.map(({ id }) => id));
  const newest = new Map<string, DecisionVote>();
  for (const vote of votes) {
    const before = newest.get(vote.personId);
    if (!before || isNewer(vote, before)) newest.set(vote.personId, vote);
  }
  return [...newest.values()].flatMap((vote) => {
    const choices = vote.choices.filter((id, at) => known.has(id) && vote.choices.indexOf(id) === at);
    if (choices.length === 0) return [];
    return choices.length === vote.choices.length ? vote : { ...vote, choices };
  });
}

const isNewer = (one: DecisionVote, other: DecisionVote): boolean =>
  one.atMs > other.atMs || (one.atMs === other.atMs && one.memberId > other.memberId);

/** @param among those present; where nobody counts them, those who voted */
const neededOf = ({ needed }: Pick<DecisionRule, "needed">, among: number): number =>
  needed === "majority_present" ? Math.floor(among / 2) + 1 : Math.max(1, needed);

/** How many have to approve the winner, or agree, as it stands. */
export const votesNeeded = ({ rule, options, votes, presentIds }: Decision): number =>
  neededOf(rule, presentIds?.length ?? standingVotes(options, votes).length);

function winnersOf(
  { method }: Pick<DecisionRule, "method">,
  approvals: readonly { readonly id: string; readonly count: number }[],
  needed: number,
): readonly string[] {
  if (method === "proposal") {
    const countOf = (option: string) => approvals.find(({ id }) => id === option)?.count ?? 0;
    const agree = countOf("agree");
    // Whoever blocks says no like whoever disagrees, and gives a reason: it vetoes nothing.
    return agree > countOf("disagree") + countOf("block") && agree >= needed ? ["agree"] : [];
  }
  const most = Math.max(0, ...approvals.map(({ count }) => count));
  return most < needed ? [] : approvals.filter(({ count }) => count === most).map(({ id }) => id);
}

function stateOf(
  { method, needed }: Pick<DecisionRule, "method" | "needed">,
  winners: readonly string[],
  standing: readonly DecisionVote[],
  present: readonly string[] | undefined,
): Tally["state"] {
  // Of an unknown number nobody knows the half before it is over.
  const isFull = method === "quorum" && winners.length > 0 && (needed !== "majority_present" || present !== undefined);
  if (isFull) return "passed";
  if (!present?.length || notVoted(standing, present).length > 0) return "open";
  return winners.length === 1 ? "passed" : "failed";
}

/** Those present who have no vote. @param present persons, or accounts: see `DecisionVote` */
export function notVoted(standing: readonly DecisionVote[], present: readonly string[]): readonly string[] {
  const voted = new Set(standing.flatMap(({ personId, memberId }) => [personId, memberId]));
  return present.filter((id) => !voted.has(id));
}
