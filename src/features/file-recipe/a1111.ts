import { civitaiLoras } from "./civitai.ts";
import { digitsIn, type Fact, lorasInPrompt, numberIn, sizeIn, type Told, type ToldLora } from "./told.ts";

// The `parameters` text of the A1111 family: the prompt, "Negative prompt: …", a line of `Name: value` pairs, and what extensions add.

const NEGATIVE = "Negative prompt:";
/** Longer than any program's: what lies beyond is not looked at. */
const TEXT_MAX_CHARS = 40_000;
const FACTS_MAX = 100;
const PIECES_MAX = 300;

/** `undefined`: it is empty, or says "None". */
export function readA1111(given: string): Told | undefined {
  const text = given.slice(0, TEXT_MAX_CHARS).replace(/\r\n?/gu, "\n").trim();
  if (text === "" || /^none$/iu.test(text)) return undefined;
  const { words, facts } = settingsIn(text);
  const { prompt, negative } = promptsIn(words);
  return toldBy({ prompt, negative, facts });
}

/** Whether it is this family's: words alone may be anybody's. */
export const looksLikeA1111 = (text: string): boolean =>
  settingsIn(text.slice(0, TEXT_MAX_CHARS)).facts.length > 0 || text.slice(0, TEXT_MAX_CHARS).includes(`\n${NEGATIVE}`);

function settingsIn(text: string): { readonly words: string; readonly facts: readonly Fact[] } {
  const lines = text.split("\n");
  const at = lines.findLastIndex((line) => /^\s*Steps: ?\d+\s*(?:,|$)/u.test(line));
  if (at >= 0) {
    const facts = pairsIn(lines[at] ?? "");
    return { words: lines.slice(0, at).join("\n"), facts: [...facts, ...linesAfter(lines.slice(at + 1))] };
  }
  // Their own readers ask for three pairs, so that a last line such as "mood: calm" stays a part of the prompt.
  const last = pairsIn(lines.at(-1) ?? "");
  if (lines.length > 1 && last.length >= 3) return { words: lines.slice(0, -1).join("\n"), facts: last };
  const inLine = /[\s.,;]Steps: ?\d+,/u.exec(text)?.index ?? -1;
  const facts = inLine < 0 ? [] : pairsIn(text.slice(inLine + 1));
  return facts.length >= 2 ? { words: text.slice(0, inLine + 1), facts } : { words: text, facts: [] };
}

/** Extensions write templates and the like behind the settings. What has no name goes on with what stands before it. */
function linesAfter(lines: readonly string[]): readonly Fact[] {
  const facts: Fact[] = [];
  for (const line of lines.slice(0, FACTS_MAX)) {
    const [, name, value] = /^\s*([\p{L}\p{N}][^:,"]{0,40}):\s*(.*)$/u.exec(line) ?? [];
    const before = facts.at(-1);
    if (name !== undefined && value !== undefined) facts.push({ name, value: plainValue(value) });
    else if (before && line.trim() !== "")
      facts.splice(-1, 1, { name: before.name, value: `${before.value} ${line.trim()}` });
  }
  return facts;
}

function promptsIn(words: string): { readonly prompt: string; readonly negative: string } {
  const lines = words.split("\n");
  const line = lines.findIndex((each) => each.trimStart().startsWith(NEGATIVE));
  if (line >= 0) {
    const negative = lines.slice(line).join("\n").trim().slice(NEGATIVE.length).trim();
    return { prompt: lines.slice(0, line).join("\n").trim(), negative };
  }
  const at = words.indexOf(NEGATIVE);
  const ended = (text: string) => text.trim().replace(/(?<=[^.])\.$/u, "");
  if (at < 0) return { prompt: words.trim(), negative: "" };
  return { prompt: ended(words.slice(0, at)), negative: ended(words.slice(at + NEGATIVE.length)) };
}

/** A name, then a quoted value, JSON, or anything up to the next comma. What is no pair is passed over. */
function pairsIn(line: string): readonly Fact[] {
  const facts: Fact[] = [];
  let at = 0;
  for (let pieces = 0; pieces < PIECES_MAX && facts.length < FACTS_MAX && at < line.length; pieces += 1) {
    const name = /^\s*([\p{L}\p{N}][^:,"]{0,60}):\s*/u.exec(line.slice(at, at + 80));
    if (!name?.[1]) {
      const comma = line.indexOf(",", at);
      if (comma < 0) break;
      at = comma + 1;
      continue;
    }
    const from = at + name[0].length;
    const end = endOfValue(line, from);
    facts.push({ name: name[1].trim(), value: plainValue(line.slice(from, end)) });
    at = end + 1;
  }
  return facts;
}

const CLOSING: Readonly<Record<string, string>> = { "[": "]", "{": "}" };

/** Where the comma behind it stands. Brackets and quotes that never end are letters like others. */
function endOfValue(line: string, from: number): number {
  const plain = line.indexOf(",", from);
  const end = plain < 0 ? line.length : plain;
  const first = line[from] ?? "";
  if (first !== '"' && CLOSING[first] === undefined) return end;
  let depth = 0;
  let quoted = false;
  for (let at = from; at < line.length; at += 1) {
    const sign = line[at] ?? "";
    if (sign === "\\" && quoted) at += 1;
    else if (sign === '"') quoted = !quoted;
    else if (!quoted && CLOSING[sign] !== undefined) depth += 1;
    else if (!quoted && (sign === "]" || sign === "}")) depth -= 1;
    if (depth <= 0 && !quoted) {
      const comma = line.indexOf(",", at);
      return comma < 0 ? line.length : comma;
    }
  }
  return end;
}

function plainValue(value: string): string {
  const text = value.trim();
  if (!text.startsWith('"')) return text;
  try {
    const read: unknown = JSON.parse(text);
    return typeof read === "string" ? read : text;
  } catch {
    return text;
  }
}

/** Names that are an option here; the others stay facts. */
const READ = new Set(["steps", "cfg scale", "distilled cfg scale", "seed", "size", "negative prompt"]);

function toldBy(found: Pick<Told, "prompt" | "negative" | "facts">): Told {
  const value = (name: string) => found.facts.find((fact) => fact.name.toLowerCase() === name)?.value;
  const distilled = numberIn(value("distilled cfg scale"));
  const cfg = numberIn(value("cfg scale"));
  const resources = value("civitai resources");
  const civitai = resources === undefined ? undefined : civitaiLoras(resources);
  const version = value("version") ?? "";
  return {
    program: programOf(version, civitai !== undefined),
    prompt: found.prompt,
    negative: found.negative,
    seed: digitsIn(value("seed")),
    steps: numberIn(value("steps")),
    guidance: distilled ?? cfg,
    trueCfg: distilled === undefined ? undefined : cfg,
    ...sizeIn(value("size")),
    loras: distinct([
      ...lorasInPrompt(found.prompt),
      ...(civitai?.loras ?? []),
      ...namesOfHashes(value("lora hashes")),
      ...styleOfPlacard(version, value("style"), value("lora scale")),
    ]),
    facts: [
      ...found.facts.filter(({ name }) => !READ.has(name.toLowerCase()) && !/^(?:lora hashes|civitai )/iu.test(name)),
      ...(civitai?.models ?? []).map((model) => ({ name: "Model", value: model })),
    ],
  };
}

function programOf(version: string, civitai: boolean): string | undefined {
  if (version === "Placard" || version === "ComfyUI") return version;
  if (/^f\d/u.test(version)) return "Forge";
  if (/^v?\d+\.\d+/u.test(version)) return "Stable Diffusion web UI";
  return civitai ? "Civitai" : undefined;
}

/** `name: hash, name: hash`. */
const namesOfHashes = (hashes: string | undefined): readonly ToldLora[] =>
  (hashes ?? "")
    .split(",")
    .slice(0, FACTS_MAX)
    .map((pair) => ({ name: pair.slice(0, pair.lastIndexOf(":") < 0 ? undefined : pair.lastIndexOf(":")).trim() }))
    .filter(({ name }) => name !== "");

/** Our own text, where a chat or a program dropped the recipe beside it. */
const styleOfPlacard = (version: string, style: string | undefined, scale: string | undefined): readonly ToldLora[] =>
  version === "Placard" && style !== undefined ? [{ name: style, weight: numberIn(scale) }] : [];

/** The first of each name: it has the weight. */
const distinct = (loras: readonly ToldLora[]): readonly ToldLora[] => {
  const seen = new Set<string>();
  return loras.filter(({ name }) => {
    const known = seen.has(name.toLowerCase());
    seen.add(name.toLowerCase());
    return !known;
  });
};
