import type { MessageArgs } from "./messages.d.ts";

/** The names of all sentences: the keys of `src/messages/locales/en.json`. */
export type MessageId = keyof MessageArgs<Words>;

/**
 * What members read, not yet in anybody's language. Plain JSON: a job and an answer keep it, and it becomes words when it is
 * known who reads (`src/messages/render.ts`).
 */
export type Text = Message | Verbatim | Parts | Moment;

/** A sentence of the catalogues with what stands in its gaps. Made by `text`, which checks both. */
export interface Message {
  readonly id: MessageId;
  readonly args?: Readonly<Record<string, Words>>;
}

/** Words that somebody wrote, or that a far end said: they stand as they are in every language. */
interface Verbatim {
  readonly verbatim: string;
}

/** Several texts as one: beneath each other, beside each other, or as a list in the reader's grammar. */
interface Parts {
  readonly parts: readonly Words[];
  readonly as: "lines" | "sentences" | "facts" | "commas" | "and" | "or";
}

/** A time of day, in this machine's time zone, which is named; `weekday` where it is further away than a day, `date` than six. */
interface Moment {
  readonly clockMs: number;
  readonly weekday?: true;
  readonly date?: true;
}

/** What may stand in a gap. A string is what somebody wrote; a number is shown without separators. */
export type Words = string | number | Text;

/** A sentence by its id. The compiler knows which gaps it has. */
export const text = <I extends MessageId>(
  id: I,
  ...[args]: keyof MessageArgs<Words>[I] extends never ? [] : [args: MessageArgs<Words>[I]]
): Message => (args === undefined ? { id } : { id, args });

export const verbatim = (words: string): Text => ({ verbatim: words });

/** One beneath the other; those that are `undefined` are left out. */
export const lines = (...parts: readonly (Words | undefined)[]): Text => ({ parts: present(parts), as: "lines" });
/** One after the other, with a space between them. */
export const sentences = (...parts: readonly (Words | undefined)[]): Text => ({
  parts: present(parts),
  as: "sentences",
});
/** Short facts on one line: "#12 · seed 7 · 28 steps". */
export const facts = (...parts: readonly (Words | undefined)[]): Text => ({ parts: present(parts), as: "facts" });
/** "Ana, Bo and Cy", or with "or"; `commas`: without either. */
export const listed = (parts: readonly Words[], as: "and" | "or" | "commas" = "and"): Text => ({ parts, as });

const present = (parts: readonly (Words | undefined)[]): readonly Words[] => parts.filter((part) => part !== undefined);

/** A moment long ago, with its date and the time of day. */
export const day = (atMs: number): Text => ({ clockMs: atMs, date: true });

const DAY_MS = 86_400_000;
/** A time of day alone means the next such time; people ask themselves of which day from about here on. */
const SURE_MS = DAY_MS / 2;
/** A weekday alone means the next of that name. */
const NAMED_DAYS = 6;

/** A moment for people: see `Moment`. Rounded up to the minute: at the time told it is true. */
export const clock = (atMs: number, nowMs: number): Text => ({
  clockMs: Math.ceil(atMs / 60_000) * 60_000,
  ...(atMs - nowMs > NAMED_DAYS * DAY_MS
    ? { date: true as const }
    : atMs - nowMs > SURE_MS
      ? { weekday: true as const }
      : {}),
});
