import type { Entity, Rich } from "./entities.ts";
import { badRequest } from "./refusal.ts";

const cannot = (what: string) => badRequest(`can't parse entities: ${what}`);
const bytesBefore = (source: string, at: number): number => Buffer.byteLength(source.slice(0, at));

/** Text behind one of Telegram's markup modes. @throws Refusal where the markup is wrong */
export function parsed(source: string, mode: string): Rich {
  switch (mode.toLowerCase()) {
    case "html":
      return fromHtml(source);
    case "markdownv2":
      return fromMarkdown(source, MARKS_V2, RESERVED_V2);
    case "markdown":
      return fromMarkdown(source, MARKS_V1, undefined);
    default:
      throw badRequest("unsupported parse_mode");
  }
}

const TAGS: Readonly<Record<string, string>> = {
  b: "bold",
  strong: "bold",
  i: "italic",
  em: "italic",
  u: "underline",
  ins: "underline",
  s: "strikethrough",
  strike: "strikethrough",
  del: "strikethrough",
  code: "code",
  pre: "pre",
  a: "text_link",
  span: "spoiler",
  "tg-spoiler": "spoiler",
  blockquote: "blockquote",
};
const NAMED: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"' };

const decoded = (source: string): string =>
  source.replaceAll(/&(?:#(\d+)|#x([0-9a-f]+)|(lt|gt|amp|quot));?/gi, (all, decimal, hex, name) => {
    if (name) return NAMED[String(name).toLowerCase()] ?? all;
    return String.fromCodePoint(decimal ? Number(decimal) : Number.parseInt(hex, 16));
  });

function fromHtml(source: string): Rich {
  const open: { readonly tag: string; readonly offset: number; readonly url: string | undefined }[] = [];
  const entities: Entity[] = [];
  let text = "";
  let at = 0;
  while (at < source.length) {
    const next = source.indexOf("<", at);
    text += decoded(source.slice(at, next < 0 ? source.length : next));
    if (next < 0) break;
    const end = source.indexOf(">", next);
    const offset = bytesBefore(source, next);
    if (end < 0) throw cannot(`Unclosed start tag at byte offset ${offset}`);
    const [, closing, name = ""] = /^<(\/?)([a-z-]*)/i.exec(source.slice(next, end)) ?? [];
    const tag = name.toLowerCase();
    const type = TAGS[tag];
    if (type === undefined && !closing) throw cannot(`Unsupported start tag "${tag}" at byte offset ${offset}`);
    if (!closing)
      open.push({ tag, offset: text.length, url: /href=["']?([^"'>]*)/i.exec(source.slice(next, end))?.[1] });
    else {
      const started = open.pop();
      if (!started) throw cannot(`Unexpected end tag at byte offset ${offset}`);
      if (started.tag !== tag && tag !== "")
        throw cannot(`Unmatched end tag at byte offset ${offset}, expected "</${started.tag}>", found "</${tag}>"`);
      const length = text.length - started.offset;
      const link = started.url === undefined ? {} : { url: started.url };
      const found = { type: TAGS[started.tag] ?? "bold", offset: started.offset, length, ...link };
      if (length > 0 && (found.type !== "text_link" || started.url)) entities.push(found);
    }
    at = end + 1;
  }
  const unclosed = open.at(-1);
  if (unclosed)
    throw cannot(`Can't find end tag corresponding to start tag "${unclosed.tag}" at byte offset ${unclosed.offset}`);
  return { text, entities: entities.toSorted((a, b) => a.offset - b.offset || b.length - a.length) };
}

const MARKS_V2: readonly (readonly [mark: string, type: string])[] = [
  ["```", "pre"],
  ["`", "code"],
  ["__", "underline"],
  ["||", "spoiler"],
  ["*", "bold"],
  ["_", "italic"],
  ["~", "strikethrough"],
];
const MARKS_V1 = MARKS_V2.filter(([, type]) => /^(pre|code|bold|italic)$/.test(type));
/** Outside of marks these must be escaped. */
const RESERVED_V2 = /[[\]()~`>#+\-=|{}.!]/;

function fromMarkdown(source: string, marks: typeof MARKS_V2, reserved: RegExp | undefined): Rich {
  const open: { readonly mark: string; readonly type: string; readonly offset: number; readonly at: number }[] = [];
  const entities: Entity[] = [];
  let text = "";
  let at = 0;
  while (at < source.length) {
    const inCode = /^(code|pre)$/.test(open.at(-1)?.type ?? "");
    const rest = source.slice(at);
    const [mark, type] = marks.find(([each]) => rest.startsWith(each)) ?? [];
    const link = inCode ? null : /^\[((?:\\.|[^\]\\])*)\]\(((?:\\.|[^)\\])*)\)/.exec(rest);
    if (rest.startsWith("\\") && rest.length > 1) {
      text += rest.charAt(1);
      at += 2;
    } else if (link) {
      const label = (link[1] ?? "").replaceAll(/\\(.)/g, "$1");
      entities.push({ type: "text_link", offset: text.length, length: label.length, url: link[2] ?? "" });
      text += label;
      at += link[0].length;
    } else if (mark !== undefined && type !== undefined && (!inCode || open.at(-1)?.mark === mark)) {
      const started = open.at(-1)?.mark === mark ? open.pop() : undefined;
      if (!started) open.push({ mark, type, offset: text.length, at });
      else if (text.length > started.offset)
        entities.push({ type, offset: started.offset, length: text.length - started.offset });
      at += mark.length;
    } else {
      const character = rest.charAt(0);
      if (!inCode && reserved?.test(character))
        throw cannot(`Character '${character}' is reserved and must be escaped with the preceding '\\'`);
      text += character;
      at += 1;
    }
  }
  const unclosed = open.at(-1);
  if (unclosed)
    throw cannot(`Can't find end of the entity starting at byte offset ${bytesBefore(source, unclosed.at)}`);
  return { text, entities: entities.toSorted((a, b) => a.offset - b.offset || b.length - a.length) };
}
