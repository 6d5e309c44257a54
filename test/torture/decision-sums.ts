import { isDeepStrictEqual } from "node:util";
import type { Books } from "./books.ts";
import type { Platform } from "./platform.ts";
import {
  CHOSEN,
  COUNTS,
  GIFTS,
  isFromPot,
  pickIdOf,
  REROLL_ESTIMATE_GPU_MS,
  rerollIdOf,
  rerollSeedOf,
  startedIdOf,
  VOTES_NEEDED,
} from "./presses.ts";
import { costOf, memberOf } from "./wire.ts";

export interface DecisionSums {
  readonly decisions: number;
  /** Votes that are not stored as they were confirmed, and outcomes that do not say what was counted. */
  readonly votesWrong: number;
  /** Jobs that nobody ordered and no vote started, and those that a vote should have started. */
  readonly startsWrong: number;
  /** Decisions whose outcome nobody sees. */
  /** |what was given to the pot − what it paid − what it holds|, GPU ms. */
  readonly potErrorGpuMs: number;
  readonly outcomesLost: number;
  readonly duplicateOutcomes: number;
  readonly secondLines: number;
}

/** @param spend called with what each voter pays for */
export function decisionSums(
  { platform, books, ordered }: { readonly platform: Platform; readonly books: Books; readonly ordered: number },
  spend: (memberId: string, gpuMs: number) => void,
): DecisionSums {
  const total = { votesWrong: 0, startsWrong: 0, outcomesLost: 0, duplicateOutcomes: 0, secondLines: 0 };
  const { subjects } = platform;
  let potGpuMs = 0;
  for (const subject of subjects) {
    const reroll = books.decision(rerollIdOf(subject));
    const pick = books.decision(pickIdOf(subject));
    const voters = [...(reroll?.choices.keys() ?? [])];
    const mayVote = [1, 2, 3, 4].map((member) => memberOf(subject + member));
    const isRight = voters.length === VOTES_NEEDED && voters.every((voter) => mayVote.includes(voter));
    if (reroll?.state !== "passed" || !isRight) total.votesWrong += 1;
    for (const [member, choices] of CHOSEN) {
      const stored = pick?.choices
        .get(memberOf(subject + member))
        ?.split(",")
        .toSorted()
        .join(",");
      if (stored !== choices) total.votesWrong += 1;
    }
    if (!isDeepStrictEqual(countsOf(pick?.outcome), COUNTS) || pick?.choices.size !== CHOSEN.size)
      total.votesWrong += 1;
    if (!books.jobIds.has(startedIdOf(subject))) total.startsWrong += 1;
    const costGpuMs = costOf(rerollSeedOf(subject));
    if (isFromPot(subject)) {
      for (const [member, gpuMs] of GIFTS) spend(memberOf(subject + member), gpuMs);
      potGpuMs += REROLL_ESTIMATE_GPU_MS - costGpuMs;
    } else for (const voter of voters) spend(voter, costGpuMs / VOTES_NEEDED);
    for (const id of [rerollIdOf(subject), pickIdOf(subject)]) {
      const { messages, finals } = platform.line(id);
      if (finals === 0) total.outcomesLost += 1;
      total.duplicateOutcomes += Math.max(0, finals - 1);
      total.secondLines += Math.max(0, messages - 1);
    }
  }
  total.startsWrong += Math.abs(books.jobIds.size - ordered - subjects.length);
  return { decisions: 2 * subjects.length, ...total, potErrorGpuMs: Math.abs(potGpuMs - books.potGpuMs) };
}

const countsOf = (outcome: unknown): unknown =>
  typeof outcome === "object" && outcome !== null && "counts" in outcome ? outcome.counts : undefined;
