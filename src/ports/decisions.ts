import type { Person } from "../domain/block.ts";
import type { Decision, DecisionKind, NewDecision } from "../domain/decision.ts";
import type { Job, NewJob } from "../domain/job.ts";
import type { AddressCeiling, Allowance } from "../domain/ledger.ts";
import type { PaidBy } from "../domain/payers.ts";
import type { SpendRefusal } from "./payment.ts";

/** What groups decide. A part of `Store`: each method is one transaction, and repeating it with the same ids changes nothing. */
export interface Decisions {
  /** Inbox row + decision + its line in the outbox, or none of them. */
  openDecision(input: OpenDecisionInput): Promise<OpenDecisionResult>;
  /** One press of one person; the completing one also starts what was decided on, in the same transaction. */
  vote(input: VoteInput): Promise<VoteResult>;
  /** Ended by who runs it, as it is counted then. */
  closeDecision(input: CloseInput): Promise<CloseResult>;
  decision(decisionId: string, nowMs: number): Promise<Decision | undefined>;
  /** The newest of this kind about a job. */
  decisionAbout(kind: DecisionKind, subjectJobId: string, nowMs: number): Promise<Decision | undefined>;
  /** Oldest first. */
  openDecisions(chatKey: string, nowMs: number): Promise<readonly Decision[]>;
  /** What won picks of this chat, newest first: `/best`. */
  winners(
    chatKey: string,
    sinceMs: number,
    limit: number,
  ): Promise<readonly { readonly imageId: string; readonly decision: Decision }[]>;
  /** Counts those past their deadline; the first tie of a pick goes into a run-off of half the time. Resolves with what it changed. */
  closeDecisions(nowMs: number): Promise<readonly Decision[]>;
  /** Owes one reminder for each that is near its deadline, once. Resolves with how many. */
  remind(nowMs: number): Promise<number>;
}

export interface OpenDecisionInput {
  readonly updateId: string;
  readonly decision: NewDecision;
  readonly nowMs: number;
}
export type OpenDecisionResult =
  | { readonly status: "opened"; readonly decision: Decision }
  /** This update came before. */
  | { readonly status: "known"; readonly decision: Decision }
  /** One of this kind about the same job is open. */
  | { readonly status: "same"; readonly decision: Decision }
  /** So many are open in this chat. */
  | { readonly status: "too_many"; readonly open: number };

export interface VoteInput {
  readonly updateId: string;
  /**
   * The decision, by its id; or one that is opened by its first vote, where none of its kind is open about its job: what quorums
   * do.
   */
  readonly on: { readonly decisionId: string } | { readonly opening: NewDecision };
  readonly member: { readonly memberId: string; readonly name: string };
  /**
   * "toggle": a second press of the same takes it back; a press of another option of a proposal takes its place. "set": exactly
   * these from now on.
   */
  readonly choice:
    | { readonly how: "toggle"; readonly optionId: string; readonly reason?: string }
    | { readonly how: "set"; readonly optionIds: readonly string[]; readonly reason?: string };
  /** This press alone is enough: of who runs the chat, about what it spends. */
  readonly decisive?: true;
  /** Of this member: kept with the vote, since each voter pays by their own. */
  readonly allowance: Allowance;
  /** As in `AcceptInput`. */
  readonly spendCapGpuMs?: number;
  readonly paidFirstBy?: string;
  /** Of whoever votes: what the completing vote starts counts for their address whole. */
  readonly addressCeiling?: AddressCeiling;
  readonly nowMs: number;
  /** What the completing vote starts; absent: nothing. Called inside the transaction, perhaps again: pure and synchronous. */
  readonly whenPassed?: (voters: readonly { readonly memberId: string; readonly name: string }[]) => {
    /** Its estimate is what is paid. */
    readonly job: NewJob;
    /** See `payersOf`; absent: by its voters. */
    readonly paidBy?: PaidBy;
    /** The chat's pot bears the part of whoever has not enough, as far as it suffices. */
    readonly fromPot?: true;
  };
}

export type VoteResult =
  | { readonly status: "counted" | "taken_back"; readonly decision: Decision }
  /** `job`: what it started. `borneNames`: voters who had not enough, and whose part the pot bears. */
  | {
      readonly status: "passed";
      readonly decision: Decision;
      readonly job?: Job;
      readonly borneNames?: readonly string[];
    }
  /** It passed, or was closed, before. */
  | { readonly status: "over"; readonly decision: Decision }
  /** More choices than one has: this press changed nothing. */
  | { readonly status: "too_many"; readonly decision: Decision }
  /** Enough votes, but these members cannot pay their part: their votes are taken back. */
  | { readonly status: "unpaid"; readonly decision: Decision; readonly names: readonly string[] }
  /** Enough votes, but the pot was to pay it and has not enough: this vote is taken back, so that it can be completed later. */
  | {
      readonly status: "pot_short";
      readonly decision: Decision;
      readonly neededGpuMs: number;
      readonly leftGpuMs: number;
    }
  /** Enough votes, but the spend window has not enough: this vote is taken back, so that it can be completed later. */
  | { readonly status: "pot_used"; readonly decision: Decision; readonly why: SpendRefusal }
  /** This update was counted before. */
  | { readonly status: "known"; readonly decision: Decision }
  | { readonly status: "absent" };

export interface CloseInput {
  readonly updateId: string;
  readonly decisionId: string;
  readonly by: Person;
  /** This option wins, whatever the count. */
  readonly choose?: string;
  readonly note?: string;
  readonly nowMs: number;
}
export type CloseResult =
  | { readonly status: "closed" | "run_off" | "known" | "over"; readonly decision: Decision }
  | { readonly status: "absent" };
