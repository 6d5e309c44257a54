import type { Picture } from "../../domain/job.ts";
import { ok, type Result, refuse } from "../../domain/problem.ts";
import { text } from "../../domain/text.ts";
import { wholeNumberText } from "../../lib/number-text.ts";
import type { Context } from "../../ports/command.ts";

/**
 * "12, 14-16, #20" as numbers, each once; `undefined`: it says something else. More than `max` are cut at one more, so that a
 * range of a million costs nothing.
 */
export function numbersIn(typed: string, max: number): readonly number[] | undefined {
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
    for (let number = first; number <= last && numbers.size <= max; number += 1) numbers.add(number);
  }
  return [...numbers];
}

/** "12" or "#12" to 12; `undefined` for anything else. */
export function pictureNumber(typed: string): number | undefined {
  const read = wholeNumberText(typed);
  return read.is === "number" && read.value > 0 && read.value < 1e9 ? read.value : undefined;
}

/** The pictures of this chat that are named, in that order, at most so many; each of them has to be there. */
export async function namedPictures(
  { reads, chatKey }: Pick<Context, "reads" | "chatKey">,
  typed: string,
  max: number,
): Promise<Result<readonly Picture[]>> {
  const numbers = numbersIn(typed, max);
  if (!numbers) return refuse({ code: "bad_args", text: text("problem.candidates.numbers") });
  if (numbers.length > max) return refuse({ code: "bad_args", text: text("problem.candidates.many", { max }) });
  const found: Picture[] = [];
  for (const number of numbers) {
    const picture = await reads.pictureByNumber(number);
    if (!picture || picture.chatKey !== chatKey || picture.deleted)
      return refuse({ code: "not_found", text: text("problem.picture.unknown", { number }) });
    found.push(picture);
  }
  return ok(found);
}
