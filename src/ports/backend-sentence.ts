import type { MessageArgs } from "../domain/messages.d.ts";
import {
  listed,
  type Message,
  type MessageId,
  sentences,
  type Text,
  text,
  verbatim,
  type Words,
} from "../domain/text.ts";

type AboutPlace = { [I in MessageId]: MessageArgs<Words>[I] extends { readonly place: Words } ? I : never }[MessageId];
type OtherGaps<I extends MessageId> = Omit<MessageArgs<Words>[I], "place">;

/**
 * A whole sentence about a backend that does not name it yet: "{place} is busy." Whoever knows its title puts it in. What a
 * far end says of itself is neither trusted with its own name nor repeated outside a gap.
 */
export interface BackendSentence {
  readonly about: AboutPlace;
  readonly gaps: NonNullable<Message["args"]>;
  /** A sentence more. */
  readonly more?: Text;
}

/** A sentence that has the gap `{place}`, without what stands there. */
export const sentence = <I extends AboutPlace>(
  about: I,
  ...[gaps]: keyof OtherGaps<I> extends never ? [] : [gaps: OtherGaps<I>]
): BackendSentence => ({ about, gaps: { ...gaps } });

/** The sentence as members read it. @param title of the backend */
export const named = ({ about, gaps, more }: BackendSentence, title: Text): Text => {
  const whole: Message = { id: about, args: { ...gaps, place: title } };
  return more === undefined ? whole : sentences(whole, more);
};

/** What only those who run this Placard can mend. */
export const forOperator = (told: BackendSentence): BackendSentence => ({ ...told, more: text("backend.operator") });

/** The model that was asked for is not there. @param titles of those that are */
export const modelAway = (wanted: string, titles: readonly string[]): BackendSentence =>
  titles.length === 0
    ? sentence("backend.lacks.model-choice")
    : sentence("backend.lacks.model-named", { model: wanted, models: listed(titles.map(verbatim), "commas") });
