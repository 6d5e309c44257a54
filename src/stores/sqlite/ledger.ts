import {
  type AddressCeiling,
  type Allowance,
  type Bucket,
  fullBucket,
  refilled,
  returned,
  type Share,
  split,
  taken,
} from "../../domain/ledger.ts";
import type { Account, SpendRefusal } from "../../ports/store.ts";
import type { Database } from "./database.ts";
import { windowsOf } from "./spend-windows.ts";

interface BucketRow {
  readonly balanceGpuMs: number;
  readonly atMs: number;
  readonly resetAtMs: number | null;
}

interface HoldRow extends Allowance {
  readonly memberId: string;
  readonly spendKey: string;
  readonly heldGpuMs: number;
  readonly addressKey: string | null;
  readonly addressCapGpuMs: number | null;
}

/** What each of the members may spend. */
export type AllowanceOf = (memberId: string) => Allowance;

export type Ledger = ReturnType<typeof ledgerOf>;

/** Members' allowances. Every call joins the caller's transaction; a hold ends once, settled or refunded. */
export function ledgerOf(db: Database) {
  const selectBucket = db.query<BucketRow>(
    "SELECT balance_gpu_ms AS balanceGpuMs, at_ms AS atMs, reset_at_ms AS resetAtMs FROM bucket WHERE member_id = ?",
  );
  const putBucket = db.query(
    `INSERT INTO bucket VALUES(?, ?, ?, ?) ON CONFLICT(member_id) DO UPDATE SET
     balance_gpu_ms = excluded.balance_gpu_ms, at_ms = excluded.at_ms, reset_at_ms = excluded.reset_at_ms`,
  );
  const insertHold = db.query(
    `INSERT INTO hold(job_id, pot_key, member_id, part, held_gpu_ms, capacity_gpu_ms, refill_gpu_ms_per_hour, reset_ms,
       address_key, address_cap_gpu_ms)
     VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const heldBy = db.query<HoldRow>(
    `SELECT member_id AS memberId, pot_key AS spendKey, held_gpu_ms AS heldGpuMs, capacity_gpu_ms AS capacityGpuMs,
     refill_gpu_ms_per_hour AS refillGpuMsPerHour, reset_ms AS resetMs, address_key AS addressKey, address_cap_gpu_ms AS addressCapGpuMs
     FROM hold WHERE job_id = ? AND state = 'held' ORDER BY part`,
  );
  const raiseHold = db.query("UPDATE hold SET held_gpu_ms = held_gpu_ms + ?3 WHERE job_id = ?1 AND member_id = ?2");
  const endHold = db.query(
    "UPDATE hold SET state = ?, used_gpu_ms = ?, ended_at_ms = ? WHERE job_id = ? AND member_id = ?",
  );
  const heldOf = db.query<{ readonly gpuMs: number }>(
    "SELECT coalesce(sum(held_gpu_ms), 0) AS gpuMs FROM hold WHERE member_id = ? AND state = 'held'",
  );
  const recentOf = db.query<Account["recent"][number]>(
    `SELECT h.job_id AS jobId, h.used_gpu_ms AS usedGpuMs, h.ended_at_ms AS atMs, j.body ->> '$.order.request.prompt' AS prompt
     FROM hold h JOIN job j ON j.job_id = h.job_id
     WHERE h.member_id = ? AND h.state = 'settled' ORDER BY h.ended_at_ms DESC LIMIT 5`,
  );
  const windows = windowsOf(db, "pot_key");
  const addresses = windowsOf(db, "address_key");
  const moveSpendWindow = db.query("UPDATE hold SET pot_key = ?2 WHERE pot_key = ?1");

  const bucketOf = (memberId: string, allowance: Allowance, nowMs: number): Bucket => {
    const row = selectBucket.get(memberId);
    if (!row) return fullBucket(allowance, nowMs);
    const { resetAtMs, ...rest } = row;
    return refilled(resetAtMs === null ? rest : { ...rest, resetAtMs }, allowance, nowMs);
  };
  const put = (memberId: string, bucket: Bucket) =>
    putBucket.run(memberId, bucket.balanceGpuMs, bucket.atMs, bucket.resetAtMs ?? null);

  /** Ends all holds of a job; `usedOf` gives what each of its holders pays, in the order they were held. */
  const end = (
    jobId: string,
    state: "settled" | "refunded",
    nowMs: number,
    usedOf: (holders: readonly string[]) => readonly Share[],
  ) => {
    const holds = heldBy.all(jobId);
    if (holds.length === 0) return;
    const used = usedOf(holds.map((hold) => hold.memberId));
    holds.forEach((hold, index) => {
      const usedGpuMs = used[index]?.gpuMs ?? 0;
      put(hold.memberId, returned(bucketOf(hold.memberId, hold, nowMs), hold.heldGpuMs - usedGpuMs, hold));
      endHold.run(state, usedGpuMs, nowMs, jobId, hold.memberId);
    });
  };

  return {
    /** Who of them has not enough; empty when all can pay. */
    short(shares: readonly Share[], allowanceOf: AllowanceOf, nowMs: number): readonly Share[] {
      return merged(shares).filter(({ memberId, gpuMs }) => {
        const allowance = allowanceOf(memberId);
        return !taken(bucketOf(memberId, allowance, nowMs), gpuMs, allowance, nowMs);
      });
    },
    /** As `Windows.short`, of a chat or community. */
    spendShort(spendKey: string, neededGpuMs: number, capGpuMs: number, nowMs: number): SpendRefusal | undefined {
      return windows.short(spendKey, neededGpuMs, capGpuMs, nowMs);
    },
    /** As `Windows.short`, of an address. */
    addressShort(
      { addressKey, capGpuMs }: AddressCeiling,
      neededGpuMs: number,
      nowMs: number,
    ): SpendRefusal | undefined {
      return addresses.short(addressKey, neededGpuMs, capGpuMs, nowMs);
    },
    spendWindow: windows.of,
    addressWindow: addresses.of,
    moveSpendWindow(fromKey: string, toKey: string): void {
      moveSpendWindow.run(fromKey, toKey);
    },
    /** @throws Error when somebody has not enough: ask `short` first, in the same transaction */
    hold(
      job: { readonly jobId: string; readonly spendKey: string; readonly ceiling?: AddressCeiling },
      shares: readonly Share[],
      allowanceOf: AllowanceOf,
      nowMs: number,
    ): void {
      const { jobId, spendKey, ceiling } = job;
      merged(shares).forEach(({ memberId, gpuMs }, part) => {
        const allowance = allowanceOf(memberId);
        const left = taken(bucketOf(memberId, allowance, nowMs), gpuMs, allowance, nowMs);
        if (!left) throw new Error(`hold without cover for job ${jobId}`);
        put(memberId, left);
        const { capacityGpuMs, refillGpuMsPerHour, resetMs } = allowance;
        insertHold.run(
          jobId,
          spendKey,
          memberId,
          part,
          gpuMs,
          capacityGpuMs,
          refillGpuMsPerHour,
          resetMs,
          ceiling?.addressKey ?? null,
          ceiling?.capGpuMs ?? null,
        );
      });
    },
    /** See `Store.holdMore`. A job that has ended holds nothing, and nothing more is taken for it. */
    holdMore(
      jobId: string,
      totalGpuMs: number,
      spendCapGpuMs: number | undefined,
      nowMs: number,
    ): "held" | "member_short" | "window_short" {
      const holds = heldBy.all(jobId);
      const wanted = split(
        totalGpuMs,
        holds.map((hold) => hold.memberId),
      );
      const more = holds.map((hold, part) => {
        const gpuMs = Math.max(0, (wanted[part]?.gpuMs ?? 0) - hold.heldGpuMs);
        return { hold, gpuMs, left: taken(bucketOf(hold.memberId, hold, nowMs), gpuMs, hold, nowMs) };
      });
      const neededGpuMs = more.reduce((sum, { gpuMs }) => sum + gpuMs, 0);
      if (neededGpuMs === 0) return "held";
      const spendKey = holds[0]?.spendKey;
      if (
        spendKey !== undefined &&
        spendCapGpuMs !== undefined &&
        windows.short(spendKey, neededGpuMs, spendCapGpuMs, nowMs)
      )
        return "window_short";
      const { addressKey = null, addressCapGpuMs = null } = holds[0] ?? {};
      if (
        addressKey !== null &&
        addressCapGpuMs !== null &&
        addresses.short(addressKey, neededGpuMs, addressCapGpuMs, nowMs)
      )
        return "window_short";
      if (more.some(({ left }) => left === undefined)) return "member_short";
      for (const { hold, gpuMs, left } of more) {
        if (left) put(hold.memberId, left);
        raiseHold.run(jobId, hold.memberId, gpuMs);
      }
      return "held";
    },
    /** What a job under way holds in all. */
    heldFor: (jobId: string): number => heldBy.all(jobId).reduce((sum, { heldGpuMs }) => sum + heldGpuMs, 0),
    /** May cost more than was held; the balance then goes below zero. */
    settle(jobId: string, usedGpuMs: number, nowMs: number): void {
      end(jobId, "settled", nowMs, (holders) => split(usedGpuMs, holders));
    },
    refund(jobId: string, nowMs: number): void {
      end(jobId, "refunded", nowMs, () => []);
    },
    account(memberId: string, allowance: Allowance, nowMs: number): Account {
      return {
        bucket: bucketOf(memberId, allowance, nowMs),
        heldGpuMs: heldOf.get(memberId)?.gpuMs ?? 0,
        recent: recentOf.all(memberId).map((row) => ({ ...row })),
      };
    },
  };
}

/** One share per member: a member named twice must be able to pay both parts. */
function merged(shares: readonly Share[]): readonly Share[] {
  const sums = new Map<string, number>();
  for (const { memberId, gpuMs } of shares) sums.set(memberId, (sums.get(memberId) ?? 0) + gpuMs);
  return [...sums].map(([memberId, gpuMs]) => ({ memberId, gpuMs }));
}
