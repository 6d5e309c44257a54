import { type Ending, isEnd, isFailed } from "../ends.ts";

/** What members of a group ever saw of one thing they asked for. */
export interface Seen {
  readonly messages: number;
  /** Messages that showed an end at some time. */
  readonly finals: number;
  /** Messages that show one now. */
  readonly ends: number;
  /** Messages that showed an end and afterwards something else. */
  readonly overwritten: number;
  readonly failed: boolean;
  /** Started too often: the program was killed in the middle of it each time. */
  readonly gaveUp: boolean;
}

/** Groups on one platform whose members type "fox 7", and everything the platform remembers. */
export interface Chat {
  readonly platform: string;
  say(update: number): Promise<void>;
  /** What was asked for and has ended before its members' eyes. Looks at what came since the last time. */
  ended(): ReadonlySet<number>;
  /** By what was asked for. */
  seen(): ReadonlyMap<number, Seen>;
  /** The platform has been told that this was heard. */
  isConfirmed(update: number): boolean;
  /** It will never be: the member was told so by their platform. */
  isUnheard(update: number): boolean;
  /** Whether members can type commands already. */
  isOpen(): boolean;
  memberIdOf(update: number): string;
  readonly complaints: readonly string[];
}

const PROMPT = /fox (\d+)\b/;
/** Which update's a text is. */
export function updateIn(text: string): number | undefined {
  const number = PROMPT.exec(text)?.[1];
  return number === undefined ? undefined : Number(number);
}
export const promptOf = (update: number): string => `fox ${update}`;

/** A message with all it ever showed, the present last. */
export interface Shown {
  readonly versions: readonly Ending[];
  readonly deleted: boolean;
}

/** A message that answers nothing counts too: what it is about stands in its text. */
export function seenIn(messages: Iterable<Shown>): ReadonlyMap<number, Seen> {
  const seen = new Map<number, Seen>();
  for (const { versions, deleted } of messages) {
    const update = versions.map(({ text }) => updateIn(text)).find((found) => found !== undefined);
    const now = versions.at(-1);
    if (update === undefined || now === undefined) continue;
    const before = seen.get(update);
    const firstEnd = versions.findIndex(isEnd);
    const isEndNow = isEnd(now) && !deleted;
    const isUndone = firstEnd >= 0 && versions.slice(firstEnd).some((version) => !isEnd(version));
    seen.set(update, {
      messages: (before?.messages ?? 0) + 1,
      finals: (before?.finals ?? 0) + (firstEnd >= 0 ? 1 : 0),
      ends: (before?.ends ?? 0) + (isEndNow ? 1 : 0),
      overwritten: (before?.overwritten ?? 0) + (isUndone ? 1 : 0),
      failed: isEndNow ? isFailed(now) : (before?.failed ?? false),
      gaveUp: (before?.gaveUp ?? false) || (isEndNow && now.text.includes("stopped the program")),
    });
  }
  return seen;
}

/**
 * Ends among the calls of a bot, each looked at once: to look at all messages again and again would take the time of the bots.
 *
 * @param shown what a call made the platform show; empty: nothing; `undefined`: it is being done still
 */
export function endsAmong<C>(calls: readonly C[], shown: (call: C) => string | undefined): () => ReadonlySet<number> {
  const ended = new Set<number>();
  let looked = 0;
  let later: readonly C[] = [];
  return () => {
    const fresh = [...later, ...calls.slice(looked)];
    looked = calls.length;
    later = fresh.filter((call) => shown(call) === undefined);
    for (const call of fresh) {
      const text = shown(call) ?? "";
      const update = /Reroll|Try again|No picture this time/.test(text) ? updateIn(text) : undefined;
      if (update !== undefined) ended.add(update);
    }
    return ended;
  };
}
