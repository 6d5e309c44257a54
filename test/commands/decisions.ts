import {
  AYE,
  type Decision,
  type DecisionKind,
  type DecisionOutcome,
  type DecisionRule,
  type DecisionVote,
  NONE_OF_THESE,
  PROPOSAL_OPTIONS,
} from "../../src/domain/decision.ts";
import { text } from "../../src/domain/text.ts";
import { ana, jobWith, NOW_MS, orderWith, PLACE, pictureOf } from "./context.ts";

export const BATCH = jobWith({ order: orderWith({}, { count: 3 }) });
export const CANDIDATES = [0, 1, 2].map((index) => pictureOf(BATCH, index));
export const optionOf = (number: number): string => `p${number.toString(36)}`;

const SHOWN = { visibility: "live", who: "everyone" } as const;
const RULES: Readonly<Record<DecisionKind, DecisionRule>> = {
  reroll: { method: "quorum", needed: 3, maxChoices: 1, spends: true, ...SHOWN },
  pick: { method: "approval", needed: 1, maxChoices: 4, spends: false, ...SHOWN },
  proposal: { method: "proposal", needed: 2, maxChoices: 1, spends: false, ...SHOWN },
  spend: { method: "quorum", needed: 3, maxChoices: 1, spends: true, ...SHOWN },
};

const optionsOf = (kind: DecisionKind): Decision["options"] => {
  switch (kind) {
    case "reroll":
    case "spend":
      return [{ id: AYE }];
    case "pick":
      return [...CANDIDATES.map(({ number, imageId }) => ({ id: optionOf(number), imageId })), { id: NONE_OF_THESE }];
    case "proposal":
      return PROPOSAL_OPTIONS.map((id) => ({ id }));
  }
};

/** One of this kind, opened by Ana in the usual chat an hour before it closes. */
export function decisionOf(
  kind: DecisionKind,
  {
    rule,
    ...over
  }: Partial<Omit<Decision, "rule">> & {
    readonly rule?: Partial<Pick<DecisionRule, "needed" | "maxChoices" | "visibility" | "who">> & {
      readonly method?: "limited";
    };
  } = {},
): Decision {
  const { method, ...parts } = rule ?? {};
  return {
    decisionId: "d".repeat(16),
    kind,
    place: PLACE,
    ...(kind === "reroll" || kind === "pick" ? { subjectJobId: BATCH.jobId } : {}),
    ...(kind === "proposal" ? { question: "We march on May Day" } : {}),
    ...(kind === "spend" ? { order: orderWith({ prompt: "a red fox" }) } : {}),
    options: optionsOf(kind),
    rule: method ? { ...RULES[kind], ...parts, method, spends: false } : { ...RULES[kind], ...parts },
    openedBy: { id: ana.id, name: ana.name },
    openedAtMs: NOW_MS,
    closesAtMs: NOW_MS + 3_600_000,
    round: 1,
    state: "open",
    votes: [],
    ...over,
  };
}

export const voteOf = (name: string, choices: readonly string[], reason?: string): DecisionVote => ({
  personId: `web:${name.toLowerCase()}`,
  memberId: `web:${name.toLowerCase()}`,
  name,
  choices,
  ...(reason === undefined ? {} : { reason }),
  atMs: NOW_MS,
});

export const outcomeOf = (
  winners: readonly string[],
  counts: Readonly<Record<string, number>>,
  over: Partial<DecisionOutcome> = {},
): DecisionOutcome => ({
  winners,
  counts,
  voted: Math.max(0, ...Object.values(counts)),
  tie: winners.length > 1,
  closed: { by: "deadline" },
  ...over,
});

export const LINEAGE = { parentImageId: CANDIDATES[0]?.imageId ?? "", parentNumber: 12, change: text("change.seed") };
