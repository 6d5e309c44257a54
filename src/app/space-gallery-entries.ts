import { LORAS_MAX } from "../domain/recipe.ts";
import type { StyleEntry } from "./style-gallery.ts";

/** Without its beginning, the entry's name. */
export type Told = string;

/** One LoRA of a gallery file, whatever form the file has. */
export interface GalleryEntry {
  /** "entry 3", as people count. */
  readonly where: string;
  /** Of the file; else the repository's name. */
  readonly title: string;
  readonly titled: boolean;
  readonly repo?: string;
  /** The repository can be one of the Hub. */
  readonly onHub: boolean;
  readonly weights?: string;
  /** Further files of the repository that this entry uses along with it, as strong as `scale` says. */
  readonly more: readonly { readonly weights: string; readonly scale: number }[];
  /** Without commas at its edges. Empty: none. */
  readonly trigger: string;
  readonly at: "start" | "end";
  readonly image?: string;
  readonly defaults: NonNullable<StyleEntry["defaults"]>;
  readonly examples: readonly string[];
  readonly remarks: readonly Told[];
}

interface Entries {
  readonly entries: readonly GalleryEntry[];
  readonly leftOut: readonly string[];
}

/** A file of more is none of people's galleries. */
const ENTRIES_MAX = 2000;
const TITLE_MAX_CHARS = 300;
const TRIGGER_MAX_CHARS = 100;

/** Of several values the one with most entries is the gallery. */
export function galleryEntriesIn(values: readonly unknown[]): Entries {
  const all = values.map((value) => entriesOf(listIn(value)));
  return all.toSorted((a, b) => b.entries.length - a.entries.length)[0] ?? { entries: [], leftOut: [] };
}

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The entries of a list, of a list within an object, or of an object that has the titles as its names. */
function listIn(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (!isFields(value)) return [];
  const lists = Object.values(value).filter((each) => Array.isArray(each) && each.some(isFields));
  const [longest] = lists.toSorted((a, b) => (b as unknown[]).length - (a as unknown[]).length);
  if (Array.isArray(longest)) return longest;
  if (first(value, TITLE) !== undefined && first(value, REPO) !== undefined) return [value];
  return Object.entries(value).map(([title, each]) => (isFields(each) ? { title, ...each } : [title, each].flat()));
}

function entriesOf(list: readonly unknown[]): Entries {
  const entries: GalleryEntry[] = [];
  const leftOut: string[] = [];
  for (const [index, value] of list.slice(0, ENTRIES_MAX).entries()) {
    const where = `entry ${index + 1}`;
    const fields = isFields(value) ? value : Array.isArray(value) ? rowOf(value) : undefined;
    const entry = fields ? entryOf(fields, where) : `${where}: is no entry of a gallery`;
    if (typeof entry === "string") leftOut.push(entry);
    else entries.push(entry);
  }
  if (list.length > ENTRIES_MAX) leftOut.push(`${list.length - ENTRIES_MAX} entries after the first ${ENTRIES_MAX}`);
  return { entries, leftOut };
}

/** A repository anywhere in the row; of the others the first is the title, the next the trigger word. */
function rowOf(row: readonly unknown[]): Fields {
  const texts = row.filter((each): each is string => typeof each === "string");
  const repo = texts.find((each, at) => at > 0 && repositoryOf(each)?.onHub);
  const [title, trigger_word] = texts.filter((each) => each !== repo && !/^https?:/iu.test(each));
  return { title, repo, trigger_word };
}

// Names that Spaces and their derivatives use; the first that is there counts.
const TITLE = ["title", "name", "label"];
const REPO = ["repo", "repo_id", "repository", "lora", "model", "path", "url"];
const TRIGGER = ["trigger_word", "trigger", "trigger_words", "triggers", "activation_text"];
const POSITION = ["trigger_position", "position"];
const WEIGHTS = ["weights", "weight_name", "filename", "file"];
const SCALES = ["scales", "lora_scales", "adapter_weights"];
const IMAGE = ["image", "image_url", "img", "preview", "thumbnail"];
const SCALE = ["scale", "lora_scale", "default_scale"];
const EXAMPLES = ["prompts", "examples", "example_prompts"];

const first = (fields: Fields, names: readonly string[]): unknown =>
  names.map((name) => fields[name]).find((value) => value !== undefined && value !== null);

/** Text, a number, or a list of texts; "" for nothing, `undefined` for what is none of these. */
function textIn(fields: Fields, names: readonly string[]): string | undefined {
  const value = first(fields, names) ?? "";
  if (Array.isArray(value) && value.every((each) => typeof each === "string")) return value.join(", ").trim();
  return typeof value === "string" || typeof value === "number" ? String(value).trim() : undefined;
}

/** A sentence where it can be no style. */
function entryOf(fields: Fields, where: string): GalleryEntry | string {
  const givenTitle = (textIn(fields, TITLE) ?? "").replace(/\s+/gu, " ").slice(0, TITLE_MAX_CHARS);
  const written = textIn(fields, REPO) ?? "";
  const found = repositoryOf(written);
  const title = givenTitle === "" ? (found?.repo.split("/").at(-1) ?? "") : givenTitle;
  if (title === "") return `${where}: has neither a title nor a repository`;
  const rawTrigger = textIn(fields, TRIGGER);
  if (rawTrigger === undefined) return `${where} “${title}”: its trigger word is no text`;
  const trigger = rawTrigger.replace(/^[\s,;]+|[\s,;]+$/gu, "");
  if (trigger.length > TRIGGER_MAX_CHARS)
    return `${where} “${title}”: its trigger word has more than ${TRIGGER_MAX_CHARS} characters`;
  const files = filesIn(fields);
  const weights = files.weights;
  const place = placeOf(fields, rawTrigger);
  const defaults = defaultsOf(fields);
  const image = textIn(fields, IMAGE) ?? "";
  const remarks = [
    ...(found?.onHub === false
      ? [`its repository “${written.slice(0, 80)}” is none of the Hub, so only the Space has this LoRA`]
      : []),
    ...(found === undefined && written !== ""
      ? [`its repository “${written.slice(0, 80)}” is not written as owner/name and was left out`]
      : []),
    ...files.remarks,
    ...place.remarks,
    ...defaults.remarks,
  ];
  return {
    where,
    title,
    titled: givenTitle !== "",
    ...(found ? { repo: found.repo } : {}),
    onHub: found?.onHub ?? false,
    ...(weights === "" || weights.length > 300 ? {} : { weights }),
    more: files.more,
    trigger,
    at: place.at,
    ...(image === "" || image.length > 500 ? {} : { image }),
    defaults: defaults.values,
    examples: examplesOf(fields),
    remarks,
  };
}

/** One file, or a list of those that are used together. */
function filesIn(fields: Fields): Pick<GalleryEntry, "more" | "remarks"> & { readonly weights: string } {
  const value = first(fields, WEIGHTS);
  if (!Array.isArray(value)) return { weights: textIn(fields, WEIGHTS) ?? "", more: [], remarks: [] };
  const given = first(fields, SCALES);
  const scales: readonly unknown[] = Array.isArray(given) ? given : [];
  const names = value.filter((each): each is string => typeof each === "string" && each !== "" && each.length <= 300);
  const [weights = "", ...others] = names.slice(0, LORAS_MAX);
  const left = names.length - LORAS_MAX;
  return {
    weights,
    more: others.map((name, at) => {
      const scale = Number(scales[at + 1] ?? 1);
      return { weights: name, scale: scale > 0 && scale <= 2 ? scale : 1 };
    }),
    remarks: left > 0 ? [`it uses ${names.length} files at once, and a style the first ${LORAS_MAX}`] : [],
  };
}

/** `owner/name`, also as an address. An owner with a low line is a folder of the Space: the Hub has none. */
function repositoryOf(written: string): { readonly repo: string; readonly onHub: boolean } | undefined {
  const bare = written.replace(/^https?:\/\/(?:www\.)?(?:huggingface\.co|hf\.co)\//iu, "").replace(/\/+$/u, "");
  const [owner = "", name = "", ...more] = bare.split("/");
  if (!/^[\w.-]{1,96}$/u.test(owner) || !/^[\w.-]{1,96}$/u.test(name) || /^\.+$/u.test(owner)) return undefined;
  // An address may lead on to a file; a bare name may not.
  if (more.length > 0 && bare === written) return undefined;
  return { repo: `${owner}/${name}`, onHub: !owner.includes("_") };
}

const POSITIONS: ReadonlyMap<string, "start" | "end"> = new Map([
  ["prepend", "start"],
  ["start", "start"],
  ["before", "start"],
  ["append", "end"],
  ["end", "end"],
  ["after", "end"],
]);

function placeOf(fields: Fields, rawTrigger: string): Pick<GalleryEntry, "at" | "remarks"> {
  const position = (textIn(fields, POSITION) ?? "?").toLowerCase();
  // Written to follow something: ", yarn art style".
  if (position === "") return { at: /^[,;]/u.test(rawTrigger) ? "end" : "start", remarks: [] };
  const at = POSITIONS.get(position);
  if (at) return { at, remarks: [] };
  const odd = `its trigger_position “${position.slice(0, 40)}” is not known, so the trigger word stands at the start`;
  return { at: "start", remarks: [odd] };
}

const SHAPES: Readonly<Record<string, readonly [width: number, height: number]>> = {
  portrait: [832, 1216],
  landscape: [1216, 832],
  square: [1024, 1024],
};

function defaultsOf(fields: Fields): { readonly values: GalleryEntry["defaults"]; readonly remarks: readonly Told[] } {
  const shape = textIn(fields, ["aspect", "aspect_ratio"]) ?? "";
  const [width, height] = (Object.hasOwn(SHAPES, shape) && SHAPES[shape]) || [];
  const written = textIn(fields, SCALE) ?? "";
  const scale = Number(written);
  const usable = written !== "" && scale > 0 && scale <= 1.5;
  return {
    values: {
      ...(usable ? { scale } : {}),
      ...(width === undefined || height === undefined ? {} : { width, height }),
    },
    remarks:
      written === "" || usable ? [] : [`its scale ${written.slice(0, 20)} is not from 0 to 1.5, so it is drawn at 1`],
  };
}

function examplesOf(fields: Fields): readonly string[] {
  const given = first(fields, EXAMPLES);
  const list: readonly unknown[] = Array.isArray(given) ? given : [];
  return list
    .flatMap((each) => (typeof each === "string" ? [each.trim()] : []))
    .filter((each) => each !== "" && each.length <= 1500)
    .slice(0, 20);
}
