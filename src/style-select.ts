import { createHash } from "node:crypto";
import { cutText } from "./fit-view.ts";
import type { SignButton } from "./picture-buttons.ts";
import type { Style } from "./style.ts";
import type { Select } from "./view.ts";

const VALUE_MAX_BYTES = 20;
const CHOICES_MAX = 25;
const LABEL_MAX_CHARS = 100;

/** A style's id where it fits beside a token on every platform, else its beginning and a hash. */
const choiceOf = (styleId: string): string =>
  styleId.length <= VALUE_MAX_BYTES
    ? styleId
    : `${styleId.slice(0, 9)}~${createHash("sha256").update(styleId).digest("base64url").slice(0, 10)}`;

/** The style behind what came back from the list; `undefined` for anything else. */
export const chosenStyle = (styles: readonly Style[], value: unknown): Style | undefined =>
  styles.find(({ id }) => choiceOf(id) === value);

/** “Try in another style” under a picture; none where there is no other. A gallery's first 25 fit, /edit style:… takes all. */
export function styleSelect(
  styles: readonly Style[],
  token: SignButton,
  picture: { readonly jobId: string; readonly index: number; readonly styleId: string },
): readonly Select[] {
  const others = styles.filter(({ id }) => id !== picture.styleId).slice(0, CHOICES_MAX);
  if (others.length === 0) return [];
  return [
    {
      label: "Try in another style",
      token: token("instyle", picture.jobId, picture.index),
      choices: others.map(({ id, title }) => ({ value: choiceOf(id), label: cutText(title, LABEL_MAX_CHARS) })),
    },
  ];
}
