import { readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { z } from "zod";
import { type Style, styleSchema } from "./style.ts";

export interface Gallery {
  readonly styles: readonly Style[];
  /** Where `preview` files lie: beside the file, or in the folder. */
  readonly previewFolder: string;
}

const FILE_MAX_BYTES = 2_000_000;
const FILES_MAX = 200;
const STYLES_MAX = 500;
const MISTAKES_SHOWN_MAX = 50;

interface Source {
  readonly file: string;
  readonly text: string;
}

/**
 * Reads `styles.json`, or a folder of such files in the order of their names.
 * @throws Error that lists every mistake with its file and path, or says that there is nothing to read
 */
export async function loadStyles(fileOrFolder: string): Promise<Gallery> {
  const path = resolve(fileOrFolder);
  const found = await stat(path).catch((cause: unknown) => {
    throw new Error(`${fileOrFolder}: there is no such file or folder. Set STYLES_FILE to your styles file.`, {
      cause,
    });
  });
  const files = found.isDirectory() ? await jsonFilesOf(path, fileOrFolder) : [path];
  const sources = await Promise.all(files.map(readSource));
  const styles = parseStyles(sources);
  return { styles, previewFolder: found.isDirectory() ? path : dirname(path) };
}

async function jsonFilesOf(folder: string, shown: string): Promise<readonly string[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".json") && !name.startsWith(".")).sort();
  if (names.length === 0) throw new Error(`${shown}: the folder holds no .json file`);
  if (names.length > FILES_MAX) throw new Error(`${shown}: ${names.length} files, at most ${FILES_MAX} are read`);
  return names.map((name) => join(folder, name));
}

async function readSource(file: string): Promise<Source> {
  const { size } = await stat(file);
  const name = basename(file);
  if (size > FILE_MAX_BYTES) throw new Error(`${name}: ${size} bytes, at most ${FILE_MAX_BYTES} are read`);
  return { file: name, text: await readFile(file, "utf8") };
}

/** As `loadStyles`, from texts. Pure. @throws Error that lists every mistake */
export function parseStyles(sources: readonly Source[]): readonly Style[] {
  const mistakes: string[] = [];
  const placed = sources.flatMap((source) => stylesOf(source, mistakes));
  mistakes.push(...duplicates(placed));
  if (mistakes.length === 0 && placed.length === 0)
    mistakes.push(`${sources[0]?.file ?? "styles"}: no style in it, at least one is needed`);
  if (placed.length > STYLES_MAX) mistakes.push(`${placed.length} styles, at most ${STYLES_MAX} fit`);
  if (mistakes.length > 0) throw new Error(mistakeText(mistakes));
  return placed.map(({ style }) => style);
}

interface Placed {
  readonly where: string;
  readonly style: Style;
}

function stylesOf({ file, text }: Source, mistakes: string[]): readonly Placed[] {
  const parsed = parseJson(text.replace(/^\ufeff/u, ""));
  if (!parsed.ok) {
    mistakes.push(`${file}: not JSON: ${parsed.why}`);
    return [];
  }
  const list = listOf(parsed.value);
  if (!list) {
    mistakes.push(`${file}: must be {"styles": [ … ]}`);
    return [];
  }
  return list.slice(0, STYLES_MAX + 1).flatMap((entry, at) => {
    const result = styleSchema.safeParse(entry);
    if (result.success) return [{ where: `${file}: styles[${at}]`, style: result.data }];
    mistakes.push(...result.error.issues.map((issue) => mistakeOf(`${file}: styles[${at}]`, issue)));
    return [];
  });
}

const fileSchema = z.object({ styles: z.array(z.unknown()), $schema: z.string().optional() }).strict();
/** Also a bare list, which is what people write first. */
const listOf = (value: unknown): readonly unknown[] | undefined =>
  Array.isArray(value) ? value : fileSchema.safeParse(value).data?.styles;

type Parsed = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly why: string };

function parseJson(text: string): Parsed {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (cause) {
    return { ok: false, why: cause instanceof Error ? cause.message.slice(0, 200) : "unreadable" };
  }
}

function mistakeOf(where: string, issue: z.core.$ZodIssue): string {
  const path = issue.path
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step).slice(0, 60)}`))
    .join("");
  return `${where}${path}: ${issue.message.slice(0, 200)}`;
}

/** Ids must differ, and of two styles with one trigger a member could not tell which LoRA answers. */
function duplicates(placed: readonly Placed[]): readonly string[] {
  const mistakes: string[] = [];
  const ids = new Map<string, string>();
  const triggers = new Map<string, string>();
  for (const { where, style } of placed) {
    const same = ids.get(style.id);
    if (same !== undefined) mistakes.push(`${where}.id: "${style.id}" is taken by ${same}`);
    else ids.set(style.id, where);
    const trigger = style.trigger.toLowerCase();
    const shared = triggers.get(trigger);
    if (trigger !== "" && shared !== undefined)
      mistakes.push(`${where}.trigger: "${style.trigger}" is the trigger of ${shared} too`);
    else triggers.set(trigger, where);
  }
  return mistakes;
}

function mistakeText(mistakes: readonly string[]): string {
  const more = mistakes.length - MISTAKES_SHOWN_MAX;
  const shown = mistakes.slice(0, MISTAKES_SHOWN_MAX);
  return [
    `The styles have ${mistakes.length === 1 ? "a mistake" : `${mistakes.length} mistakes`}:`,
    ...shown,
    ...(more > 0 ? [`and ${more} more`] : []),
  ].join("\n");
}

/** One entry of a Space gallery's `loras.json`. Spaces add fields of their own; they are not needed. */
const galleryEntrySchema = z.object({
  title: z.string().trim().min(1).max(300),
  repo: z.string().trim().max(300).optional(),
  image: z.string().max(500).optional(),
  weights: z.string().max(300).optional(),
  trigger_word: z.string().trim().max(100).nullish(),
  trigger_position: z.string().nullish(),
});
const gallerySchema = z.array(galleryEntrySchema).min(1).max(STYLES_MAX);

/**
 * Styles from the parsed `loras.json` of a Space gallery. Ids come from the titles and differ from `takenIds`.
 * @throws Error that lists every mistake
 */
export function importGallery(json: unknown, takenIds: Iterable<string> = []): readonly Style[] {
  const parsed = gallerySchema.safeParse(json);
  if (!parsed.success) throw new Error(mistakeText(parsed.error.issues.map((issue) => mistakeOf("gallery", issue))));
  const taken = new Set(takenIds);
  return parsed.data.map((entry) => {
    const id = freeId(idOf(entry.title), taken);
    taken.add(id);
    return styleSchema.parse({
      id,
      title: entry.title.slice(0, 60),
      summary: `From a Space gallery: ${entry.title}`.slice(0, 100),
      trigger: entry.trigger_word ?? "",
      triggerPosition: entry.trigger_position === "append" || entry.trigger_position === "end" ? "end" : "start",
      lora: {
        // The Space selects by title; the Hub by repository.
        space: entry.title,
        ...(entry.repo && { huggingface: entry.repo }),
        ...(entry.weights && { comfyui: basename(entry.weights) }),
      },
      ...(entry.image && { preview: entry.image }),
    });
  });
}

function idOf(title: string): string {
  const plain = title
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{M}/gu, "")
    .replace(/[^a-z0-9]+/gu, "_")
    .replace(/^[_0-9]+|_+$/gu, "")
    .slice(0, 28)
    .replace(/_+$/u, "");
  return plain === "" ? "style" : plain;
}

function freeId(wanted: string, taken: ReadonlySet<string>): string {
  let id = wanted;
  for (let next = 2; taken.has(id); next++) id = `${wanted}_${next}`;
  return id;
}
