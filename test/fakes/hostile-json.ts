import fc from "fast-check";
import { hostileText } from "./hostile-text.ts";

/** JSON as it stands: numbers no JavaScript writes, names no object keeps, depth no stack bears. */
class Raw {
  readonly json: string;
  constructor(json: string) {
    this.json = json;
  }
}
const raw = (json: string) => new Raw(json);

const NUMBERS = [
  ..."0 -0 -1 1 0.1 1e999 -1e999 1e308 1e-400 2147483648 -2147483649 4294967296".split(" "),
  ..."9007199254740993 99999999999999999999 253402300800000 NaN Infinity 0x10 01 1_000".split(" "),
];
const WORDS = ["null", "true", "false", '""', "[]", "{}", '"0"', '"-5"', '"1e9"', '"NaN"', '"٣"', '" "'];
const ADDRESSES = [
  "http://169.254.169.254/latest/meta-data",
  "http://127.0.0.1:1/x",
  "file:///etc/passwd",
  "../../../../etc/passwd",
  "javascript:alert(1)",
  "data:text/html,<script>alert(1)</script>",
  "//evil.example/x",
  "\\\\evil.example\\share",
  "https://evil.example:99999/",
  "http://[::1",
].map((text) => JSON.stringify(text));
const BROKEN = [String.raw`"\ud800"`, String.raw`"\udfff\u0000\u202e"`, String.raw`"\u0000"`, '"\u2028"', '"<b>&amp;"'];
const REACHING = [
  '{"__proto__":{"polluted":1}}',
  String.raw`{"\u005f_proto__":{"polluted":1}}`,
  '{"constructor":{"prototype":{"polluted":1}}}',
  String.raw`{"c\u006fnstructor":{"prot\u006ftype":{"polluted":1}}}`,
  '{"toString":null,"valueOf":1,"hasOwnProperty":0,"toJSON":[]}',
  '{"then":1,"length":-1,"0":"x"}',
];
const nested = (depth: number) => `${"[".repeat(depth)}1${"]".repeat(depth)}`;
const nestedNames = (depth: number) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
const LARGE = [
  nested(60),
  nested(250),
  nested(20_000),
  nestedNames(250),
  nestedNames(10_000),
  `[${"0,".repeat(20_000)}0]`,
  `{${Array.from({ length: 5000 }, (_, at) => `"k${at}":0`).join(",")}}`,
  `"${"x".repeat(200_000)}"`,
  `"${String.raw`\u00e9`.repeat(20_000)}"`,
  `"${"9".repeat(4000)}"`,
];
const NAMES = ["__proto__", "constructor", "prototype", "toString", "then", "toJSON", "", "0", "id", "\ud800", "ſ"];

const value: fc.Arbitrary<Raw> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...NUMBERS).map(raw) },
  { weight: 4, arbitrary: fc.constantFrom(...WORDS, ...BROKEN).map(raw) },
  { weight: 2, arbitrary: fc.constantFrom(...ADDRESSES, ...REACHING).map(raw) },
  { weight: 1, arbitrary: fc.constantFrom(...LARGE).map(raw) },
  { weight: 3, arbitrary: hostileText(300).map((text) => raw(JSON.stringify(text))) },
);

interface Edit {
  /** Counts through all places of the value. */
  readonly at: number;
  readonly how: "replace" | "remove" | "add" | "twice" | "wrap";
  readonly name: string;
  readonly value: Raw;
}
const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.nat(9999),
  how: fc.constantFrom("replace", "replace", "replace", "remove", "add", "twice", "wrap"),
  name: fc.constantFrom(...NAMES),
  value,
});

/** Members of an object in their order: the same name may come twice. */
type Node = Raw | { readonly members: [string, Node][] } | { readonly items: Node[] };

function nodeOf(given: unknown): Node {
  if (Array.isArray(given)) return { items: given.map(nodeOf) };
  if (typeof given !== "object" || given === null) return raw(JSON.stringify(given) ?? "null");
  return { members: Object.entries(given).map(([name, inner]) => [name, nodeOf(inner)]) };
}

function textOf(node: Node): string {
  if (node instanceof Raw) return node.json;
  if ("items" in node) return `[${node.items.map(textOf).join(",")}]`;
  return `{${node.members.map(([name, inner]) => `${JSON.stringify(name)}:${textOf(inner)}`).join(",")}}`;
}

type Place = { readonly node: Node; readonly put: (next: Node | undefined) => void };

function placesIn(node: Node, put: Place["put"], found: Place[] = []): readonly Place[] {
  found.push({ node, put });
  if (node instanceof Raw) return found;
  if ("items" in node)
    for (const [at, inner] of node.items.entries())
      placesIn(inner, (next) => void node.items.splice(at, 1, ...(next ? [next] : [])), found);
  else
    for (const member of node.members)
      placesIn(
        member[1],
        (next) => {
          if (next) member[1] = next;
          else node.members.splice(node.members.indexOf(member), 1);
        },
        found,
      );
  return found;
}

function applied(root: Node, { at, how, name, value: given }: Edit): Node {
  let next = root;
  const places = placesIn(root, (changed) => {
    next = changed ?? raw("null");
  });
  const place = places[at % places.length];
  if (!place) return root;
  const { node, put } = place;
  switch (how) {
    case "replace":
      put(given);
      break;
    case "remove":
      put(undefined);
      break;
    case "wrap":
      put({ items: [node] });
      break;
    case "add":
      if (node instanceof Raw) put({ members: [[name, given]] });
      else if ("items" in node) node.items.push(given);
      else node.members.push([name, given]);
      break;
    case "twice":
      if (node instanceof Raw) put({ items: [node, node] });
      else if ("items" in node) node.items.push(...node.items.slice(0, 50));
      else node.members.push(...node.members.slice(0, 50));
  }
  return next;
}

const HTML = "<!doctype html><title>502</title><body>The server at /srv/secret is down</body>";
/** What happens to the whole text on its way. Most stay as they are. */
const WHOLE: readonly ((text: string, chance: number) => Buffer | string)[] = [
  ...Array.from({ length: 14 }, () => (text: string) => text),
  (text, chance) => text.slice(0, Math.floor(text.length * chance)),
  (text) => `\ufeff${text}`,
  (text) => Buffer.from(text, "utf16le"),
  (text) => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, "utf16le")]),
  (text) => text + text,
  (text) => `${text}\u0000`,
  (text) => `)]}',\n${text}`,
  () => "",
  () => HTML,
  (_text, chance) => Buffer.from([0x80, 0xc3, 0x28, 0xff, Math.floor(chance * 256)]),
  (_text, chance) => nested(Math.floor(chance * 100_000)),
];

/** Makes JSON bytes, or what should be, of something honest. The same function makes the same bytes of the same value. */
export type Spoiler = (honest: unknown) => Buffer;

/** Honest JSON with some places changed, or something else altogether. */
export const hostileJson: fc.Arbitrary<Spoiler> = fc
  .noBias(
    fc.record({
      edits: fc.array(edit, { minLength: 1, maxLength: 4 }),
      whole: fc.nat(WHOLE.length - 1),
      chance: fc.integer({ min: 0, max: 999 }),
      alone: fc.oneof({ weight: 14, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value }),
    }),
  )
  .map(({ edits, whole, chance, alone }) => (honest: unknown) => {
    const text = textOf(alone ?? edits.reduce(applied, nodeOf(honest)));
    const spoilt = WHOLE[whole]?.(text, chance / 1000) ?? text;
    return typeof spoilt === "string" ? Buffer.from(spoilt) : spoilt;
  });

/** Honest JSON with edits, always text and always JSON in form: for what would be refused before it is looked at. */
export const hostilePayload: fc.Arbitrary<Spoiler> = fc
  .noBias(fc.array(edit, { minLength: 1, maxLength: 3 }))
  .map((edits) => (honest: unknown) => Buffer.from(textOf(edits.reduce(applied, nodeOf(honest)))));
