import type { ClosedBy, Decision, DecisionOption, DecisionOutcome, Tally } from "./decision.ts";
import { notVoted, standingVotes, tally } from "./decision-tally.ts";

// How a decision ends, by whatever ends it. Pure.

/** A press of many choices is mostly followed by another: so long after the last one all have voted. */
export const ALL_VOTED_GRACE_MS = 20_000;

export type Ending =
  /** It goes on among the tied, for half the time. */
  | { readonly state: "run_off"; readonly options: readonly DecisionOption[]; readonly closesAtMs: number }
  | { readonly state: "passed" | "closed"; readonly outcome: DecisionOutcome };

export interface EndedBy {
  readonly closed: ClosedBy;
  /** This option wins, whatever the count. */
  readonly choose?: string;
  readonly note?: string;
}

/**
 * What becomes of an open decision that is ended now. The first tie among candidates goes into a run-off, once.
 *
 * @param present persons; absent: nobody counts them
 */
export function endingOf(
  decision: Decision,
  present: readonly string[] | undefined,
  by: EndedBy,
  nowMs: number,
): Ending {
  const { rule, options, votes } = decision;
  const counted = tally(rule, options, votes, present);
  const chosen = by.choose === undefined ? winnersAt(decision, counted, by) : winnersChosen(decision, by.choose);
  if (chosen.length > 1 && decision.round === 1 && isAmongCandidates(decision))
    return {
      state: "run_off",
      options: options.filter(({ id }) => chosen.includes(id)),
      closesAtMs: nowMs + Math.ceil((decision.closesAtMs - decision.openedAtMs) / 2),
    };
  const outcome: DecisionOutcome = {
    winners: chosen,
    counts: counted.counts,
    voted: counted.voted,
    ...(present ? { notVoted: notVoted(standingVotes(options, votes), present).length } : {}),
    tie: counted.tie,
    closed: by.closed,
    ...(by.choose !== undefined && !isSame(chosen, counted.winners) ? { chairChose: true as const } : {}),
    ...(by.note === undefined ? {} : { note: by.note }),
  };
  return { state: chosen.length === 1 ? "passed" : "closed", outcome };
}

/** What a full quorum starts is started by the vote that fills it: without that one nothing was, and nothing has won. */
const winnersAt = ({ rule }: Decision, { winners }: Tally, { closed }: EndedBy): readonly string[] =>
  rule.spends && closed.by !== "votes" ? [] : winners;

/** A proposal passes or does not: nothing but "agree" wins. */
export const winnersChosen = ({ rule }: Pick<Decision, "rule">, option: string): readonly string[] =>
  rule.method === "proposal" && option !== "agree" ? [] : [option];

const isAmongCandidates = ({ rule }: Decision): boolean => rule.method === "approval" || rule.method === "limited";

const isSame = (some: readonly string[], others: readonly string[]): boolean =>
  some.length === others.length && some.every((id) => others.includes(id));

/** As it is at this moment: the deadline counts also where nobody has swept yet. What goes into a run-off is still open. */
export function seenAt(decision: Decision, present: readonly string[] | undefined, nowMs: number): Decision {
  if (decision.state !== "open" || decision.closesAtMs > nowMs) return decision;
  const end = endingOf(decision, present, { closed: { by: "deadline" } }, nowMs);
  return end.state === "run_off" ? decision : ended(decision, end.state, end.outcome);
}

/** A secret one forgets who voted. */
export const ended = (decision: Decision, state: "passed" | "closed", outcome: DecisionOutcome): Decision => ({
  ...decision,
  state,
  outcome,
  ...(decision.rule.visibility === "secret" ? { votes: [] } : {}),
});

/** Shorter ones need no reminder, and so late it would help nobody. */
const REMIND_FROM_MS = 30 * 60_000;
export const REMIND_BEFORE_MS = 10 * 60_000;

/** When those who have not voted are reminded: after three quarters of the time. `undefined`: it is too short for that. */
export function remindAtMs({
  openedAtMs,
  closesAtMs,
}: Pick<Decision, "openedAtMs" | "closesAtMs">): number | undefined {
  const lastsMs = closesAtMs - openedAtMs;
  if (lastsMs < REMIND_FROM_MS) return undefined;
  return Math.min(openedAtMs + Math.floor((lastsMs * 3) / 4), closesAtMs - REMIND_BEFORE_MS);
}
