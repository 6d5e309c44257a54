import { randomUUID } from "node:crypto";
import type { Decision, DecisionOutcome, DecisionVote, NewDecision } from "../domain/decision.ts";
import { seenAt } from "../domain/decision-end.ts";
import type { Allowance } from "../domain/ledger.ts";
import { chatKeyOf, settingsKeyOf } from "../domain/place.ts";
import { BoundedMap } from "../lib/bounded-map.ts";
import type { Decisions } from "../ports/decisions.ts";
import { personOf, personsOfVoters } from "./accounts.ts";
import { choicesText, type DecisionRow, decisionBody, decisionOf, type VoteRow, voteOf } from "./decision-rows.ts";
import { parseAllowance } from "./rows.ts";
import { all, effect, number, one, type Tx } from "./transaction.ts";

// What is stored of decisions.

type Id = [decisionId: string];
const SELECT = `SELECT decision_id AS "decisionId", chat_key AS "chatKey", state, opened_at_ms AS "openedAtMs",
  closes_at_ms AS "closesAtMs", ended_at_ms AS "endedAtMs", outcome, votes_tag AS "votesTag", body FROM decision`;
type Row = DecisionRow & { readonly decisionId: string; readonly votesTag: string };

const voteRows = all<VoteRow, Id>(
  `SELECT member_id AS "memberId", name, choices, reason, at_ms AS "atMs" FROM decision_vote WHERE decision_id = $1 ORDER BY seq`,
);
/**
 * By their tag, which no others ever have, in any store: where a thousand press at once each press would read all votes before it.
 * Without who is whom: that changes apart from them.
 */
const knownVotes = new BoundedMap<readonly DecisionVote[]>(32);
async function votesOf(tx: Tx, { decisionId, votesTag }: Row): Promise<readonly DecisionVote[]> {
  const known = votesTag === "" ? undefined : knownVotes.get(votesTag);
  const votes = known ?? (await voteRows(tx, decisionId)).map(voteOf);
  if (!known && votesTag !== "") knownVotes.set(votesTag, votes);
  return ofPersons(votes, await personsOfVoters(tx, decisionId));
}
const ofPersons = (votes: readonly DecisionVote[], persons: ReadonlyMap<string, string>): readonly DecisionVote[] =>
  persons.size === 0
    ? votes
    : votes.map((vote) => ({ ...vote, personId: persons.get(vote.memberId) ?? vote.memberId }));

const withVotes = async (tx: Tx, row: Row): Promise<Decision> => decisionOf(row, await votesOf(tx, row));
async function allWithVotes(tx: Tx, rows: readonly Row[]): Promise<readonly Decision[]> {
  const found: Decision[] = [];
  for (const row of rows) found.push(await withVotes(tx, row));
  return found;
}

const byId = one<Row, Id>(`${SELECT} WHERE decision_id = $1`);
/** As it is stored. */
export async function decisionBy(tx: Tx, decisionId: string): Promise<Decision | undefined> {
  const row = await byId(tx, decisionId);
  return row && withVotes(tx, row);
}
export async function mustDecision(tx: Tx, decisionId: string): Promise<Decision> {
  const found = await decisionBy(tx, decisionId);
  if (!found) throw new Error(`decision ${decisionId} is missing`);
  return found;
}
/** What it was opened as, without its votes. */
export async function newDecisionBy(tx: Tx, decisionId: string): Promise<NewDecision | undefined> {
  const row = await byId(tx, decisionId);
  return row && decisionBody.parse(row.body);
}
const setBody = effect<[...Id, body: string]>(
  "UPDATE decision SET body = $2 WHERE decision_id = $1 AND state = 'open'",
);
/** More who may still vote: whoever came in. */
export async function nowPresent(tx: Tx, decisionId: string, presentIds: readonly string[]): Promise<void> {
  const fresh = await newDecisionBy(tx, decisionId);
  if (fresh) await setBody(tx, decisionId, decisionBody.text({ ...fresh, presentIds }));
}
const newestAbout = one<Row, [kind: string, subjectJobId: string]>(
  `${SELECT} WHERE kind = $1 AND subject_job_id = $2 ORDER BY seq DESC LIMIT 1`,
);
export async function newestOf(tx: Tx, kind: string, subjectJobId: string): Promise<Decision | undefined> {
  const row = await newestAbout(tx, kind, subjectJobId);
  return row && withVotes(tx, row);
}
const openRows = all<Row, []>(`${SELECT} WHERE state = 'open' ORDER BY seq`);
/** Open ones that may end at this moment: their time is over, or it is known who all are that may vote. */
export async function mayEnd(tx: Tx, nowMs: number): Promise<readonly Decision[]> {
  const rows = await openRows(tx);
  return allWithVotes(
    tx,
    rows.filter(({ closesAtMs, body }) => closesAtMs <= nowMs || decisionBody.parse(body).presentIds !== undefined),
  );
}
const openIn = all<Row, [chatKey: string]>(`${SELECT} WHERE state = 'open' AND chat_key = $1 ORDER BY seq`);
export const openInChat = async (tx: Tx, chatKey: string) => allWithVotes(tx, await openIn(tx, chatKey));
export const countOpen = number<[chatKey: string]>(
  "SELECT count(*) AS n FROM decision WHERE state = 'open' AND chat_key = $1 AND kind <> 'reroll'",
);

/** Who is present, as persons, each once; absent: nobody counts them. */
export async function presentAt(
  tx: Tx,
  { presentIds }: Pick<Decision, "presentIds">,
): Promise<readonly string[] | undefined> {
  if (!presentIds) return undefined;
  const persons = new Set<string>();
  for (const memberId of presentIds) persons.add(await personOf(tx, memberId));
  return [...persons];
}
const seen = async (tx: Tx, decision: Decision, nowMs: number): Promise<Decision> =>
  seenAt(decision, await presentAt(tx, decision), nowMs);

/** See `Decisions.decision`. */
export async function decision(tx: Tx, decisionId: string, nowMs: number): Promise<Decision | undefined> {
  const found = await decisionBy(tx, decisionId);
  return found && seen(tx, found, nowMs);
}
/** See `Decisions.decisionAbout`. */
export async function decisionAbout(
  tx: Tx,
  ...[kind, subjectJobId, nowMs]: Parameters<Decisions["decisionAbout"]>
): Promise<Decision | undefined> {
  const found = await newestOf(tx, kind, subjectJobId);
  return found && seen(tx, found, nowMs);
}
/** See `Decisions.openDecisions`. */
export async function openDecisions(tx: Tx, chatKey: string, nowMs: number): Promise<readonly Decision[]> {
  const found: Decision[] = [];
  for (const each of await openInChat(tx, chatKey)) found.push(await seen(tx, each, nowMs));
  return found.filter(({ state }) => state === "open");
}

const wonRows = all<Row & { readonly imageId: string }, [chatKey: string, sinceMs: number, limit: number]>(
  `${SELECT.replace("SELECT", 'SELECT won_image_id AS "imageId",')} d WHERE chat_key = $1 AND ended_at_ms >= $2
   AND won_image_id IS NOT NULL AND EXISTS (SELECT 1 FROM picture p
   WHERE p.image_id = d.won_image_id AND p.deleted_at_ms IS NULL) ORDER BY ended_at_ms DESC, seq DESC LIMIT $3`,
);
/** See `Decisions.winners`. */
export async function winners(tx: Tx, ...[chatKey, sinceMs, limit]: Parameters<Decisions["winners"]>) {
  const found: { readonly imageId: string; readonly decision: Decision }[] = [];
  for (const row of await wonRows(tx, chatKey, sinceMs, limit))
    found.push({ imageId: row.imageId, decision: await withVotes(tx, row) });
  return found;
}

type NewRow = [
  decisionId: string,
  kind: string,
  chatKey: string,
  settingsKey: string,
  subjectJobId: string | null,
  openedAtMs: number,
  closesAtMs: number,
  remindAtMs: number | null,
  body: string,
];
const insert = effect<NewRow>(
  `INSERT INTO decision(decision_id, kind, chat_key, settings_key, subject_job_id, opened_at_ms, closes_at_ms, remind_at_ms,
   body) VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
);
export async function addDecision(tx: Tx, fresh: NewDecision, remindAtMs: number | undefined): Promise<Decision> {
  const { decisionId, kind, place, subjectJobId, openedAtMs, closesAtMs } = fresh;
  const about = [chatKeyOf(place), settingsKeyOf(place), subjectJobId ?? null] as const;
  await insert(tx, decisionId, kind, ...about, openedAtMs, closesAtMs, remindAtMs ?? null, decisionBody.text(fresh));
  return { ...fresh, state: "open", votes: [] };
}

const rewrite = effect<[...Id, openedAtMs: number, closesAtMs: number, remindAtMs: number | null, body: string]>(
  "UPDATE decision SET opened_at_ms = $2, closes_at_ms = $3, remind_at_ms = $4, body = $5 WHERE decision_id = $1",
);
const tag = effect<[...Id, votesTag: string]>("UPDATE decision SET votes_tag = $2 WHERE decision_id = $1");
const deleteVotes = effect<Id>("DELETE FROM decision_vote WHERE decision_id = $1");
async function clear(tx: Tx, decisionId: string): Promise<void> {
  await deleteVotes(tx, decisionId);
  await tag(tx, decisionId, "");
}
/** It goes on as something else, without the votes so far. */
export async function beginAnew(tx: Tx, fresh: NewDecision, remindAtMs: number | undefined): Promise<Decision> {
  const { decisionId, openedAtMs, closesAtMs } = fresh;
  await clear(tx, decisionId);
  await rewrite(tx, decisionId, openedAtMs, closesAtMs, remindAtMs ?? null, decisionBody.text(fresh));
  return { ...fresh, state: "open", votes: [] };
}

/** As if it had not been ended: its votes are there. */
export const reopen = effect<[...Id, closesAtMs: number]>(
  `UPDATE decision SET state = 'open', ended_at_ms = NULL, outcome = NULL, won_image_id = NULL, closes_at_ms = $2
   WHERE decision_id = $1`,
);

const endRow = effect<[...Id, state: string, endedAtMs: number, outcome: string, wonImageId: string | null]>(
  `UPDATE decision SET state = $2, ended_at_ms = $3, outcome = $4, won_image_id = $5, remind_at_ms = NULL
   WHERE decision_id = $1`,
);
/** @returns the picture that won */
export async function storeEnd(
  tx: Tx,
  { decisionId, options, rule }: Decision,
  { state, outcome }: { readonly state: "passed" | "closed"; readonly outcome: DecisionOutcome },
  nowMs: number,
): Promise<string | undefined> {
  const [first] = outcome.winners;
  const won = state === "passed" ? options.find(({ id }) => id === first)?.imageId : undefined;
  await endRow(tx, decisionId, state, nowMs, JSON.stringify(outcome), won ?? null);
  if (rule.visibility === "secret") await clear(tx, decisionId);
  return won;
}
export const reminded = effect<Id>("UPDATE decision SET remind_at_ms = NULL WHERE decision_id = $1");
const toRemind = all<{ readonly decisionId: string }, [nowMs: number]>(
  `SELECT decision_id AS "decisionId" FROM decision WHERE state = 'open' AND remind_at_ms <= $1 ORDER BY seq`,
);
export const dueReminders = async (tx: Tx, nowMs: number): Promise<readonly Decision[]> => {
  const found: Decision[] = [];
  for (const { decisionId } of await toRemind(tx, nowMs)) found.push(await mustDecision(tx, decisionId));
  return found;
};

type NewVote = [
  ...Id,
  memberId: string,
  name: string,
  choices: string,
  reason: string | null,
  atMs: number,
  allowance: string,
];
const put = effect<NewVote>(
  `INSERT INTO decision_vote(decision_id, member_id, name, choices, reason, at_ms, allowance)
   VALUES($1, $2, $3, $4, $5, $6, $7) ON CONFLICT(decision_id, member_id) DO UPDATE SET name = excluded.name,
   choices = excluded.choices, reason = excluded.reason, at_ms = excluded.at_ms, allowance = excluded.allowance`,
);
const take = effect<[...Id, memberId: string]>("DELETE FROM decision_vote WHERE decision_id = $1 AND member_id = $2");

async function changedVotes(tx: Tx, decision: Decision, votes: readonly DecisionVote[]): Promise<Decision> {
  const votesTag = randomUUID();
  await tag(tx, decision.decisionId, votesTag);
  if (votes.every(({ personId, memberId }) => personId === memberId)) knownVotes.set(votesTag, votes);
  return { ...decision, votes };
}
/** In place of what this person chose before, by whichever account. */
export async function putVote(tx: Tx, decision: Decision, vote: DecisionVote, allowance: Allowance): Promise<Decision> {
  const { decisionId, votes } = decision;
  const { personId, memberId, name, choices, reason, atMs } = vote;
  const others = votes.filter((each) => each.personId === personId && each.memberId !== memberId);
  for (const other of others) await take(tx, decisionId, other.memberId);
  await put(tx, decisionId, memberId, name, choicesText(choices), reason ?? null, atMs, JSON.stringify(allowance));
  const rest = others.length === 0 ? votes : votes.filter((each) => !others.includes(each));
  const isThere = rest.some((each) => each.memberId === memberId);
  const after = isThere ? rest.map((each) => (each.memberId === memberId ? vote : each)) : [...rest, vote];
  return changedVotes(tx, decision, after);
}
/** Those of these are taken back. */
export async function takeVotes(
  tx: Tx,
  decision: Decision,
  isTaken: (vote: DecisionVote) => boolean,
): Promise<Decision> {
  const { decisionId, votes } = decision;
  for (const { memberId } of votes.filter(isTaken)) await take(tx, decisionId, memberId);
  return changedVotes(
    tx,
    decision,
    votes.filter((vote) => !isTaken(vote)),
  );
}

const allowances = all<{ readonly memberId: string; readonly allowance: string | null }, Id>(
  `SELECT member_id AS "memberId", allowance FROM decision_vote WHERE decision_id = $1`,
);
/** What each voter may spend; those who voted before it was kept are not in it. */
export async function allowancesOf(tx: Tx, decisionId: string): Promise<ReadonlyMap<string, Allowance>> {
  const rows = await allowances(tx, decisionId);
  return new Map(
    rows.flatMap(({ memberId, allowance }) =>
      allowance === null ? [] : [[memberId, parseAllowance(allowance)] as const],
    ),
  );
}

const openUnder = all<Row, [settingsKey: string | null]>(
  `${SELECT} WHERE state = 'open' AND (CAST($1 AS TEXT) IS NULL OR settings_key = $1) ORDER BY seq`,
);
/** Open ones with a vote of this person, of one chat or community, or of all. */
export const openWithVoteOf = async (tx: Tx, person: string, settingsKey: string | undefined) =>
  (await allWithVotes(tx, await openUnder(tx, settingsKey ?? null))).filter(({ votes }) =>
    votes.some(({ personId }) => personId === person),
  );
