import { z } from "zod";
import { DOCUMENT_MAX_PICTURES } from "../../domain/document.ts";
import type { DocumentSubject } from "../../domain/document-order.ts";
import type { Picture } from "../../domain/job.ts";
import type { Meeting } from "../../domain/meeting.ts";
import { ok, type Problem, type Result, refuse } from "../../domain/problem.ts";
import { text } from "../../domain/text.ts";
import { option } from "../../ports/args.ts";
import type { Context } from "../../ports/command.ts";
import { namedPictures } from "../pictures/listed.ts";

/** So many of the newest, where nothing else says which. */
const NEWEST = 12;
const DAY_MS = 86_400_000;
/** What won votes longer ago than this is another matter. */
const WINNERS_MS = 7 * DAY_MS;
const WINNERS_MAX = 24;

const LIST_MAX_CHARS = 400;

/** Which pictures: "12,14-16". */
export const selectionOption = option(z.string().trim().max(LIST_MAX_CHARS).optional(), {
  about: text("option.selection"),
  label: text("label.pictures"),
  rest: true,
  names: "picture",
});

type Asking = Pick<Context, "reads" | "chatKey" | "about" | "nowMs">;

/**
 * What a document is made of: the pictures that are named, else those of the message that is answered, else the chat's meeting
 * that is open or ended within a day, else what won the last votes, else the newest pictures.
 */
export async function meantSubject(context: Asking, typed: string | undefined): Promise<Result<DocumentSubject>> {
  if (typed !== undefined && typed !== "") {
    const named = await namedPictures(context, typed, DOCUMENT_MAX_PICTURES);
    return named.ok ? ok({ imageIds: idsOf(named.value), chosen: "named" }) : named;
  }
  const { about, reads } = context;
  if (about?.of === "nothing") return refuse(NOTHING_THERE);
  if (about?.of === "job") {
    const { pictures, which } = about.subject;
    const there = pictures.filter(({ deleted, index }) => !deleted && (which === "all" || index === which));
    return there.length === 0 ? refuse(NONE) : ok({ imageIds: idsOf(there), chosen: "answered" });
  }
  const meeting = await reads.latestMeeting();
  if (meeting && isRecent(meeting, context.nowMs)) return ok({ meetingId: meeting.meetingId });
  const won = await reads.winners(context.nowMs - WINNERS_MS, WINNERS_MAX);
  if (won.length > 0)
    return ok({ imageIds: [...new Set(won.map(({ imageId }) => imageId))].toReversed(), chosen: "winners" });
  const newest = await reads.history({ chatKey: context.chatKey, limit: NEWEST });
  return newest.length === 0 ? refuse(NONE) : ok({ imageIds: idsOf(newest.toReversed()), chosen: "newest" });
}

const isRecent = ({ endedAtMs }: Meeting, nowMs: number): boolean =>
  endedAtMs === undefined || endedAtMs > nowMs - DAY_MS;

const idsOf = (pictures: readonly Picture[]): readonly string[] => pictures.map(({ imageId }) => imageId);

const NONE: Problem = { code: "not_found", text: text("problem.picture.none-yet") };
const NOTHING_THERE: Problem = { code: "not_found", text: text("problem.picture.none-there") };
