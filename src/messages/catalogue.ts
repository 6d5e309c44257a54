import { readdirSync, readFileSync } from "node:fs";
import { z } from "zod";

/** One file of `locales/`: a language, by its BCP 47 tag. */
export interface Catalogue {
  /** As its speakers call it. */
  readonly name: string;
  /** Somebody who speaks it has read all of it. Otherwise it is a machine's draft, and the settings say so. */
  readonly reviewed: boolean;
  readonly direction: "ltr" | "rtl";
  /** Sentences that are the English ones, each with its reason. */
  readonly same: Readonly<Record<string, string>>;
  /** Message id to its ICU MessageFormat 1 source. */
  readonly messages: ReadonlyMap<string, string>;
}

/** What is written first, and stands in wherever a language lacks a sentence. */
export const SOURCE_LANGUAGE = "en";

const folder = new URL("locales/", import.meta.url);
const metaSchema = z.object({
  _meta: z.strictObject({
    language: z.string(),
    reviewed: z.boolean(),
    same: z.record(z.string(), z.string()).default({}),
  }),
});
const fileSchema = metaSchema.catchall(z.string());

const languages = readdirSync(folder)
  .flatMap((file) => (file.endsWith(".json") ? [file.slice(0, -".json".length)] : []))
  .sort((a, b) => Number(b === SOURCE_LANGUAGE) - Number(a === SOURCE_LANGUAGE) || (a < b ? -1 : 1));
const languagesOnDisk: ReadonlySet<string> = new Set(languages);

/** Every language there is a file for, English first. */
export const LANGUAGES: readonly string[] = languages;

const loaded = new Map<string, Catalogue>();

/** What is known of a language without keeping its sentences. @throws Error for one that `LANGUAGES` does not have */
export function languageFacts(language: string): Pick<Catalogue, "name" | "reviewed"> {
  const { name, reviewed } = loaded.get(language) ?? factsIn(fileOf(language));
  return { name, reviewed };
}

/** Read when it is first needed: few groups speak nine languages. @throws Error for a language that `LANGUAGES` does not have */
export function catalogueOf(language: string): Catalogue {
  const known = loaded.get(language);
  if (known) return known;
  const catalogue = catalogueFrom(language, fileOf(language));
  loaded.set(language, catalogue);
  return catalogue;
}

function factsIn(file: unknown): Pick<Catalogue, "name" | "reviewed"> {
  const { language, reviewed } = metaSchema.parse(file)._meta;
  return { name: language, reviewed };
}

/** @throws Error for a language that `LANGUAGES` does not have */
function fileOf(language: string): unknown {
  if (!LANGUAGES.includes(language)) throw new Error(`no catalogue for ${language}`);
  return JSON.parse(readFileSync(new URL(`${language}.json`, folder), "utf8"));
}

/** @throws Error when it is no such file */
function catalogueFrom(language: string, file: unknown): Catalogue {
  const { _meta, ...messages } = fileSchema.parse(file);
  return {
    name: _meta.language,
    reviewed: _meta.reviewed,
    direction: directionOf(language),
    same: _meta.same,
    messages: new Map(Object.entries(messages)),
  };
}

/** A language more, or another catalogue of one, until what it gives back is called: for tests. */
export function addCatalogue(language: string, catalogue: Catalogue): () => void {
  const before = loaded.get(language);
  loaded.set(language, catalogue);
  if (!languages.includes(language)) languages.push(language);
  return () => {
    if (!languagesOnDisk.has(language)) languages.splice(languages.indexOf(language), 1);
    if (before) loaded.set(language, before);
    else loaded.delete(language);
  };
}

// `getTextInfo` is in Node 24 but not in TypeScript's library yet.
const textInfoSchema = z.object({ direction: z.enum(["ltr", "rtl"]) });
const directionOf = (language: string): "ltr" | "rtl" => {
  const locale: unknown = new Intl.Locale(language);
  const asked = z.object({ getTextInfo: z.custom<() => unknown>((f) => typeof f === "function") }).safeParse(locale);
  return asked.success ? textInfoSchema.parse(asked.data.getTextInfo.call(locale)).direction : "ltr";
};

/**
 * The first language of these that there is, by RFC 4647's lookup and then by its main part alone: `es-419` finds `es`,
 * `pt-PT` finds `pt-BR`. `undefined`: none.
 *
 * @param wanted BCP 47 tags in order of preference; whatever else stands there is passed over
 */
export function matchLanguage(wanted: readonly string[]): string | undefined {
  for (const tag of wanted.slice(0, 20)) {
    const main = tag.toLowerCase().split(/[-_]/u)[0] ?? "";
    const found =
      LANGUAGES.find((language) => language.toLowerCase() === tag.toLowerCase().replaceAll("_", "-")) ??
      LANGUAGES.find((language) => language.toLowerCase() === main) ??
      LANGUAGES.find((language) => language.toLowerCase().startsWith(`${main}-`));
    if (found !== undefined && main.length >= 2) return found;
  }
  return undefined;
}
