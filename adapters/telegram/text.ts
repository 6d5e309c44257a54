import type { MessageEntity } from "grammy/types";
import type { Text } from "../../src/domain/text.ts";
import { cutText } from "../../src/lib/text.ts";
import { catalogueOf } from "../../src/messages/catalogue.ts";
import { isolated } from "../../src/messages/direction.ts";
import { render } from "../../src/messages/render.ts";

/** Plain text with its markings. Offsets and lengths are UTF-16 units, as Telegram counts them. */
export interface Styled {
  readonly text: string;
  readonly entities: readonly MessageEntity[];
}

type Mark =
  | { readonly type: "bold" | "italic" | "code" | "pre" }
  | { readonly type: "member"; readonly userId: number };
export type Piece = string | { readonly text: string; readonly as: Mark };

export const bold = (text: string): Piece => ({ text, as: { type: "bold" } });
export const code = (text: string): Piece => ({ text, as: { type: "code" } });
/** A name that notifies its member and lets a forced reply be meant for them. */
export const memberName = (text: string, userId: number): Piece => ({ text, as: { type: "member", userId } });

const FIRST_SLOT = 0xe000;
const SLOT = /([\ue000-\ue00f])/u;
/** Stands in a sentence for the piece of this number: each language puts it where it belongs. */
export const slot = (index: number): string => String.fromCharCode(FIRST_SLOT + index);

/** A sentence in this language, with marked pieces in its gaps. */
export function pieced(sentence: Text, language: string, pieces: readonly Piece[] = []): readonly Piece[] {
  const { direction } = catalogueOf(language);
  return render(sentence, language)
    .split(SLOT)
    .flatMap((part): readonly Piece[] => {
      const piece = SLOT.test(part) ? pieces[part.charCodeAt(0) - FIRST_SLOT] : undefined;
      if (piece === undefined) return [part];
      const words = typeof piece === "string" ? piece : piece.text;
      return isolated(words, direction) === words ? [piece] : ["\u2068", piece, "\u2069"];
    });
}

/**
 * Nothing needs escaping: what is text stays text, whatever it holds. But half a surrogate pair, from whoever cut an
 * emoji in two, would make Telegram refuse the whole message.
 */
export function styled(...pieces: readonly Piece[]): Styled {
  let text = "";
  const entities: MessageEntity[] = [];
  for (const piece of pieces) {
    if (typeof piece !== "string" && piece.text !== "")
      entities.push(entityOf(piece.as, text.length, piece.text.length));
    text += typeof piece === "string" ? piece : piece.text;
  }
  return { text: text.toWellFormed(), entities };
}

function entityOf(mark: Mark, offset: number, length: number): MessageEntity {
  // Telegram takes a member by id alone; the rest of the user is what clients would show.
  if (mark.type === "member")
    return { type: "text_mention", offset, length, user: { id: mark.userId, is_bot: false, first_name: "" } };
  return { type: mark.type, offset, length };
}

export const joined = (parts: readonly Styled[], between: string): Styled =>
  parts.reduce((whole, part, at) => {
    const text = at === 0 ? "" : `${whole.text}${between}`;
    return {
      text: text + part.text,
      entities: [...whole.entities, ...part.entities.map((one) => ({ ...one, offset: one.offset + text.length }))],
    };
  }, styled());

/** At most `maxChars`, whole graphemes, "…" where something is missing. */
export function cutStyled(whole: Styled, maxChars: number): Styled {
  if (whole.text.length <= maxChars) return whole;
  const text = cutText(whole.text, maxChars);
  return { text, entities: entitiesWithin(whole.entities, 0, text.length) };
}

/**
 * The whole text in messages: the first holds at most `firstMaxChars`, the others `nextMaxChars`. Breaks between lines
 * where one is near, else between words, else between graphemes.
 */
export function splitStyled(whole: Styled, firstMaxChars: number, nextMaxChars = firstMaxChars): readonly Styled[] {
  const parts: Styled[] = [];
  let from = 0;
  while (from < whole.text.length) {
    const maxChars = parts.length === 0 ? firstMaxChars : nextMaxChars;
    const to = from + breakWithin(whole.text.slice(from, from + maxChars + 1), maxChars);
    const end = from + whole.text.slice(from, to).trimEnd().length;
    if (end > from)
      parts.push({ text: whole.text.slice(from, end), entities: entitiesWithin(whole.entities, from, end) });
    from = to + (/^\s*/u.exec(whole.text.slice(to))?.[0].length ?? 0);
  }
  return parts.length === 0 ? [whole] : parts;
}

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** Where to break a text of which at most `maxChars` fit; it is one character longer when more follows. */
function breakWithin(text: string, maxChars: number): number {
  if (text.length <= maxChars) return text.length;
  const head = text.slice(0, maxChars);
  const line = head.lastIndexOf("\n");
  if (line > maxChars / 2) return line;
  const word = head.lastIndexOf(" ");
  if (word > maxChars / 2) return word;
  let at = 0;
  for (const { segment } of graphemes.segment(text)) {
    if (at + segment.length > maxChars) break;
    at += segment.length;
  }
  // One grapheme longer than a message is no writing: it is broken rather than sent for ever.
  return at === 0 ? maxChars : at;
}

const entitiesWithin = (entities: readonly MessageEntity[], from: number, to: number): readonly MessageEntity[] =>
  entities.flatMap((entity) => {
    const start = Math.max(entity.offset, from);
    const length = Math.min(entity.offset + entity.length, to) - start;
    return length > 0 ? [{ ...entity, offset: start - from, length }] : [];
  });

const MENTION = /(?<![\p{L}\p{N}_@])@[A-Za-z][A-Za-z0-9_]{3,31}/gu;

/** A prompt that holds @somebody must not call them: what is marked as code is no mention, and stays the same text. */
export function withoutMentions(whole: Styled): Styled {
  const found = [...whole.text.matchAll(MENTION)].map(({ 0: name, index }) => ({
    type: "code" as const,
    offset: index,
    length: name.length,
  }));
  const free = found.filter(({ offset, length }) =>
    whole.entities.every((one) => one.offset + one.length <= offset || one.offset >= offset + length),
  );
  if (free.length === 0) return whole;
  return { text: whole.text, entities: [...whole.entities, ...free].sort((a, b) => a.offset - b.offset) };
}
