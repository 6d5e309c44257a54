import type { Text } from "../domain/text.ts";
import type { OptionSpecOf } from "./option.ts";

/** A poster of which only the words are missing: what a form asks for, and how large the picture is that shows it. */
interface PosterTemplateOf<W> {
  readonly id: string;
  readonly title: W;
  readonly about: W;
  readonly widthPx: number;
  readonly heightPx: number;
  /** What it says, in the order in which it is asked for. `example`: as it could be filled in. */
  readonly slots: readonly (OptionSpecOf<W> & { readonly example: string })[];
}

export type PosterTemplate = PosterTemplateOf<Text>;
/** The same in the language of who reads it. */
export type ShownTemplate = PosterTemplateOf<string>;
