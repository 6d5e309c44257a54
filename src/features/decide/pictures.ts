import type { Picture } from "../../domain/job.ts";
import { ok, type Problem, type Result, refuse } from "../../domain/problem.ts";
import { text } from "../../domain/text.ts";
import type { Context } from "../../ports/command.ts";
import { namedPictures, numbersIn } from "../pictures/listed.ts";

/** With "None of these" they are the 25 buttons that every platform has room for. */
export const CANDIDATES_MAX = 24;
/** Among so many of the newest the last batch is looked for. */
const LOOK_BACK = 25;

/** As `listed.ts` has it, for so many as can be put to the vote. */
export const candidateNumbers = (typed: string): readonly number[] | undefined => numbersIn(typed, CANDIDATES_MAX);

/** "12,14 Which one?": a list with a comma, before words. "10,000 leaflets" is a number. */
const LISTED_FIRST = /^(?!\d{1,3}(?:,\d{3})+\s)(#?\d+(?:\s*[-–—,;]\s*#?\d+)+)[\s:]+(\S.*)$/su;

/** A question that begins with its pictures, parted; `undefined`: it does not. */
export function listedFirst(typed: string): { readonly pictures: string; readonly question: string } | undefined {
  const [, pictures = "", question = ""] = LISTED_FIRST.exec(typed) ?? [];
  return pictures.includes(",") && candidateNumbers(pictures) ? { pictures, question } : undefined;
}

/** The pictures that are put to the vote, in the order they were named. */
export const namedCandidates = (
  context: Pick<Context, "reads" | "chatKey">,
  typed: string,
): Promise<Result<readonly Picture[]>> => namedPictures(context, typed, CANDIDATES_MAX);

/** What the message shows that is answered, else the last batch of this chat, else its newest picture. */
export async function meantCandidates(
  context: Pick<Context, "reads" | "chatKey" | "about">,
): Promise<Result<readonly Picture[]>> {
  const { about, reads, chatKey } = context;
  if (about?.of === "job") return there(about.subject.pictures);
  if (about) return refuse({ code: "not_found", text: text("problem.picture.none-there") });
  const newest = await reads.history({ chatKey, limit: LOOK_BACK });
  const batch = newest.find(({ order }) => order.count > 1);
  if (batch) return there(await reads.picturesOf(batch.jobId));
  return there(newest.slice(0, 1));
}

const NONE: Problem = { code: "not_found", text: text("problem.candidates.none") };

const there = (pictures: readonly Picture[]): Result<readonly Picture[]> => {
  const present = pictures.filter(({ deleted }) => deleted === undefined);
  return present.length === 0 ? refuse(NONE) : ok(present);
};
