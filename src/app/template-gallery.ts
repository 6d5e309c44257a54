import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type Template, templateSchema } from "../domain/template.ts";
import { asError } from "../lib/error.ts";
import { checkPlainly } from "../lib/schema-mistakes.ts";
import { type JsonSource, jsonFilesOf, mistakeOf, parseJson, readSource } from "./json-source.ts";

/** Those that come with Placard. */
const OWN_FOLDER = fileURLToPath(new URL("../../templates", import.meta.url));

export interface Templates {
  readonly templates: readonly Template[];
  /** One sentence each, with file and path, for the operator. The templates beside them can be used. */
  readonly mistakes: readonly string[];
}

/**
 * Reads a folder of templates, one a file, in the order of their names. Never throws: a poster less is no reason not to start.
 *
 * @param folder default: those that come with Placard
 */
export async function loadTemplates(folder?: string): Promise<Templates> {
  const shown = folder ?? "templates";
  try {
    const files = await jsonFilesOf(folder === undefined ? OWN_FOLDER : resolve(folder), shown);
    const read = await Promise.all(files.map(sourceOrMistake));
    const { templates, mistakes } = parseTemplates(read.filter((one) => typeof one !== "string"));
    return { templates, mistakes: [...read.filter((one) => typeof one === "string"), ...mistakes] };
  } catch (error) {
    return { templates: [], mistakes: [missing(error) ? `${shown}: there is no such folder` : asError(error).message] };
  }
}

const missing = (error: unknown): boolean =>
  error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");

const sourceOrMistake = (file: string): Promise<JsonSource | string> =>
  readSource(file).catch((error: unknown) => asError(error).message);

/** The same from texts. Pure. */
export function parseTemplates(sources: readonly JsonSource[]): Templates {
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
    if (same !== undefined) {
      mistakes.push(`${file}.id: "${id}" is taken by ${same}`);
      return [];
    }
    found.set(id, file);
    return [result.value];
  });
  return { templates, mistakes };
}
