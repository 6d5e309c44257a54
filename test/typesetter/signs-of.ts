import { chanceFrom } from "../../src/typesetter/composition/chance.ts";
import { withoutQuotes } from "../../src/typesetter/reading/quotes.ts";
import { type Understanding, understand } from "../../src/typesetter/reading/understanding.ts";
import { planSigns, type SignPlan } from "../../src/typesetter/signs/plan.ts";

/** What would be drawn of a prompt, without drawing it. */
export function planOf(prompt: string, unwanted = "", seed = 7): SignPlan & { readonly read: Understanding } {
  const read = understand(withoutQuotes(prompt), unwanted);
  return { read, ...planSigns(read.things, read.denied, 3, chanceFrom(seed)) };
}

/** The concepts, and nouns beside them, that stand on the paper. */
export const conceptsOf = (prompt: string, unwanted = ""): readonly string[] =>
  planOf(prompt, unwanted).signs.flatMap(({ things }) => things.map(({ concept, words }) => concept ?? words));

/** Whether a name in a concept's `never` means this picture. */
export function isMeant(never: string, picture: string): boolean {
  const [set = "", name = ""] = never.includes(":") ? never.split(":") : ["", never];
  const letters = name.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/gu, "\\$&"));
  return new RegExp(`^${set === "" ? "[^:]*" : set}:${letters.join(".*")}$`, "u").test(picture);
}
