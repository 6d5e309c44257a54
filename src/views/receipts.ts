import type { JobOutcome } from "../domain/job.ts";
import { listed, type Text, text } from "../domain/text.ts";
import { amount } from "../domain/time-words.ts";

/** More payers than these are counted. */
const NAMED_MAX = 5;

/** One short line: who paid what, where several did or the pot. */
export function receiptLine({ receipts = [] }: Pick<JobOutcome, "receipts"> = {}): Text | undefined {
  const [first, ...others] = receipts;
  if (!first) return undefined;
  if (first.by === "pot" && others.length === 0) return text("card.paid.pot", { amount: amount(first.gpuMs) });
  const named = receipts.slice(0, receipts.length > NAMED_MAX ? NAMED_MAX - 1 : NAMED_MAX);
  const rest = receipts.slice(named.length);
  const parts = named.map((receipt) =>
    receipt.by === "pot"
      ? text("card.paid.part.pot", { amount: amount(receipt.gpuMs) })
      : text("card.paid.part", { name: receipt.name, amount: amount(receipt.gpuMs) }),
  );
  const more =
    rest.length === 0
      ? []
      : [text("card.paid.more", { n: rest.length, amount: amount(rest.reduce((sum, { gpuMs }) => sum + gpuMs, 0)) })];
  return text("card.paid", { parts: listed([...parts, ...more]) });
}
