import { BoundedMap } from "../lib/bounded-map.ts";
import { comparable, type WordFinder, wordFinder } from "../lib/words-in.ts";
import type { ChatRules } from "./chat-settings.ts";
import type { Problem } from "./problem.ts";
import { PROTECTED, YOUNG_AGES } from "./protected-words.ts";
import type { ImageRequest } from "./recipe.ts";
import { text } from "./text.ts";

// What is not drawn because of its words: looked for before anything is spent.

/** Made with the first order: a start does without. */
let finders: ReturnType<typeof made> | undefined;
const made = () => ({
  sexual: wordFinder(PROTECTED.sexual),
  young: wordFinder(PROTECTED.young),
  both: wordFinder(PROTECTED.both),
  campaigns: wordFinder(PROTECTED.campaigns),
});

/** Something sexual with children or young people. No chat can allow it. */
export function isAboutMinors(words: string): boolean {
  finders ??= made();
  const { sexual, young, both, campaigns } = finders;
  const said = campaigns.without(words);
  if (both.find(said)) return true;
  const isYoung = () => young.find(said) !== undefined || YOUNG_AGES.some((age) => age.test(comparable(said)));
  return sexual.find(said) !== undefined && isYoung();
}

/** Of the chats that asked last. */
const FINDERS_MAX = 50;
const blockedFinders = new BoundedMap<WordFinder>(FINDERS_MAX);

function finderOf(blocked: readonly string[]): WordFinder {
  const key = blocked.join();
  const known = blockedFinders.get(key);
  if (known) return known;
  const made = wordFinder(blocked);
  blockedFinders.set(key, made);
  return made;
}

/** Everything of an order that is drawn or lettered. What a picture should not show is left out. */
export const wordsOf = ({
  prompt,
  lettering,
  template,
}: Pick<ImageRequest, "prompt" | "lettering" | "template">): string =>
  [
    prompt,
    ...(lettering?.words.map(({ text: words }) => words) ?? []),
    template?.art,
    ...Object.values(template?.slots ?? {}),
  ]
    .filter((each) => each !== undefined)
    .join("\n");

/** Why this is not drawn here; `undefined` where it may be. */
export function wordsProblem(
  request: ImageRequest,
  { blockedWords }: Pick<ChatRules, "blockedWords">,
): Problem | undefined {
  const words = wordsOf(request);
  if (isAboutMinors(words)) return { code: "not_allowed", text: text("problem.words.minors") };
  const word = blockedWords.length === 0 ? undefined : finderOf(blockedWords).find(words);
  return word === undefined ? undefined : { code: "not_allowed", text: text("problem.words.blocked", { word }) };
}
