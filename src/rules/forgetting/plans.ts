import { randomBytes } from "node:crypto";
import { z } from "zod";
import { goneIdOf } from "../../domain/forgetting.ts";
import type { JobState } from "../../domain/job.ts";
import type { ForgetPlan, Forgetting } from "../../ports/forgetting.ts";
import { accountsOf, joinedAccounts, personOf } from "../accounts.ts";
import { cancelAll } from "../endings.ts";
import { ownOpenJobs } from "../jobs.ts";
import { lockJobs } from "../locks.ts";
import { parser } from "../rows.ts";
import { all, effect, run, type Tx } from "../transaction.ts";

// Who asked to be forgotten, until it is done.

const bodySchema = z.object({
  accounts: z.array(z.object({ id: z.string(), goneId: z.string() })),
  names: z.array(z.string()),
});
const parseBody = parser(bodySchema);

interface Row {
  readonly forgettingId: string;
  readonly askedAtMs: number;
  readonly body: string;
}
const rows = all<Row, []>(
  `SELECT forgetting_id AS "forgettingId", asked_at_ms AS "askedAtMs", body FROM forgetting ORDER BY asked_at_ms`,
);
const insert = effect<[forgettingId: string, askedAtMs: number, body: string]>(
  "INSERT INTO forgetting(forgetting_id, asked_at_ms, body) VALUES($1, $2, $3)",
);
export const clearPlan = run<[forgettingId: string]>(
  `UPDATE forgetting SET body = '{"accounts":[],"names":[]}' WHERE forgetting_id = $1`,
);
export const removePlan = run<[forgettingId: string]>("DELETE FROM forgetting WHERE forgetting_id = $1");

export const plans = async (tx: Tx): Promise<readonly ForgetPlan[]> =>
  (await rows(tx)).map(({ body, ...row }) => ({ ...row, ...parseBody(body) }));

const namesIn = (table: string, id: string, name: string) =>
  all<{ readonly name: string | null }, [memberId: string]>(
    `SELECT DISTINCT ${name} AS name FROM ${table} WHERE ${id} = $1`,
  );
/** Where a name stands beside the account that it was. */
const NAMES = [
  namesIn("decision_vote", "member_id", "name"),
  namesIn("gift", "member_id", "name"),
  namesIn("hold", "member_id", "name"),
  namesIn("outbox", "by_member_id", "by_name"),
  namesIn("block", "by_member_id", "by_name"),
  namesIn("block", "member_id", "member_name"),
  namesIn("moderation_step", "by_member_id", "by_name"),
];
/** Where it stands in JSON, beside the account as well. */
const toldIn = (table: string, column: string) =>
  all<{ readonly json: string }, [memberId: string]>(
    `SELECT ${column} AS json FROM ${table} WHERE replace(${column}, $1, '') <> ${column}`,
  );
const TOLD = [toldIn("decision", "body"), toldIn("decision", "outcome"), toldIn("meeting", "body")];

function namesBeside(memberId: string, value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  const within = Object.values(value).flatMap((each) => namesBeside(memberId, each));
  const isTheirs = "id" in value && value.id === memberId && "name" in value && typeof value.name === "string";
  return isTheirs ? [value.name as string, ...within] : within;
}
const bodies = all<{ readonly body: string }, [memberId: string]>("SELECT body FROM job WHERE member_id = $1");
const nameSchema = z.object({ memberName: z.string() });

async function namesOf(tx: Tx, accounts: readonly string[], known: readonly string[]): Promise<readonly string[]> {
  const names = new Set(known);
  for (const account of accounts) {
    for (const asked of NAMES) for (const { name } of await asked(tx, account)) if (name) names.add(name);
    for (const told of TOLD)
      for (const { json } of await told(tx, account))
        for (const name of namesBeside(account, JSON.parse(json))) names.add(name);
    for (const { body } of await bodies(tx, account)) names.add(nameSchema.parse(JSON.parse(body)).memberName);
  }
  return [...names];
}

const gone = (id: string) => ({ id, goneId: goneIdOf(randomBytes(9).toString("base64url")) });

/** See `Forgetting.beginForgetting`. */
export async function begin(
  tx: Tx,
  { memberId, name, problem, nowMs }: Parameters<Forgetting["beginForgetting"]>[0],
): ReturnType<Forgetting["beginForgetting"]> {
  const accounts = await accountsOf(tx, memberId);
  const open = await ownOpenJobs(tx, accounts, undefined);
  const locked = await lockJobs(
    tx,
    open.map(({ jobId }) => jobId),
  );
  const inState = (...states: readonly JobState[]) =>
    open.flatMap(({ jobId }) => (states.some((state) => locked.get(jobId)?.state === state) ? [jobId] : []));
  await cancelAll(tx, inState("deferred", "queued"), problem, nowMs);
  const runningJobIds = inState("running");
  const before = (await plans(tx)).find((plan) => plan.accounts.some(({ id }) => id === memberId));
  if (before) return { plan: before, runningJobIds };
  const person = await personOf(tx, memberId);
  const called = (await joinedAccounts(tx, person)).map((account) => account.name);
  const body = {
    accounts: [...new Set([...accounts, person])].map(gone),
    names: await namesOf(tx, accounts, [name, ...called]),
  };
  const plan = { forgettingId: randomBytes(9).toString("base64url"), askedAtMs: nowMs, ...body };
  await insert(tx, plan.forgettingId, nowMs, JSON.stringify(body));
  return { plan, runningJobIds };
}
