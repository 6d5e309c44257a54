import { decisionIdOf, jobIdOf } from "../../src/domain/ids.ts";
import { costOf, isDeferred, isRefused, seedOf, updateIdOf } from "./wire.ts";

// What groups decide while processes die: of some pictures another take, and which of two. Whatever order the presses come in,
// and however often each is delivered, the outcome is the same: that can be known beforehand.

export type Press = { readonly id: string; readonly subject: number } & (
  | { readonly does: "reroll" | "pick"; readonly member: number; readonly option: string }
  | { readonly does: "give"; readonly member: number; readonly gpuMs: number }
  | { readonly does: "open" | "close" }
);

/** Each of these updates, when its picture is there, is voted about. */
export const isSubject = (update: number): boolean =>
  update % 8 === 0 && !isRefused(seedOf(update)) && !isDeferred(seedOf(update));

export const VOTES_NEEDED = 3;
/** Which member, counted from the subject's own; an even number of presses of the same option is none. */
const PICKED: readonly (readonly [member: number, option: string])[] = [
  [1, "1"],
  [2, "1"],
  [2, "1"],
  [2, "1"],
  [3, "1"],
  [3, "2"],
  [3, "2"],
  [4, "1"],
  [4, "none"],
  [5, "2"],
];
export const CHOSEN: ReadonlyMap<number, string> = new Map([
  [1, "1"],
  [2, "1"],
  [3, "1"],
  [4, "1,none"],
  [5, "2"],
]);
export const COUNTS = { 1: 4, 2: 1, none: 1 };

/** What the votes about every second one start is paid by the pot, out of what two members gave before. */
export const isFromPot = (subject: number): boolean => subject % 16 === 0;
export const REROLL_ESTIMATE_GPU_MS = 60;
export const GIFTS: readonly (readonly [member: number, gpuMs: number])[] = [
  [6, 35],
  [7, REROLL_ESTIMATE_GPU_MS - 35],
];

/** Each stage when all of the one before is confirmed. Four want another take where three are enough. */
export function stagesOf(subject: number): readonly (readonly Press[])[] {
  const id = (what: string) => `torture:d${subject} ${what}`;
  const rerolls = [1, 2, 3, 4].map(
    (member): Press => ({
      id: id(`reroll ${member}`),
      subject,
      does: "reroll",
      member: subject + member,
      option: "aye",
    }),
  );
  const picks = PICKED.map(
    ([member, option], at): Press => ({
      id: id(`pick ${at}`),
      subject,
      does: "pick",
      member: subject + member,
      option,
    }),
  );
  const gifts = GIFTS.map(
    ([member, gpuMs]): Press => ({ id: id(`give ${member}`), subject, does: "give", member: subject + member, gpuMs }),
  );
  return [
    ...(isFromPot(subject) ? [gifts] : []),
    [...rerolls, { id: id("open"), subject, does: "open" }],
    picks,
    [{ id: id("close"), subject, does: "close" }],
  ];
}

export const rerollIdOf = (subject: number): string => decisionIdOf(`reroll ${subject}`);
export const pickIdOf = (subject: number): string => decisionIdOf(`pick ${subject}`);
export const startedIdOf = (subject: number): string => jobIdOf(`reroll ${updateIdOf(subject)}`);

const FIRST_SEED = 1_000_000;
/** One that is made, at once, and costs what three pay in equal parts. */
export function rerollSeedOf(subject: number): number {
  let seed = FIRST_SEED + subject * 100;
  while (isRefused(seed) || isDeferred(seed) || costOf(seed) % VOTES_NEEDED !== 0) seed += 1;
  return seed;
}
