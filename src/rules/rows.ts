import { z } from "zod";
import type { Person } from "../domain/block.ts";
import { filledTemplateSchema, shownWords } from "../domain/filled-template.ts";
import type { Deferral, JobOutcome, NewJob, NewPicture, Progress } from "../domain/job.ts";
import type { Allowance } from "../domain/ledger.ts";
import type { PictureVerdict } from "../domain/picture-verdict.ts";
import { chatKeyOf, type MessageRef, type Place, type ReplyTarget } from "../domain/place.ts";
import type { Problem } from "../domain/problem.ts";
import { orderSchema, recipeSchema } from "../domain/recipe.ts";
import { textSchema } from "../domain/text-schema.ts";
import type { HoldReason } from "../domain/withheld.ts";
import { BoundedMap } from "../lib/bounded-map.ts";
import { displayName } from "../lib/display-name.ts";
import type { ServedLane, WorkSoFar } from "../ports/fleet.ts";
import type { AcceptRefusal } from "../ports/payment.ts";

// What is kept as JSON, in every database. A row is checked when it is read: a file
// that was edited by hand or written by another version is an error here, not a strange picture later.

export const placeSchema = z.object({
  platform: z.string(),
  chatId: z.string(),
  threadId: z.string().exactOptional(),
  communityId: z.string().exactOptional(),
  title: z.string().exactOptional(),
  ageRestricted: z.boolean().exactOptional(),
  group: z.boolean(),
}) satisfies z.ZodType<Place>;

export const targetSchema = z.object({
  place: placeSchema,
  memberId: z.string(),
  replyToken: z.string().exactOptional(),
  replyTokenExpiresAtMs: z.number().exactOptional(),
}) satisfies z.ZodType<ReplyTarget>;

const messageSchema = z.object({ place: placeSchema, messageId: z.string() }) satisfies z.ZodType<MessageRef>;

/** Rows from before hold names as platforms gave them. */
const nameSchema = z.string().transform((name) => displayName(name, "?"));

export const personSchema = z.object({ id: z.string(), name: nameSchema }) satisfies z.ZodType<Person>;

export const allowanceSchema = z.object({
  capacityGpuMs: z.int(),
  refillGpuMsPerHour: z.int(),
  resetMs: z.int(),
}) satisfies z.ZodType<Allowance>;

const deferralSchema = z.object({
  allowance: allowanceSchema,
  addressCeiling: z.object({ addressKey: z.string(), capGpuMs: z.int() }).exactOptional(),
  expectedAtMs: z.number().exactOptional(),
}) satisfies z.ZodType<Deferral>;

const newJobSchema = z.object({
  jobId: z.string(),
  memberId: z.string(),
  memberName: nameSchema,
  target: targetSchema,
  order: orderSchema,
  lane: z.string(),
  passedOver: z.array(textSchema).exactOptional(),
  estimateGpuMs: z.int(),
  estimateMs: z.int(),
  acceptedAtMs: z.int(),
  policy: z.object({ backends: z.array(z.string()).exactOptional(), remote: z.boolean() }).exactOptional(),
  voterNames: z.array(nameSchema),
  voterIds: z.array(z.string()).exactOptional(),
  said: z.object({ words: z.string(), atMs: z.int(), late: z.literal(true).exactOptional() }).exactOptional(),
  withOriginals: z.literal(true).exactOptional(),
  deferral: deferralSchema.exactOptional(),
}) satisfies z.ZodType<NewJob>;

const promptSchema = z
  .object({
    order: z.object({ request: z.object({ prompt: z.string(), template: filledTemplateSchema.exactOptional() }) }),
  })
  .transform(({ order }) => shownWords(order.request));

const withOriginalsSchema = newJobSchema.pick({ withOriginals: true }).transform((job) => job.withOriginals === true);

const problemSchema = z.object({
  code: z.enum([
    "bad_args",
    "unknown_command",
    "quota_used",
    "queue_full",
    "not_allowed",
    "cannot_honour",
    "no_backend",
    "rejected",
    "expired",
    "not_found",
    "cancelled",
    "internal",
  ]),
  text: textSchema,
  retryAtMs: z.number().exactOptional(),
}) satisfies z.ZodType<Problem>;

const outcomeSchema = z.object({
  backend: z.string(),
  route: z.array(textSchema),
  usedGpuMs: z.int(),
  tookMs: z.number(),
  cancelled: z.object({ byName: z.string(), returnedGpuMs: z.int() }).exactOptional(),
  receipts: z
    .array(
      z.discriminatedUnion("by", [
        z.object({ by: z.literal("member"), name: nameSchema, gpuMs: z.int() }),
        z.object({ by: z.literal("pot"), gpuMs: z.int() }),
      ]),
    )
    .exactOptional(),
}) satisfies z.ZodType<JobOutcome>;

const accountSchema = z.object({
  bucket: z.object({ balanceGpuMs: z.int(), atMs: z.int(), resetAtMs: z.int().exactOptional() }),
  heldGpuMs: z.int(),
  recent: z.array(z.object({ jobId: z.string(), usedGpuMs: z.int(), atMs: z.int(), prompt: z.string() })),
});

const refusalSchema = z.discriminatedUnion("code", [
  z.object({ code: z.literal("quota_used"), memberId: z.string(), neededGpuMs: z.int(), account: accountSchema }),
  z.object({ code: z.enum(["queue_full", "deferred_full"]), open: z.int() }),
  z.object({ code: z.literal("pot_short"), neededGpuMs: z.int(), leftGpuMs: z.int() }),
  z.object({
    code: z.enum(["pot_used", "address_used"]),
    neededGpuMs: z.int(),
    leftGpuMs: z.int(),
    capGpuMs: z.int(),
    retryAtMs: z.number().exactOptional(),
  }),
]) satisfies z.ZodType<AcceptRefusal>;

/** What an update led to, kept in the inbox so that a repeated delivery gets the same answer. */
export type InboxOutcome =
  | { readonly did: "accepted"; readonly jobId: string }
  | { readonly did: "refused"; readonly why: AcceptRefusal }
  /** Opened, voted or closed. */
  | { readonly did: "decided"; readonly decisionId: string }
  /** A vote from when there were only those about rerolls. */
  | { readonly did: "voted"; readonly subjectJobId: string }
  | { readonly did: "gave"; readonly gpuMs: number }
  /** Started or changed a meeting; `changed` false: it was as it should be already. */
  | { readonly did: "met"; readonly meetingId: string; readonly changed: boolean }
  /** For a file. */
  | { readonly did: "asked"; readonly documentId: string };

const inboxSchema = z.discriminatedUnion("did", [
  z.object({ did: z.literal("accepted"), jobId: z.string() }),
  z.object({ did: z.literal("refused"), why: refusalSchema }),
  z.object({ did: z.literal("decided"), decisionId: z.string() }),
  z.object({ did: z.literal("voted"), subjectJobId: z.string() }),
  z.object({ did: z.literal("gave"), gpuMs: z.int() }),
  z.object({ did: z.literal("met"), meetingId: z.string(), changed: z.boolean() }),
  z.object({ did: z.literal("asked"), documentId: z.string() }),
]) satisfies z.ZodType<InboxOutcome>;

const verdictSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("fine") }),
  z.object({ kind: z.literal("unseen") }),
  z.object({ kind: z.literal("flagged"), label: z.string(), score: z.number(), weight: z.enum(["spoiler", "hold"]) }),
]) satisfies z.ZodType<PictureVerdict>;

type PictureBody = Pick<NewPicture, "memberName" | "order" | "recipe" | "verdict">;
const pictureBodySchema = z.object({
  memberName: nameSchema,
  order: orderSchema,
  recipe: recipeSchema,
  verdict: verdictSchema.exactOptional(),
}) satisfies z.ZodType<PictureBody>;

const holdReasonSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("all") }),
  z.object({ kind: z.literal("flagged"), label: z.string(), score: z.number() }),
  z.object({ kind: z.literal("unseen") }),
  z.object({ kind: z.literal("hidden"), presses: z.int() }),
]) satisfies z.ZodType<HoldReason>;

const progressSchema = z.object({
  fraction: z.number(),
  backend: z.string(),
  step: z.object({ at: z.number(), of: z.number() }).exactOptional(),
  waiting: z
    .object({
      position: z.number().exactOptional(),
      etaMs: z.number().exactOptional(),
      why: textSchema.exactOptional(),
    })
    .exactOptional(),
  route: z.array(textSchema),
}) satisfies z.ZodType<Progress>;

const soFarSchema = z.object({
  attempt: z.int(),
  outcome: outcomeSchema.omit({ cancelled: true }),
  pictures: z.array(
    pictureBodySchema.extend({
      imageId: z.string(),
      jobId: z.string(),
      index: z.int(),
      chatKey: z.string(),
      memberId: z.string(),
      madeAtMs: z.number(),
      sha256: z.string(),
      fingerprint: z.string().exactOptional(),
    }) satisfies z.ZodType<NewPicture>,
  ),
}) satisfies z.ZodType<WorkSoFar>;

const ableSchema = z.object({
  edit: z.int().exactOptional(),
  enlarges: z.object({ model: z.string() }).exactOptional(),
  models: z.array(z.object({ title: z.string(), family: z.string().exactOptional() })).exactOptional(),
});
const lanesSchema = z.array(
  z.object({
    lane: z.string(),
    device: z.string(),
    slots: z.int(),
    able: ableSchema.exactOptional(),
  }) satisfies z.ZodType<ServedLane>,
);

/** @throws ZodError or SyntaxError: the stored row is not what this version writes */
export const parser =
  <T>(schema: z.ZodType<T>) =>
  (json: string): T =>
    schema.parse(JSON.parse(json));

/** Of the texts read last: a kilobyte or two each, so a few megabytes where a thousand wait. */
const REMEMBERED = 1024;

/** A kind of row that is read again and again, as it stands. */
export interface Remembered<T> {
  /** Nobody changes what comes out. @throws as `parser` */
  parse(json: string): T;
  /** Its text. What was written here needs no check when it is read. */
  text(value: T): string;
}

export function remembered<T>(parse: (json: string) => T): Remembered<T> {
  const known = new BoundedMap<T>(REMEMBERED);
  return {
    parse(json) {
      const before = known.get(json);
      if (before !== undefined) return before;
      const parsed = parse(json);
      known.set(json, parsed);
      return parsed;
    },
    text(value) {
      const json = JSON.stringify(value);
      known.set(json, value);
      return json;
    },
  };
}

/** A job is read some dozen times in its life, and what it was accepted as hardly ever changes. */
export const jobBody = remembered(parser<NewJob>(newJobSchema));
// Of a job's body, where it is read for one thing alone.
export const parsePrompt = parser(promptSchema);
export const parseWithOriginals = parser(withOriginalsSchema);
export const parseProblem = parser<Problem>(problemSchema);
export const parseOutcome = parser<JobOutcome>(outcomeSchema);
/** Read along with its job. */
export const messageBody = remembered(parser<MessageRef>(messageSchema));
export const parseAllowance = parser<Allowance>(allowanceSchema);
export const parseInbox = parser<InboxOutcome>(inboxSchema);
/** A picture is read for its message and for its file, a moment apart. */
export const pictureBody = remembered(parser<PictureBody>(pictureBodySchema));

export const parseHoldReason = parser<HoldReason>(holdReasonSchema);
export const parseProgress = parser<Progress>(progressSchema);
export const parseSoFar = parser<WorkSoFar>(soFarSchema);
export const parseLanes = parser<readonly ServedLane[]>(lanesSchema);

/** Where its chat is now: that can have moved since. */
export const movedTo = (chatKey: string, place: Place): Place =>
  chatKeyOf(place) === chatKey ? place : { ...place, chatId: chatKey.slice(place.platform.length + 1) };
