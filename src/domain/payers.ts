import { type Share, splitInParts } from "./ledger.ts";

/** Out of what a vote's order is paid: by those who voted for it in equal parts, or by the pot alone. */
export type PaidBy = "voters" | "pot";

interface Payers {
  readonly shares: readonly Share[];
  /** Voters whose part the pot bears, since they have not enough. */
  readonly borneIds: readonly string[];
}

export type PayersResult =
  | ({ readonly ok: true } & Payers)
  /** These members have not enough for their part, and the pot not enough to bear it; none: it was the pot's alone. */
  | { readonly ok: false; readonly shortIds: readonly string[] };

/**
 * Who pays what of an order that was voted for. Equal parts, one a voter; whoever cannot pay theirs votes without paying where the
 * pot bears it. The parts sum exactly: the first who pay bear the remainder, and the pot comes last.
 *
 * @param pot absent: it may not be drawn on
 */
export function payersOf({
  totalGpuMs,
  voters,
  paidBy,
  canPay,
  pot,
}: {
  readonly totalGpuMs: number;
  readonly voters: readonly { readonly memberId: string; readonly name: string }[];
  readonly paidBy: PaidBy;
  readonly canPay: (memberId: string, gpuMs: number) => boolean;
  readonly pot?: { readonly payerId: string; readonly gpuMs: number } | undefined;
}): PayersResult {
  if (pot && paidBy === "pot")
    return totalGpuMs <= Math.max(0, pot.gpuMs)
      ? { ok: true, shares: [{ memberId: pot.payerId, gpuMs: totalGpuMs }], borneIds: [] }
      : { ok: false, shortIds: [] };
  let paying = voters;
  for (;;) {
    const parts = splitInParts(totalGpuMs, [...paying.map(() => 1), voters.length - paying.length]);
    const able = paying.filter(({ memberId }, at) => canPay(memberId, parts[at] ?? 0));
    if (able.length < paying.length) {
      // Each who drops out moves the remainder to others, who may then drop out, too.
      paying = able;
      continue;
    }
    const borneIds = voters.flatMap(({ memberId }) =>
      paying.some((each) => each.memberId === memberId) ? [] : [memberId],
    );
    const shares = paying.map(({ memberId, name }, at): Share => ({ memberId, name, gpuMs: parts[at] ?? 0 }));
    if (borneIds.length === 0) return { ok: true, shares, borneIds };
    const borneGpuMs = parts.at(-1) ?? 0;
    if (!pot || borneGpuMs > Math.max(0, pot.gpuMs)) return { ok: false, shortIds: borneIds };
    return {
      ok: true,
      shares: [...shares, { memberId: pot.payerId, gpuMs: borneGpuMs, parts: borneIds.length }],
      borneIds,
    };
  }
}
