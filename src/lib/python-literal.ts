import { isOwnName } from "./foreign-json.ts";

/** Deeper than any list of settings, and far from what overflows. */
const MAX_DEPTH = 60;
/** Of assignments that are looked at in one program. */
const STARTS_MAX = 400;

const ASSIGNED = /^[ \t]*[A-Za-z_]\w*(?:[ \t]*:[^=\n]{1,80})?[ \t]*=[ \t]*(?=[[{(])/gmu;
const WORDS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ["True", true],
  ["true", true],
  ["False", false],
  ["false", false],
  ["None", null],
  ["null", null],
]);
const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", "\n": "" };

/**
 * Lists and dictionaries as Python writes them, which JSON is nearly a part of: of a text that is one, or of each that a
 * program assigns to a name. Nothing is run: what is no plain value, such as a call, is `undefined`.
 */
export function pythonLiteralsIn(text: string): readonly unknown[] {
  const whole = read(text, 0);
  if (whole && skipped(text, whole.end) === text.length) return [whole.value];
  const found: unknown[] = [];
  let end = 0;
  let starts = 0;
  for (const match of text.matchAll(ASSIGNED)) {
    const at = match.index + match[0].length;
    if (at < end) continue;
    starts += 1;
    if (starts > STARTS_MAX) break;
    const literal = read(text, at);
    if (!literal) continue;
    found.push(literal.value);
    end = literal.end;
  }
  return found;
}

interface Read {
  readonly value: unknown;
  /** Behind it. */
  readonly end: number;
}

/** A list, tuple or dictionary at this place. */
function read(text: string, at: number): Read | undefined {
  const start = skipped(text, at);
  if (!/[[{(]/u.test(text.charAt(start))) return undefined;
  try {
    return container(text, start, 1);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Past white space, comments and broken lines. */
function skipped(text: string, from: number): number {
  const gap = /(?:\s+|#[^\n]*|\/\/[^\n]*|\\\r?\n)*/uy;
  gap.lastIndex = from;
  gap.test(text);
  return gap.lastIndex;
}

function container(text: string, open: number, depth: number): Read {
  if (depth > MAX_DEPTH) throw new SyntaxError("nested too deeply");
  const kind = text.charAt(open);
  const closer = kind === "[" ? "]" : kind === "{" ? "}" : ")";
  const values: unknown[] = [];
  const pairs: (readonly [string, unknown])[] = [];
  let commas = 0;
  let at = skipped(text, open + 1);
  while (text.charAt(at) !== closer) {
    const first = expression(text, at, depth);
    at = skipped(text, first.end);
    if (kind === "{" && text.charAt(at) === ":") {
      const second = expression(text, skipped(text, at + 1), depth);
      if (typeof first.value === "string" && isOwnName(first.value)) pairs.push([first.value, second.value]);
      at = skipped(text, second.end);
    } else values.push(first.value);
    if (text.charAt(at) === ",") {
      commas += 1;
      at = skipped(text, at + 1);
    } else if (text.charAt(at) !== closer) throw new SyntaxError("not closed");
  }
  const end = at + 1;
  // What is spread into a dictionary is no value of it.
  if (kind === "{" && (pairs.length > 0 || values.length === 0)) return { value: Object.fromEntries(pairs), end };
  // Brackets around one value only group it.
  return { value: kind === "(" && values.length === 1 && commas === 0 ? values[0] : values, end };
}

/** One value; where more stands behind it than a value, `undefined` up to the next comma or bracket. */
function expression(text: string, at: number, depth: number): Read {
  const plain = plainValue(text, at, depth);
  if (plain && /[,:\]})]/u.test(text.charAt(skipped(text, plain.end)))) return plain;
  return { value: undefined, end: expressionEnd(text, at, depth) };
}

function plainValue(text: string, at: number, depth: number): Read | undefined {
  if (/[[{(]/u.test(text.charAt(at))) return container(text, at, depth + 1);
  const number = /[+-]?(?:\d[\d_]*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?![\w.])/uy;
  number.lastIndex = at;
  const digits = number.exec(text)?.[0];
  if (digits !== undefined) return { value: Number(digits.replaceAll("_", "")), end: number.lastIndex };
  const word = /[A-Za-z]+(?![\w.("'])/uy;
  word.lastIndex = at;
  const name = word.exec(text)?.[0];
  if (name !== undefined && WORDS.has(name)) return { value: WORDS.get(name), end: word.lastIndex };
  return strings(text, at);
}

/** A string, and those written behind it: Python joins them. */
function strings(text: string, from: number): Read | undefined {
  let value = "";
  let end: number | undefined;
  for (let at = from; ; at = skipped(text, end)) {
    const quote = /([rRbBuUfF]{0,2})("""|'''|"|')/uy;
    quote.lastIndex = at;
    const [whole, prefix = "", mark = ""] = quote.exec(text) ?? [];
    if (whole === undefined) return end === undefined ? undefined : { value, end };
    const one = stringBehind(text, at + whole.length, mark);
    // What a formatted string says is known only when the program runs.
    if (/f/iu.test(prefix) && one.value.includes("{")) return undefined;
    value += /r/iu.test(prefix) ? text.slice(at + whole.length, one.end - mark.length) : one.value;
    end = one.end;
  }
}

function stringBehind(text: string, from: number, mark: string): { readonly value: string; readonly end: number } {
  const parts: string[] = [];
  for (let at = from; ; ) {
    const stop = /[\\\n"']/gu;
    stop.lastIndex = at;
    const next = stop.exec(text)?.index ?? text.length;
    parts.push(text.slice(at, next));
    if (next >= text.length || (text.charAt(next) === "\n" && mark.length === 1)) throw new SyntaxError("not closed");
    if (text.startsWith(mark, next)) return { value: parts.join(""), end: next + mark.length };
    if (text.charAt(next) === "\\") {
      const one = escaped(text, next);
      parts.push(one.value);
      at = one.end;
    } else {
      parts.push(text.charAt(next));
      at = next + 1;
    }
  }
}

function escaped(text: string, at: number): { readonly value: string; readonly end: number } {
  const code = /\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|x([0-9a-fA-F]{2}))/uy;
  code.lastIndex = at;
  const [whole, ...hex] = code.exec(text) ?? [];
  if (whole !== undefined) {
    const point = Number.parseInt(hex.find((digits) => digits !== undefined) ?? "0", 16);
    // Halves of one sign come one after the other, as JSON writes them.
    const value = point <= 0xffff ? String.fromCharCode(point) : point <= 0x10ffff ? String.fromCodePoint(point) : "";
    return { value, end: at + whole.length };
  }
  const sign = text.charAt(at + 1);
  return { value: ESCAPES[sign] ?? (/[\\"'/]/u.test(sign) ? sign : `\\${sign}`), end: at + 2 };
}

/** Up to the comma or bracket that ends whatever stands here. */
function expressionEnd(text: string, from: number, depth: number): number {
  let open = 0;
  for (let at = from; at < text.length; ) {
    const sign = text.charAt(at);
    if (sign === '"' || sign === "'") {
      const mark = text.startsWith(sign.repeat(3), at) ? sign.repeat(3) : sign;
      at = stringBehind(text, at + mark.length, mark).end;
      continue;
    }
    if (/[[{(]/u.test(sign)) {
      open += 1;
      if (open + depth > MAX_DEPTH) throw new SyntaxError("nested too deeply");
    } else if (open === 0 && /[,\]})]/u.test(sign)) return at;
    else if (/[\]})]/u.test(sign)) open -= 1;
    at = sign === "#" ? Math.max(at + 1, skipped(text, at)) : at + 1;
  }
  throw new SyntaxError("not closed");
}
