import type { Picture } from "../../domain/job.ts";
import { ok, type Problem, type Result, refuse } from "../../domain/problem.ts";
import { text } from "../../domain/text.ts";
import { wholeNumberText } from "../../lib/number-text.ts";
import type { Context } from "../../ports/command.ts";

/** With "None of these" they are the 25 buttons that every platform has room for. */
export const CANDIDATES_MAX = 24;
/** Among so many of the newest the last batch is looked for. */
const LOOK_BACK = 25;

/**
 * "12, 14-16, #20" as numbers, each once; `undefined`: it says something else. More than `CANDIDATES_MAX` are cut at one more,
 * so that a range of a million costs nothing.
 */
export function numbersIn(typed: string): readonly number[] | undefined {
  const parts = typed
    .replaceAll(/\s*[-–—]\s*/gu, "-")
    .split(/[\s,;،、]+/u)
    .filter((part) => part !== "");
  if (parts.length === 0) return undefined;
  const numbers = new Set<number>();
  for (const part of parts) {
    const [from, to = from, ...others] = part.split("-");
    const first = pictureNumber(from ?? "");
    const last = pictureNumber(to ?? "");
    if (first === undefined || last === undefined || last < first || others.length > 0) return undefined;
    for (let number = first; number <= last && numbers.size <= CANDIDATES_MAX; number += 1) numbers.add(number);
  }
  return [...numbers];
}

/** "12,14 Which one?": a list with a comma, before words. "10,000 leaflets" is a number. */
const LISTED_FIRST = /^(?!\d{1,3}(?:,\d{3})+\s)(#?\d+(?:\s*[-–—,;]\s*#?\d+)+)[\s:]+(\S.*)$/su;

/** A question that begins with its pictures, parted; `undefined`: it does not. */
export function listedFirst(typed: string): { readonly pictures: string; readonly question: string } | undefined {
  const [, pictures = "", question = ""] = LISTED_FIRST.exec(typed) ?? [];
  return pictures.includes(",") && numbersIn(pictures) ? { pictures, question } : undefined;
}

function pictureNumber(typed: string): number | undefined {
  const read = wholeNumberText(typed);
  return read.is === "number" && read.value > 0 && read.value < 1e9 ? read.value : undefined;
}

/** The pictures that are put to the vote, in the order they were named. */
export async function namedCandidates(
  { reads, chatKey }: Pick<Context, "reads" | "chatKey">,
  typed: string,
): Promise<Result<readonly Picture[]>> {
  const numbers = numbersIn(typed);
  if (!numbers) return refuse({ code: "bad_args", text: text("problem.candidates.numbers") });
  if (numbers.length > CANDIDATES_MAX)
    return refuse({ code: "bad_args", text: text("problem.candidates.many", { max: CANDIDATES_MAX }) });
  const found: Picture[] = [];
  for (const number of numbers) {
    const picture = await reads.pictureByNumber(number);
    if (!picture || picture.chatKey !== chatKey || picture.deleted)
      return refuse({ code: "not_found", text: text("problem.picture.unknown", { number }) });
    found.push(picture);
  }
  return ok(found);
}

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
