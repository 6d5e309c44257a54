import type { HeldRecords } from "../../ports/forgetting.ts";
import { accountsOf, joinedAccounts, personOf } from "../accounts.ts";
import { decisionBody } from "../decision-rows.ts";
import { all, type Tx } from "../transaction.ts";

// What somebody takes away of themselves.

const votes = all<
  { readonly body: string; readonly choices: string; readonly reason: string | null; readonly atMs: number },
  [memberId: string]
>(
  `SELECT d.body AS body, v.choices AS choices, v.reason AS reason, v.at_ms AS "atMs" FROM decision_vote v
   JOIN decision d ON d.decision_id = v.decision_id WHERE v.member_id = $1 ORDER BY v.seq`,
);
const paid = all<HeldRecords["ledger"][number], [memberId: string]>(
  `SELECT job_id AS "jobId", state, held_gpu_ms AS "heldGpuMs", used_gpu_ms AS "usedGpuMs", ended_at_ms AS "endedAtMs" FROM hold
   WHERE member_id = $1 ORDER BY ended_at_ms, job_id`,
);
const given = all<HeldRecords["gifts"][number], [memberId: string]>(
  `SELECT pot_id AS "potId", gpu_ms AS "gpuMs", at_ms AS "atMs" FROM gift WHERE member_id = $1 ORDER BY seq`,
);

/** See `Forgetting.recordsOf`. */
export async function recordsOf(tx: Tx, memberId: string): Promise<HeldRecords> {
  const accounts = await accountsOf(tx, memberId);
  const found = {
    votes: [] as HeldRecords["votes"][number][],
    ledger: [] as HeldRecords["ledger"][number][],
    gifts: [] as HeldRecords["gifts"][number][],
  };
  for (const account of accounts) {
    for (const { body, choices, reason, atMs } of await votes(tx, account)) {
      const { kind, question, place, openedAtMs } = decisionBody.parse(body);
      found.votes.push({
        kind,
        ...(question === undefined ? {} : { question }),
        ...(place.title === undefined ? {} : { chat: place.title }),
        openedAtMs,
        choices: choices.split(","),
        ...(reason === null ? {} : { reason }),
        atMs,
      });
    }
    found.ledger.push(...(await paid(tx, account)).map((row) => ({ ...row })));
    found.gifts.push(...(await given(tx, account)).map((row) => ({ ...row })));
  }
  const joined = await joinedAccounts(tx, await personOf(tx, memberId));
  return {
    ...found,
    accounts: joined.length === 0 ? [{ id: memberId }] : joined.map((each) => ({ id: each.memberId, name: each.name })),
  };
}
