import { stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { z } from "zod";
import { type Style, styleSchema } from "../domain/style.ts";
import { templateSchema } from "../domain/template.ts";
import { FAMILIES } from "../families/shared/known.ts";
import { checkPlainly } from "../lib/schema-mistakes.ts";
import type { CommandsFrom } from "../ports/command.ts";
import { type JsonSource, jsonFilesOf, mistakeOf, mistakeText, parseJson, readSource } from "./json-source.ts";

/** As it stands in a file, without defaults. */
export type StyleEntry = z.input<typeof styleSchema>;

export interface Gallery {
  readonly styles: readonly Style[];
  /** Where `preview` files lie: beside the file, or in the folder. */
  readonly previewFolder: string;
}

export const STYLES_MAX = 500;

/** Names of the commands that are there with any styles: no style can have them. */
export function commandNames(files: readonly CommandsFrom[]): readonly string[] {
  // Some commands offer the styles or templates as a choice and need one to be built.
  const probe = styleSchema.parse({ id: "a_style_that_is_in_no_gallery", title: "-" });
  const template = templateSchema.parse({
    id: "none",
    title: "-",
    description: "-",
    art: "-",
    slots: { title: { required: true, example: "-" } },
  });
  return files
    .flatMap((from) => from({ styles: [probe], templates: [template], backends: [], languages: [], specs: () => [] }))
    .map(({ name }) => name)
    .filter((name) => name !== probe.id);
}

/**
 * Reads `styles.json`, or a folder of such files in the order of their names.
 * @param reserved ids no style may have: the commands' names
 * @throws Error that lists every mistake with its file and path, or says that there is nothing to read
 */
export async function loadStyles(fileOrFolder: string, reserved: readonly string[] = []): Promise<Gallery> {
  const path = resolve(fileOrFolder);
  const found = await stat(path).catch((cause: unknown) => {
    throw new Error(`${fileOrFolder}: there is no such file or folder. Set STYLES_FILE to your styles file.`, {
      cause,
    });
  });
  const files = found.isDirectory() ? await jsonFilesOf(path, fileOrFolder) : [path];
  const sources = await Promise.all(files.map(readSource));
  const styles = parseStyles(sources, reserved);
  return { styles, previewFolder: found.isDirectory() ? path : dirname(path) };
}

/** As `loadStyles`, from texts. Pure. @throws Error that lists every mistake */
export function parseStyles(sources: readonly JsonSource[], reserved: readonly string[] = []): readonly Style[] {
  const mistakes: string[] = [];
  const placed = sources.flatMap((source) => stylesOf(source, new Set<unknown>(reserved), mistakes));
  mistakes.push(...duplicates(placed));
  if (mistakes.length === 0 && placed.length === 0)
    mistakes.push(`${sources[0]?.file ?? "styles"}: no style in it, at least one is needed`);
  if (placed.length > STYLES_MAX) mistakes.push(`${placed.length} styles, at most ${STYLES_MAX} fit`);
  if (mistakes.length > 0) throw new Error(mistakeText("styles", mistakes));
  return placed.map(({ style }) => style);
}

interface Placed {
  readonly where: string;
  readonly style: Style;
}

function stylesOf({ file, text }: JsonSource, reserved: ReadonlySet<unknown>, mistakes: string[]): readonly Placed[] {
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
    const where = `${file}: styles[${at}]`;
    const result = checkPlainly(styleSchema, entry);
    const id = typeof entry === "object" && entry !== null && "id" in entry ? entry.id : undefined;
    if (reserved.has(id)) mistakes.push(`${where}.id: "${String(id)}" is a command already; choose another id`);
    if (result.ok && !FAMILIES.some((family) => family.id === result.value.family))
      mistakes.push(`${where}.family: "${result.value.family}" is none that Placard knows; known are ${familyIds()}`);
    if (result.ok) return [{ where, style: result.value }];
    mistakes.push(...result.mistakes.map((mistake) => mistakeOf(where, mistake)));
    return [];
  });
}

const familyIds = () => FAMILIES.map((family) => family.id).join(", ");

const fileSchema = z.object({ styles: z.array(z.unknown()), $schema: z.string().optional() }).strict();
/** Also a bare list, which is what people write first. */
const listOf = (value: unknown): readonly unknown[] | undefined =>
  Array.isArray(value) ? value : fileSchema.safeParse(value).data?.styles;

/** Triggers may be shared, as galleries share them: a style is called by its id. */
function duplicates(placed: readonly Placed[]): readonly string[] {
  const mistakes: string[] = [];
  const ids = new Map<string, string>();
  for (const { where, style } of placed) {
    const same = ids.get(style.id);
    if (same !== undefined) mistakes.push(`${where}.id: "${style.id}" is taken by ${same}`);
    else ids.set(style.id, where);
  }
  return mistakes;
}

/**
 * The text of a styles file with further entries at its end. What stands there keeps its bytes.
 * @param text of a good styles file; `undefined`: there is none yet
 */
export function withEntries(text: string | undefined, entries: readonly StyleEntry[]): string {
  const json = (value: unknown) => JSON.stringify(value, undefined, 2);
  if (text === undefined) return `${json({ styles: entries })}\n`;
  if (entries.length === 0) return text;
  const before: unknown = JSON.parse(text.replace(/^\ufeff/u, ""));
  const list = listOf(before) ?? [];
  const bare = Array.isArray(before);
  const all = [...list, ...entries];
  const after = bare ? all : { ...(before as object), styles: all };
  const indent = bare ? "  " : "    ";
  const lines = entries.map((entry) => json(entry).replace(/^/gmu, indent)).join(",\n");
  const added = `${list.length > 0 ? "," : ""}\n${lines}\n${bare ? "" : "  "}`;
  // The list's own end is the last bracket but for those in texts behind it: the right one gives the right whole.
  for (let end = text.lastIndexOf("]"); end >= 0; end = end === 0 ? -1 : text.lastIndexOf("]", end - 1)) {
    const tried = `${text.slice(0, end).trimEnd()}${added}${text.slice(end)}`;
    const read = parseJson(tried.replace(/^\ufeff/u, ""));
    if (read.ok && JSON.stringify(read.value) === JSON.stringify(after)) return tried;
  }
  return `${json(after)}\n`;
}
