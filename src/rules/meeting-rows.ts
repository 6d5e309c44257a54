import { z } from "zod";
import type { Meeting, MeetingItem } from "../domain/meeting.ts";
import { allowanceSchema, movedTo, parser, personSchema, placeSchema, remembered } from "./rows.ts";

// Meetings as they are stored: whole. Columns are what they are found by; the chat's goes before what the body says.

const itemSchema = z.object({
  title: z.string(),
  minutes: z.int().exactOptional(),
  spans: z.array(z.object({ fromMs: z.int(), toMs: z.int().exactOptional() })),
  heldImageIds: z.array(z.string()),
  decisionIds: z.array(z.string()),
  chosen: z
    .object({ imageId: z.string(), by: z.enum(["vote", "chair"]), decisionId: z.string().exactOptional() })
    .exactOptional(),
  notes: z.array(z.object({ by: personSchema, note: z.string(), atMs: z.int() })),
}) satisfies z.ZodType<MeetingItem>;

const meetingSchema = z.object({
  meetingId: z.string(),
  place: placeSchema,
  title: z.string(),
  style: z.string().exactOptional(),
  size: z.string().exactOptional(),
  budgetGpuMs: z.int().exactOptional(),
  budgetFrom: z
    .discriminatedUnion("by", [
      z.object({ by: z.literal("member"), memberId: z.string(), allowance: allowanceSchema }),
      z.object({ by: z.literal("pot") }),
    ])
    .exactOptional(),
  chair: personSchema,
  startedBy: personSchema,
  startedAtMs: z.int(),
  state: z.enum(["waiting", "running", "ended"]),
  items: z.array(itemSchema),
  at: z.int(),
  timer: z
    .discriminatedUnion("state", [
      z.object({ state: z.literal("runs"), endsAtMs: z.int() }),
      z.object({ state: z.literal("paused"), leftMs: z.int() }),
    ])
    .exactOptional(),
  present: z.array(personSchema),
  code: z.string(),
  wallKey: z.string(),
  endedAtMs: z.int().exactOptional(),
  revision: z.int(),
}) satisfies z.ZodType<Meeting>;

/** Read with every press while it is open. */
export const meetingBody = remembered(parser<Meeting>(meetingSchema));

export interface MeetingRow {
  readonly chatKey: string;
  readonly settingsKey: string;
  readonly body: string;
}

export function meetingOf({ chatKey, body }: MeetingRow): Meeting {
  const meeting = meetingBody.parse(body);
  const place = movedTo(chatKey, meeting.place);
  return place === meeting.place ? meeting : { ...meeting, place };
}
