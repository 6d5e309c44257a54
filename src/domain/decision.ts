import type { Person } from "./block.ts";
import type { Place } from "./place.ts";
import type { Order } from "./recipe.ts";

// Whatever a group decides by pressing: another take, which of these, "we use this one", "we spend that".

export type DecisionKind = "reroll" | "pick" | "proposal" | "spend";

/** Under "none": none of the pictures of a pick. */
export const NONE_OF_THESE = "none";
/** The only option of a quorum. */
export const AYE = "aye";
export const PROPOSAL_OPTIONS = ["agree", "abstain", "disagree", "block"] as const;
/** A reason is at most this long. */
export const REASON_MAX_CHARS = 200;
/** More candidates than these get `LIMITED_CHOICES` approvals each instead of as many as one likes. */
export const APPROVAL_MAX_CANDIDATES = 8;
export const LIMITED_CHOICES = 3;

/**
 * "quorum": so many presses and it passes. "approval": every one that one could live with. "limited": at most `maxChoices` of
 * many. "proposal": agree, abstain, disagree or block; a block is shown and answered, it vetoes nothing. Only the press that fills
 * a quorum starts anything, so nothing else spends.
 */
export type DecisionRule = RuleOfEach &
  (
    | { readonly method: "quorum"; readonly spends: boolean }
    | { readonly method: "approval" | "limited" | "proposal"; readonly spends: false }
  );

interface RuleOfEach {
  /** How many persons must approve the winner, or agree. "majority_present": more than half of those present. */
  readonly needed: number | "majority_present";
  readonly maxChoices: number;
  /** "hidden": only how many have voted, until it closes. "secret": so, and who chose what is forgotten then. */
  readonly visibility: "live" | "hidden" | "secret";
  readonly who: "everyone" | "present" | { readonly roles: readonly string[] };
}

export interface DecisionOption {
  /** 1 to 8 of a-z and 0-9; a press names it. */
  readonly id: string;
  /** The picture it stands for. */
  readonly imageId?: string;
}

/** The standing vote of one person. No choice at all: taken back. */
export interface DecisionVote {
  /** Linked accounts are one person: see domain/person.ts. */
  readonly personId: string;
  /** The account that pressed last. */
  readonly memberId: string;
  readonly name: string;
  readonly choices: readonly string[];
  readonly reason?: string;
  readonly atMs: number;
}

export type ClosedBy = { readonly by: "votes" | "deadline" } | { readonly by: "chair"; readonly person: Person };

export interface DecisionOutcome {
  readonly winners: readonly string[];
  readonly counts: Readonly<Record<string, number>>;
  readonly voted: number;
  /** Who was present and did not vote; absent: nobody counted who is present. */
  readonly notVoted?: number;
  readonly tie: boolean;
  readonly closed: ClosedBy;
  /** Who decided a tie, or against the count, did so by this press. */
  readonly chairChose?: true;
  /** The chair's one line about it; stays with the picture. */
  readonly note?: string;
  readonly startedJobId?: string;
  /** Of whoever voted and had not enough: the pot paid their part. */
  readonly borneIds?: readonly string[];
}

export interface NewDecision {
  /** 16 of a-z and 0-9, derived from the update that opened it: see `decisionIdOf`. */
  readonly decisionId: string;
  readonly kind: DecisionKind;
  readonly place: Place;
  /** The job it is about: whose picture is made again, the batch one is picked from. One of a kind is open about it at a time. */
  readonly subjectJobId?: string;
  /** Of a proposal: what is proposed, as its member wrote it. */
  readonly question?: string;
  /** Of a spend: what is made when it passes, with its seed drawn. */
  readonly order?: Order;
  /** Of a spend: its free draft. */
  readonly draftJobId?: string;
  readonly options: readonly DecisionOption[];
  readonly rule: DecisionRule;
  readonly openedBy: Person;
  readonly openedAtMs: number;
  readonly closesAtMs: number;
  /** 2: the run-off of a tie. */
  readonly round: 1 | 2;
  /** Absent: nobody counts who is present. */
  readonly presentIds?: readonly string[];
  /** The meeting in which it was opened: who comes to it is present here, too, and what is chosen is noted there. */
  readonly meetingId?: string;
}

/** "passed": it has a winner. "closed": it ended without one. */
export interface Decision extends NewDecision {
  readonly state: "open" | "passed" | "closed";
  readonly votes: readonly DecisionVote[];
  readonly outcome?: DecisionOutcome;
  /** Unix ms. Absent: it is open, or its time is over and nobody has noted that yet. */
  readonly endedAtMs?: number;
}

export interface Tally {
  /** "open": nothing is decided yet by votes alone. */
  readonly state: "open" | "passed" | "failed";
  /** Of every option, those without a vote too. */
  readonly counts: Readonly<Record<string, number>>;
  readonly voted: number;
  /** Several: a tie. Empty: nobody reached what is needed. */
  readonly winners: readonly string[];
  readonly tie: boolean;
}
