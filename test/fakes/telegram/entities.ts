import { badRequest } from "./refusal.ts";

/** Offsets and lengths count UTF-16 units, as JavaScript does. */
export interface Entity {
  readonly type: string;
  readonly offset: number;
  readonly length: number;
  readonly [more: string]: unknown;
}
export interface Rich {
  readonly text: string;
  readonly entities: readonly Entity[];
}

const FOUND: readonly (readonly [type: string, pattern: RegExp])[] = [
  ["url", /\bhttps?:\/\/[^\s<>"]+[^\s<>".,;:!?)]/giu],
  ["email", /\b[\w.+-]+@[\w-]+\.[a-z]{2,}\b/giu],
  ["bot_command", /(?<![\w/@<>])\/[a-z0-9_]{1,64}(?:@[a-z]\w{3,31})?(?![\w/])/giu],
  ["mention", /(?<![\w/@])@[a-z]\w{3,31}\b/giu],
  ["hashtag", /(?<![\w#])#[\p{L}\p{N}_]*\p{L}[\p{L}\p{N}_]*/giu],
];

const overlap = (a: Entity, b: Entity): boolean => a.offset < b.offset + b.length && b.offset < a.offset + a.length;

/** What Telegram marks in a text by itself: commands, mentions, addresses, hashtags; nothing inside code or links. */
export function found(text: string, given: readonly Entity[] = []): readonly Entity[] {
  const entities: Entity[] = [...given];
  const closed = given.filter(({ type }) => /^(code|pre|text_link|text_mention)$/.test(type));
  for (const [type, pattern] of FOUND)
    for (const match of text.matchAll(pattern)) {
      const entity = { type, offset: match.index, length: match[0].length };
      const others = [...closed, ...entities.filter((each) => FOUND.some(([automatic]) => automatic === each.type))];
      if (!others.some((other) => overlap(other, entity))) entities.push(entity);
    }
  return entities.toSorted((a, b) => a.offset - b.offset || b.length - a.length);
}

/** Whitespace around a text is dropped and the entities move with it. */
export function trimmed({ text, entities }: Rich): Rich {
  const ahead = text.length - text.trimStart().length;
  const trimmed = text.trim();
  return {
    text: trimmed,
    entities: entities
      .map((entity) => {
        const start = Math.max(0, entity.offset - ahead);
        const end = Math.min(trimmed.length, entity.offset - ahead + entity.length);
        return { ...entity, offset: start, length: end - start };
      })
      .filter(({ length }) => length > 0),
  };
}

const isLowSurrogate = (text: string, at: number): boolean => {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit <= 0xdfff;
};

/** @throws Refusal when an entity lies outside the text or cuts a character in two */
export function refuseWrongEntities({ text, entities }: Rich): void {
  for (const { offset, length } of entities) {
    if (!Number.isInteger(offset) || offset < 0) throw badRequest(`receive an entity with incorrect offset ${offset}`);
    if (!Number.isInteger(length) || length < 0) throw badRequest(`receive an entity with incorrect length ${length}`);
    const bytes = (units: number) => Buffer.byteLength(text.slice(0, units));
    if (offset >= text.length && length > 0)
      throw badRequest(`entity begins after the end of the text at UTF-16 offset ${offset}`);
    if (isLowSurrogate(text, offset))
      throw badRequest(`entity begins in a middle of a UTF-16 symbol at byte offset ${bytes(offset)}`);
    if (offset + length > text.length)
      throw badRequest(
        `entity beginning at UTF-16 offset ${offset} ends after the end of the text at UTF-16 offset ${offset + length}`,
      );
    if (isLowSurrogate(text, offset + length))
      throw badRequest(
        `entity beginning at UTF-16 offset ${offset} ends in a middle of a UTF-16 symbol at byte offset ${bytes(offset + length)}`,
      );
  }
}
