import { cutText } from "../../lib/text.ts";
import type { DocumentPage, DocumentPicture, DocumentSpec } from "../../ports/documents.ts";

/** More is no line any more, and would be set in letters that nobody reads. */
const HEADING_MAX_CHARS = 300;
const LINE_MAX_CHARS = 600;
const ALT_MAX_CHARS = 1500;
const NOTE_MAX_CHARS = 4000;
/** What turns the rest of a line round, and is never closed. Names are held apart by isolates: those stay. */
const OVERRIDES = /[\u202a-\u202e]/gu;

/** One colour has no skin tones: a face of ours would draw them as a box beside the hand. */
const SKIN_TONES = /[\u{1f3fb}-\u{1f3ff}]/gu;

/** Words as they may stand in a file: halves of pairs and control characters would make XML that no program opens. */
const lineOf = (text: string, maxChars: number): string =>
  cutText(
    text
      .toWellFormed()
      .replace(/\p{Cc}+/gu, " ")
      .replace(/ {2,}/gu, " ")
      .replace(OVERRIDES, "")
      .trim(),
    maxChars,
  );

const linesOf = (texts: readonly string[]): readonly string[] =>
  texts.map((text) => lineOf(text, LINE_MAX_CHARS)).filter((text) => text !== "");

const pictureOf = (picture: DocumentPicture): DocumentPicture => ({
  ...picture,
  alt: lineOf(picture.alt, ALT_MAX_CHARS),
});

const drawnOf = (page: DocumentPage): DocumentPage => ({
  ...page,
  heading: drawn(page.heading),
  outcome: page.outcome.map(drawn),
  credits: page.credits.map(drawn),
});
const drawn = (text: string): string => text.replace(SKIN_TONES, "");

/** Everything people said, fit to be written. Texts of their own files stay as they are. */
export function cleaned(said: DocumentSpec): DocumentSpec {
  const spec = written(said);
  if (spec.kind !== "deck" && spec.kind !== "sheet") return spec;
  return { ...spec, title: drawn(spec.title), subtitle: drawn(spec.subtitle), pages: spec.pages.map(drawnOf) };
}

function written(spec: DocumentSpec): DocumentSpec {
  const { title, subtitle } = spec;
  const common = { title: lineOf(title, HEADING_MAX_CHARS), subtitle: lineOf(subtitle, LINE_MAX_CHARS) };
  switch (spec.kind) {
    case "zip":
      return { ...spec, ...common, pictures: spec.pictures.map(pictureOf) };
    case "print":
      return { ...spec, ...common, picture: pictureOf(spec.picture) };
    case "sheet":
    case "deck":
    case "slides":
      return {
        ...spec,
        ...common,
        pages: spec.pages.map(({ picture, ...page }) => ({
          ...page,
          heading: lineOf(page.heading, HEADING_MAX_CHARS),
          outcome: linesOf(page.outcome),
          credits: linesOf(page.credits),
          notes: page.notes.flatMap((note) => note.split(/\r?\n/u)).map((note) => lineOf(note, NOTE_MAX_CHARS)),
          ...(picture ? { picture: pictureOf(picture) } : {}),
        })),
      };
  }
}
