import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { textOfFile } from "../lib/file-text.ts";
import type { Mistake } from "../lib/schema-mistakes.ts";

const FILE_MAX_BYTES = 2_000_000;
const FILES_MAX = 200;
const MISTAKES_SHOWN_MAX = 50;

/** A file of JSON that an operator wrote. */
export interface JsonSource {
  readonly file: string;
  readonly text: string;
}

/** The folder's files, in the order of their names. @param shown what an operator calls it */
export async function jsonFilesOf(folder: string, shown: string): Promise<readonly string[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".json") && !name.startsWith(".")).sort();
  if (names.length === 0) throw new Error(`${shown}: the folder holds no .json file`);
  if (names.length > FILES_MAX) throw new Error(`${shown}: ${names.length} files, at most ${FILES_MAX} are read`);
  return names.map((name) => join(folder, name));
}

export async function readSource(file: string): Promise<JsonSource> {
  const { size } = await stat(file);
  const name = basename(file);
  if (size > FILE_MAX_BYTES) throw new Error(`${name}: ${size} bytes, at most ${FILE_MAX_BYTES} are read`);
  return { file: name, text: textOfFile(await readFile(file)) };
}

type Parsed = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly why: string };

export function parseJson(text: string): Parsed {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (cause) {
    return { ok: false, why: cause instanceof Error ? cause.message.slice(0, 200) : "unreadable" };
  }
}

/** @param where the file, and the entry in it */
export function mistakeOf(where: string, mistake: Mistake): string {
  const path = mistake.path
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step).slice(0, 60)}`))
    .join("");
  return `${where}${path}: ${mistake.sentence}`;
}

/** @param what is wrong, in the plural */
export function mistakeText(what: string, mistakes: readonly string[]): string {
  const more = mistakes.length - MISTAKES_SHOWN_MAX;
  const shown = mistakes.slice(0, MISTAKES_SHOWN_MAX);
  return [
    `The ${what} have ${mistakes.length === 1 ? "a mistake" : `${mistakes.length} mistakes`}:`,
    ...shown,
    ...(more > 0 ? [`and ${more} more`] : []),
  ].join("\n");
}
