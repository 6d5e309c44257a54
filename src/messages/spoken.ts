import type { Spoken } from "../domain/spoken.ts";
import { withoutUnseen } from "../lib/unseen.ts";
import { catalogueOf, LANGUAGES } from "./catalogue.ts";
import { render } from "./render.ts";

/** In Latin, Arabic and Chinese writing. */
const COMMAS = /[,،，、]/u;

const names = new Map<string, readonly string[]>();

/** From all catalogues at once: nobody need say first which language they write. Aliases stand under `alias.<name>`. */
export const spoken: Spoken = {
  namesFor(word) {
    const known = names.get(word);
    if (known) return known;
    const found = LANGUAGES.flatMap((language) =>
      (catalogueOf(language).messages.get(`alias.${word}`) ?? "").split(COMMAS),
    )
      .map((name) => name.trim())
      .filter((name) => name !== "");
    // Only our own words: what members type is compared with them, never looked up.
    names.set(word, found);
    return found;
  },
  labels: (label) => LANGUAGES.map((language) => withoutUnseen(render(label, language))),
};
