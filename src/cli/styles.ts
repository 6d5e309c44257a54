import { readFile, rename, stat, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { loadCommands, OWN_PARTS } from "../app/load.ts";
import {
  commandNames,
  importGallery,
  loadStyles,
  parseStyles,
  type StyleEntry,
  withEntries,
} from "../app/style-gallery.ts";
import type { Style } from "../domain/style.ts";
import { plainly } from "./arguments.ts";

const USAGE = `Usage:
  npm run styles -- list [--from styles.json]
  npm run styles -- import loras.json [--into styles.json]

"import" adds the entries of a Space gallery (loras.json) to your styles. Ids that are taken are never overwritten.`;

const GALLERY_MAX_BYTES = 5_000_000;

async function main(): Promise<void> {
  const { values, positionals } = plainly(USAGE, () =>
    parseArgs({
      allowPositionals: true,
      options: { into: { type: "string" }, from: { type: "string" }, help: { type: "boolean" } },
    }),
  );
  const [action, file] = positionals;
  if (values.help || action === undefined) console.log(USAGE);
  else if (action === "list") await list(values.from ?? process.env["STYLES_FILE"] ?? "styles.json");
  else if (action === "import" && file !== undefined)
    await importFile(file, values.into ?? process.env["STYLES_FILE"] ?? "styles.json");
  else throw new Error(USAGE);
}

async function commandNamesHere(): Promise<readonly string[]> {
  return commandNames(await loadCommands(OWN_PARTS));
}

async function list(file: string): Promise<void> {
  const { styles } = await loadStyles(file, await commandNamesHere());
  for (const style of styles) console.log(lineOf(style));
}

const lineOf = (style: Style) =>
  [
    `/${style.id}`.padEnd(20),
    style.title.padEnd(24),
    (style.trigger === "" ? "no trigger" : `“${style.trigger}” at the ${style.triggerPosition}`).padEnd(40),
    Object.keys(style.lora).length === 0 ? "no LoRA" : `LoRA for ${Object.keys(style.lora).join(", ")}`,
  ].join(" ");

async function importFile(file: string, into: string): Promise<void> {
  const exists = await stat(into).catch(() => undefined);
  if (exists?.isDirectory())
    throw new Error(`${into} is a folder: name the file to write, e.g. --into ${into}/gallery.json`);
  const reserved = await commandNamesHere();
  const before = exists ? (await loadStyles(into, reserved)).styles : [];
  const added = importGallery(await readJson(file), reserved);
  const fresh: StyleEntry[] = [];
  for (const { entry, remarks } of added) {
    const same = before.find((one) => one.id === entry.id);
    if (same)
      console.log(
        `kept    /${entry.id}: it is in ${into} already (“${same.title}”), the gallery's “${entry.title}” was left out`,
      );
    else {
      fresh.push(entry);
      for (const remark of remarks) console.log(`note    ${remark}`);
    }
  }
  // Before anything is written: a gallery can repeat a trigger word, which only the whole list shows.
  const text = withEntries(exists ? await readFile(into, "utf8") : undefined, fresh);
  const styles = parseStyles([{ file: into, text }], reserved);
  if (fresh.length > 0) {
    // Beside it first: a full disk must not cost the group its styles.
    await writeFile(`${into}.new`, text, { flag: "wx" });
    await rename(`${into}.new`, into);
  }
  for (const style of styles.slice(before.length)) console.log(`added   ${lineOf(style)}`);
  console.log(`${into}: ${fresh.length} added, ${added.length - fresh.length} left out, ${styles.length} styles now.`);
  if (fresh.length > 0)
    console.log("Check the licence of each LoRA before you publish pictures: the gallery does not say.");
}

async function readJson(file: string): Promise<unknown> {
  const found = await stat(file).catch((cause: unknown) => {
    throw new Error(`${file}: there is no such file`, { cause });
  });
  if (found.size > GALLERY_MAX_BYTES)
    throw new Error(`${file}: larger than ${GALLERY_MAX_BYTES} bytes, this is no gallery`);
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch (cause) {
    throw new Error(`${file}: not JSON. Download the loras.json of the Space and try again.`, { cause });
  }
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
