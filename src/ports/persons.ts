import type { Person } from "../domain/block.ts";
import type { Allowance } from "../domain/ledger.ts";

/** Which accounts are one person, over all platforms: a part of the `Store`. Whatever takes a member's id means their person. */
export interface Persons {
  /** All accounts of whoever this is, this one first; of most members it is the only one. */
  accountsOf(memberId: string): Promise<readonly string[]>;
  /** The same with their names, oldest first; empty for an account that is joined with no other. */
  joinedAccounts(memberId: string): Promise<readonly Person[]>;
  /** All accounts of both are one person from now on, with one bucket: see `joinedBucket`. */
  link(input: LinkInput): Promise<LinkResult>;
  /** This account is a person by itself again: see `partedBuckets`. Where the person was shut out, both are. */
  unlink(memberId: string, allowance: Allowance, nowMs: number): Promise<UnlinkResult>;
}

export interface LinkInput {
  /** Whose code it was, and who typed it. */
  readonly members: readonly [Person, Person];
  /** Of the person they become, where neither has been joined before: derived from the update, see `joinedPersonId`. */
  readonly personId: string;
  /** The installation's, without what roles here or there change: what an untouched bucket holds. */
  readonly allowance: Allowance;
  readonly nowMs: number;
}
export type LinkResult =
  | { readonly status: "linked" | "same"; readonly accounts: readonly Person[] }
  /** One person would have more accounts than `ACCOUNTS_MAX`. */
  | { readonly status: "full" };

export type UnlinkResult =
  /** `rest`: those that are still joined, or the one that was left alone. */
  { readonly status: "parted"; readonly rest: readonly Person[] } | { readonly status: "alone" };
