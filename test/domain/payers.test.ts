import fc from "fast-check";
import { expect, test } from "vitest";
import { payersOf } from "../../src/domain/payers.ts";

const voter = (name: string) => ({ memberId: `web:${name}`, name });
const [ana, bo, cy] = ["ana", "bo", "cy"].map(voter) as [
  ReturnType<typeof voter>,
  ReturnType<typeof voter>,
  ReturnType<typeof voter>,
];
const pot = (gpuMs: number) => ({ payerId: "pot:web:room", gpuMs });
const rich = () => true;
const unless =
  (...poor: readonly { readonly memberId: string }[]) =>
  (memberId: string) =>
    !poor.some((each) => each.memberId === memberId);

test("equal parts, and the first bear the remainder", () => {
  expect(payersOf({ totalGpuMs: 11, voters: [ana, bo, cy], paidBy: "voters", canPay: rich, pot: pot(99) })).toEqual({
    ok: true,
    shares: [
      { ...ana, gpuMs: 4 },
      { ...bo, gpuMs: 4 },
      { ...cy, gpuMs: 3 },
    ],
    borneIds: [],
  });
});

test("whoever cannot pay votes without paying where the pot bears their part", () => {
  const asked = { totalGpuMs: 11, voters: [ana, bo, cy], paidBy: "voters", canPay: unless(ana, bo) } as const;
  expect(payersOf({ ...asked, pot: pot(7) })).toEqual({
    ok: true,
    shares: [
      { ...cy, gpuMs: 4 },
      { memberId: "pot:web:room", gpuMs: 7, parts: 2 },
    ],
    borneIds: [ana.memberId, bo.memberId],
  });
  expect(payersOf({ ...asked, pot: pot(6) })).toEqual({ ok: false, shortIds: [ana.memberId, bo.memberId] });
  expect(payersOf(asked)).toEqual({ ok: false, shortIds: [ana.memberId, bo.memberId] });
});

test("a remainder that moves to somebody who cannot bear it moves on", () => {
  const canPay = (memberId: string, gpuMs: number) =>
    memberId !== ana.memberId && gpuMs <= (memberId === bo.memberId ? 3 : 9);
  expect(payersOf({ totalGpuMs: 10, voters: [ana, bo, cy], paidBy: "voters", canPay, pot: pot(9) })).toMatchObject({
    shares: [
      { ...cy, gpuMs: 4 },
      { gpuMs: 6, parts: 2 },
    ],
    borneIds: [ana.memberId, bo.memberId],
  });
});

test("the pot alone, or nobody", () => {
  const asked = { totalGpuMs: 10, voters: [ana, bo], paidBy: "pot", canPay: rich } as const;
  expect(payersOf({ ...asked, pot: pot(10) })).toEqual({
    ok: true,
    shares: [{ memberId: "pot:web:room", gpuMs: 10 }],
    borneIds: [],
  });
  expect(payersOf({ ...asked, pot: pot(9) })).toEqual({ ok: false, shortIds: [] });
});

test("parts sum exactly, nobody pays more than they can, and no two differ by more than one part's remainder", () => {
  const purses = fc.array(fc.nat(60), { minLength: 1, maxLength: 7 });
  fc.assert(
    fc.property(
      purses,
      fc.nat(300),
      fc.nat(300),
      fc.constantFrom("voters" as const, "pot" as const),
      (purse, totalGpuMs, potGpuMs, paidBy) => {
        const voters = purse.map((_, at) => voter(`m${at}`));
        const has = new Map(voters.map(({ memberId }, at) => [memberId, purse[at] ?? 0]));
        const found = payersOf({
          totalGpuMs,
          voters,
          paidBy,
          canPay: (memberId, gpuMs) => gpuMs <= (has.get(memberId) ?? 0),
          pot: pot(potGpuMs),
        });
        if (!found.ok) return;
        const { shares, borneIds } = found;
        expect(shares.reduce((sum, { gpuMs }) => sum + gpuMs, 0)).toBe(totalGpuMs);
        for (const { memberId, gpuMs } of shares) expect(gpuMs).toBeLessThanOrEqual(has.get(memberId) ?? potGpuMs);
        const paying = shares.filter(({ memberId }) => has.has(memberId));
        if (paidBy === "pot") expect(paying).toEqual([]);
        else expect(paying.length + borneIds.length).toBe(voters.length);
        const parts = paying.map(({ gpuMs }) => gpuMs);
        expect(Math.max(0, ...parts) - Math.min(...parts, Math.max(0, ...parts))).toBeLessThanOrEqual(1);
      },
    ),
    { numRuns: 300 },
  );
});
