import type { Tx } from "./transaction.ts";

// Which accounts are one person: until some can be joined each is one of its own.

/** Of an account that is joined with no other: its own id. */
export const personOf = async (_tx: Tx, memberId: string): Promise<string> => memberId;

/** Who voted by an account that is joined with others, by account; all others are persons under their own id. */
export const personsOfVoters = async (_tx: Tx, _decisionId: string): Promise<ReadonlyMap<string, string>> => NOBODY;

const NOBODY: ReadonlyMap<string, string> = new Map();
