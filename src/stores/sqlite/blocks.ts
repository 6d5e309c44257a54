import { type Block, EVERYWHERE, type NewBlock } from "../../domain/block.ts";
import type { Problem } from "../../domain/problem.ts";
import type { Blocked } from "../../ports/block-list.ts";

import type { Ballots } from "./ballots.ts";
import type { Database } from "./database.ts";
import type { endingsOf } from "./endings.ts";
import type { Outbox } from "./outbox.ts";
import type { Queue } from "./queue.ts";

interface BlockRow {
  readonly number: number;
  readonly scope: string;
  readonly memberId: string;
  readonly memberName: string;
  readonly byMemberId: string;
  readonly byName: string;
  readonly sinceMs: number;
  readonly untilMs: number | null;
}

const COLUMNS = `number, scope, member_id AS memberId, member_name AS memberName, by_member_id AS byMemberId,
  by_name AS byName, since_ms AS sinceMs, until_ms AS untilMs`;

const blockOf = (row: BlockRow): Block => ({
  number: row.number,
  scope: row.scope,
  member: { id: row.memberId, name: row.memberName },
  by: { id: row.byMemberId, name: row.byName },
  sinceMs: row.sinceMs,
  ...(row.untilMs === null ? {} : { untilMs: row.untilMs }),
});

/** Who is shut out where. What changes something runs inside one transaction of its caller. */
export function blocksOf(
  db: Database,
  parts: {
    readonly queue: Queue;
    readonly ballots: Ballots;
    readonly outbox: Outbox;
    readonly endings: ReturnType<typeof endingsOf>;
  },
) {
  const put = db.query<BlockRow>(
    `INSERT INTO block(scope, member_id, member_name, by_member_id, by_name, since_ms, until_ms)
     VALUES(?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT(member_id, scope) DO UPDATE SET member_name = excluded.member_name, by_member_id = excluded.by_member_id,
       by_name = excluded.by_name, since_ms = excluded.since_ms, until_ms = excluded.until_ms
     RETURNING ${COLUMNS}`,
  );
  const take = db.query<BlockRow>(`DELETE FROM block WHERE number = ? RETURNING ${COLUMNS}`);
  const HOLDS = "(until_ms IS NULL OR until_ms > ?2)";
  const holding = db.query<BlockRow>(
    `SELECT ${COLUMNS} FROM block WHERE member_id = ?1 AND scope IN (?3, '${EVERYWHERE}') AND ${HOLDS}
     ORDER BY until_ms IS NOT NULL, until_ms DESC LIMIT 1`,
  );
  const ofScope = db.query<BlockRow>(
    `SELECT ${COLUMNS} FROM block WHERE scope = ?1 AND ${HOLDS} ORDER BY number DESC LIMIT ?3`,
  );
  const sweep = db.query("DELETE FROM block WHERE until_ms <= ?");

  return {
    block({ scope, member, by, sinceMs, untilMs }: NewBlock, problem: Problem): Blocked {
      const row = put.get(scope, member.id, member.name, by.id, by.name, sinceMs, untilMs ?? null);
      if (!row) throw new Error("a block was not stored");
      const settingsKey = scope === EVERYWHERE ? undefined : scope;
      for (const jobId of parts.ballots.takeOpen(member.id, settingsKey)) parts.outbox.changed(jobId);
      const open = parts.queue.ownOpen(member.id, settingsKey);
      const waiting = open.filter(({ state }) => state === "queued");
      for (const { jobId } of waiting) parts.endings.cancel(jobId, problem, sinceMs);
      return {
        block: blockOf(row),
        cancelled: waiting.length,
        runningJobIds: open.filter(({ state }) => state === "running").map(({ jobId }) => jobId),
      };
    },
    unblock(number: number): Block | undefined {
      const row = take.get(number);
      return row && blockOf(row);
    },
    blockOf(memberId: string, settingsKey: string, nowMs: number): Block | undefined {
      const row = holding.get(memberId, nowMs, settingsKey);
      return row && blockOf(row);
    },
    blocks: (scope: string, nowMs: number, limit: number): readonly Block[] =>
      ofScope.all(scope, nowMs, limit).map(blockOf),
    sweep: (nowMs: number): number => sweep.run(nowMs),
  };
}
