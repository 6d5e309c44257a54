import { z } from "zod";
import type {
  Decision,
  DecisionOption,
  DecisionOutcome,
  DecisionRule,
  DecisionVote,
  NewDecision,
} from "../domain/decision.ts";
import { orderSchema } from "../domain/recipe.ts";
import { movedTo, parser, personSchema, placeSchema, remembered } from "./rows.ts";

// Decisions as they are stored. Columns that change go before what the body says.

const ruleOfEach = z.object({
  needed: z.union([z.int(), z.literal("majority_present")]),
  maxChoices: z.int(),
  visibility: z.enum(["live", "hidden", "secret"]),
  who: z.union([z.enum(["everyone", "present"]), z.object({ roles: z.array(z.string()) })]),
});
const ruleSchema = z.union([
  ruleOfEach.extend({ method: z.literal("quorum"), spends: z.boolean() }),
  ruleOfEach.extend({ method: z.enum(["approval", "limited", "proposal"]), spends: z.literal(false) }),
]) satisfies z.ZodType<DecisionRule>;

const optionSchema = z.object({
  id: z.string(),
  imageId: z.string().exactOptional(),
}) satisfies z.ZodType<DecisionOption>;

const decisionSchema = z.object({
  decisionId: z.string(),
  kind: z.enum(["reroll", "pick", "proposal", "spend"]),
  place: placeSchema,
  subjectJobId: z.string().exactOptional(),
  question: z.string().exactOptional(),
  order: orderSchema.exactOptional(),
  draftJobId: z.string().exactOptional(),
  options: z.array(optionSchema),
  rule: ruleSchema,
  openedBy: personSchema,
  openedAtMs: z.int(),
  closesAtMs: z.int(),
  round: z.union([z.literal(1), z.literal(2)]),
  presentIds: z.array(z.string()).exactOptional(),
  meetingId: z.string().exactOptional(),
}) satisfies z.ZodType<NewDecision>;

const outcomeSchema = z.object({
  winners: z.array(z.string()),
  counts: z.record(z.string(), z.int()),
  voted: z.int(),
  notVoted: z.int().exactOptional(),
  tie: z.boolean(),
  closed: z.discriminatedUnion("by", [
    z.object({ by: z.enum(["votes", "deadline"]) }),
    z.object({ by: z.literal("chair"), person: personSchema }),
  ]),
  chairChose: z.literal(true).exactOptional(),
  note: z.string().exactOptional(),
  startedJobId: z.string().exactOptional(),
  borneIds: z.array(z.string()).exactOptional(),
}) satisfies z.ZodType<DecisionOutcome>;

/** Read with every press. */
export const decisionBody = remembered(parser<NewDecision>(decisionSchema));
const parseOutcome = parser<DecisionOutcome>(outcomeSchema);

export interface DecisionRow {
  readonly chatKey: string;
  readonly state: Decision["state"];
  readonly openedAtMs: number;
  readonly closesAtMs: number;
  readonly endedAtMs: number | null;
  readonly outcome: string | null;
  readonly body: string;
}

export function decisionOf(row: DecisionRow, votes: readonly DecisionVote[]): Decision {
  const body = decisionBody.parse(row.body);
  return {
    ...body,
    place: movedTo(row.chatKey, body.place),
    openedAtMs: row.openedAtMs,
    closesAtMs: row.closesAtMs,
    state: row.state,
    votes,
    ...(row.outcome === null ? {} : { outcome: parseOutcome(row.outcome) }),
    ...(row.endedAtMs === null ? {} : { endedAtMs: row.endedAtMs }),
  };
}

export interface VoteRow {
  readonly memberId: string;
  readonly name: string;
  readonly choices: string;
  readonly reason: string | null;
  readonly atMs: number;
}

/** Ids of options are letters and digits. */
export const choicesText = (choices: readonly string[]): string => choices.join(",");

/** Of an account that is joined with no other. */
export const voteOf = ({ memberId, name, choices, reason, atMs }: VoteRow): DecisionVote => ({
  personId: memberId,
  memberId,
  name,
  choices: choices.split(","),
  ...(reason === null ? {} : { reason }),
  atMs,
});
