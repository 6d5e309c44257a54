import { editDistance } from "../../lib/edit-distance.ts";
import { FAMILIES } from "./known.ts";

/** A model by what a member can call it. */
interface Named {
  readonly title: string;
  readonly family?: string;
}

/** Where pictures are made elsewhere nobody here has asked what there is: then by what there could be. */
const KNOWN: readonly Named[] = FAMILIES.flatMap(({ id, kinds }) =>
  kinds.flatMap(({ title, draws }) => (draws ? [{ title, family: id }] : [])),
);

/** What people mean by "z image" or "qwen", where these are there, or all that are known to be. */
export const modelMeant = (
  written: string,
  { offers, isWhole }: { readonly offers: readonly Named[]; readonly isWhole: boolean },
): Named | undefined => modelCalled(written, isWhole ? offers : [...offers, ...KNOWN]);

const keyOf = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");
/** Two letters off in a short name is another name. */
const TYPO_FROM_CHARS = 5;
const TYPO_MAX = 2;

/** By its title, then its family's id, then what begins so, holds it, has all its words, is a typo of it: the first of each. */
export function modelCalled(written: string, offers: readonly Named[]): Named | undefined {
  const key = keyOf(written);
  if (key === "") return undefined;
  const words = written
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
  const tests: readonly ((offer: Named) => boolean)[] = [
    ({ title }) => keyOf(title) === key,
    ({ family }) => keyOf(family ?? "") === key,
    ({ title }) => keyOf(title).startsWith(key),
    ({ title }) => keyOf(title).includes(key),
    ({ title }) => words.every((word) => keyOf(title).includes(word)),
    ({ title }) => key.length >= TYPO_FROM_CHARS && editDistance(key, keyOf(title).slice(0, key.length)) <= TYPO_MAX,
  ];
  return tests.map((test) => offers.find(test)).find((found) => found !== undefined);
}
