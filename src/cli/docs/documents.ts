import { readFile } from "node:fs/promises";
import type { z } from "zod";
import { loadAdapters, loadBackends, loadCommands, loadStores, OWN_PARTS } from "../../app/load.ts";
import { FILE_SUFFIX, mayBeInFile } from "../../app/secret-files.ts";
import { coreEnv } from "../../app/settings.ts";
import { loadStyles } from "../../app/style-gallery.ts";
import { loadTemplates } from "../../app/template-gallery.ts";
import { FAMILIES } from "../../families/shared/known.ts";
import { SOURCE_LANGUAGE } from "../../messages/catalogue.ts";
import { render } from "../../messages/render.ts";
import { specOf } from "../../ports/args.ts";
import type { OptionSpec } from "../../ports/option.ts";
import { familyTable } from "./family-table.ts";
import { messageTypes } from "./message-types.ts";
import { keptTable, sightTable } from "./privacy-table.ts";

interface Document {
  readonly file: string;
  readonly text: string;
}

const root = new URL("../../../", import.meta.url);

/** Every document with generated parts, as it should be now. @throws Error when a page lacks its section's marks */
export async function documents(): Promise<readonly Document[]> {
  const owners = await settingOwners();
  return [
    await pageWith("commands", await commandTable()),
    await pageWith("settings", settingTable(owners)),
    await pageWith("models", familyTable(FAMILIES)),
    await privacyPage(),
    { file: ".env.example", text: envExample(owners) },
    { file: "src/domain/messages.d.ts", text: messageTypes() },
  ];
}

/** Two tables of one page. */
async function privacyPage(): Promise<Document> {
  const { file, text } = await pageWith("privacy", sightTable());
  return { file, text: withSection(text, "kept", keptTable()) };
}

/** `docs/<section>.md` with that section's table. */
async function pageWith(section: string, body: string): Promise<Document> {
  const file = `docs/${section}.md`;
  return { file, text: withSection(await readFile(new URL(file, root), "utf8"), section, body) };
}

/** Replaces what stands between `<!-- name -->` and `<!-- /name -->`. @throws Error for a page without these marks */
export function withSection(page: string, name: string, body: string): string {
  const [from, to] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const start = page.indexOf(from);
  const end = page.indexOf(to);
  if (start < 0 || end < start) throw new Error(`no section ${from} … ${to}`);
  return `${page.slice(0, start + from.length)}\n${body}\n${page.slice(end)}`;
}

async function commandTable(): Promise<string> {
  const { styles } = await loadStyles("styles.json");
  const { templates } = await loadTemplates();
  const commands = await loadCommands(OWN_PARTS);
  const specs = commands
    .flatMap((from) => from({ styles, templates, backends: [], languages: [], specs: () => [] }))
    .map(specOf);
  const optionsOf = (options: readonly OptionSpec[]) => cell(options.map(optionText).join(", "));
  // The styles' commands take the same options: once is enough to read on a phone.
  const firstWith = new Map<string, string>();
  const told = (name: string, options: readonly OptionSpec[]) => {
    const text = optionsOf(options);
    const first = firstWith.get(text) ?? name;
    firstWith.set(text, first);
    return first === name || options.length < 3 ? text : `as \`/${first}\``;
  };
  const rows = specs.map(
    ({ name, summary, options, example }) =>
      `| \`/${name}\` | ${cell(render(summary, SOURCE_LANGUAGE))} | ${told(name, options)} | \`${cell(render(example, SOURCE_LANGUAGE))}\` |`,
  );
  return ["| command | what it does | options | example |", "|---|---|---|---|", ...rows].join("\n");
}

function optionText(option: OptionSpec): string {
  const range = option.choices
    ? ` (${option.choices.map(({ value }) => value).join(", ")})`
    : option.min !== undefined && option.max !== undefined
      ? ` (${option.min}–${option.max})`
      : "";
  return `${option.required ? "**" : ""}${option.name}${option.required ? "**" : ""}${range}`;
}

interface SettingOwner {
  readonly title: string;
  readonly settings: readonly { readonly name: string; readonly about: string; readonly fallback: string }[];
}

async function settingOwners(): Promise<readonly SettingOwner[]> {
  const loaded = await Promise.all([loadStores(OWN_PARTS), loadAdapters(OWN_PARTS), loadBackends(OWN_PARTS)]);
  const modules = loaded.flat().map(({ file, found }) => ({ title: `${file}: ${found.summary}`, env: found.env }));
  const owners = [{ title: "Placard", env: coreEnv as z.ZodObject }, ...modules];
  // Modules may share a setting (HF_TOKEN): a second, empty line of it would undo the first.
  const told = new Set<string>();
  return owners
    .map(({ title, env }) => ({
      title,
      settings: settingsOf(env).filter(({ name }) => !told.has(name) && told.add(name)),
    }))
    .filter(({ settings }) => settings.length > 0);
}

function settingsOf(env: z.ZodObject): SettingOwner["settings"] {
  return Object.entries(env.shape).map(([name, schema]) => {
    // The border of zod's shape type: every value of an object's shape is a schema.
    const field = schema as z.ZodType;
    const unset = field.safeParse(undefined);
    const fallback = unset.success ? unset.data : undefined;
    if (field.description === undefined) throw new Error(`setting ${name} has no description`);
    return {
      name,
      about: mayBeInFile(name)
        ? `${field.description}; or \`${name}${FILE_SUFFIX}\`: a file with it`
        : field.description,
      fallback: Array.isArray(fallback) ? fallback.join(",") : fallback === undefined ? "" : String(fallback),
    };
  });
}

function settingTable(owners: readonly SettingOwner[]): string {
  const rows = owners.flatMap(({ settings }) =>
    settings.map(
      ({ name, about, fallback }) =>
        `| \`${name}\` | ${fallback === "" ? "" : `\`${cell(fallback)}\``} | ${cell(about)} |`,
    ),
  );
  return ["| setting | default | meaning |", "|---|---|---|", ...rows].join("\n");
}

function envExample(owners: readonly SettingOwner[]): string {
  const head =
    "# Settings, for a file named .env: copy this one to it, or let `npm run setup` do it. docs/settings.md tells how.\n# Every line may stay as it is: empty means the default. Written by `npm run docs` from the code.\n";
  const blocks = owners.map(({ title, settings }) =>
    [
      `# ── ${title}`,
      ...settings.flatMap(({ name, about, fallback }) => [
        `# ${about}${fallback === "" ? "" : ` (default: ${fallback})`}`,
        `${name}=`,
      ]),
    ].join("\n"),
  );
  return `${[head, ...blocks].join("\n\n")}\n`;
}

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");
