import { resolve } from "node:path";
import { type Template, templateSchema } from "../domain/template.ts";
import { checkPlainly } from "../lib/schema-mistakes.ts";
import { type JsonSource, jsonFilesOf, mistakeOf, mistakeText, parseJson, readSource } from "./json-source.ts";

/**
 * Reads a folder of templates, one a file, in the order of their names.
 *
 * @throws Error that lists every mistake with its file and path
 */
export async function loadTemplates(folder: string): Promise<readonly Template[]> {
  const files = await jsonFilesOf(resolve(folder), folder);
  return parseTemplates(await Promise.all(files.map(readSource)));
}

/** The same from texts. Pure. @throws Error that lists every mistake */
export function parseTemplates(sources: readonly JsonSource[]): readonly Template[] {
  const mistakes: string[] = [];
  const found = new Map<string, string>();
  const templates = sources.flatMap(({ file, text }): readonly Template[] => {
    const parsed = parseJson(text.replace(/^\ufeff/u, ""));
    if (!parsed.ok) {
      mistakes.push(`${file}: not JSON: ${parsed.why}`);
      return [];
    }
    const result = checkPlainly(templateSchema, parsed.value);
    if (!result.ok) {
      mistakes.push(...result.mistakes.map((mistake) => mistakeOf(file, mistake)));
      return [];
    }
    const { id } = result.value;
    const same = found.get(id);
    if (same !== undefined) mistakes.push(`${file}.id: "${id}" is taken by ${same}`);
    found.set(id, file);
    return [result.value];
  });
  if (mistakes.length > 0) throw new Error(mistakeText("templates", mistakes));
  return templates;
}
