import { readFile, rename, stat, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { loadCommands, OWN_PARTS } from "../app/load.ts";
import { importGallery } from "../app/space-gallery.ts";
import {
  commandNames,
  loadStyles,
  parseStyles,
  STYLES_MAX,
  type StyleEntry,
  withEntries,
} from "../app/style-gallery.ts";
import { type Style, triggerText } from "../domain/style.ts";
import { textOfFile } from "../lib/file-text.ts";
import { parseForeignJson } from "../lib/foreign-json.ts";
import { pythonLiteralsIn } from "../lib/python-literal.ts";
import { plainly } from "./arguments.ts";

const USAGE = `Usage:
  npm run styles -- list [--from styles.json]
  npm run styles -- import loras.json [--into styles.json]

"import" adds the entries of a Space gallery to your styles: its loras.json, or the program (app.py) that holds the list.
Ids that are taken are never overwritten.`;

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
    (triggerText(style) === "" ? "no trigger" : `“${triggerText(style)}” at the ${style.triggerPosition}`).padEnd(40),
    Object.keys(style.lora).length === 0 ? "no LoRA" : `LoRA for ${Object.keys(style.lora).join(", ")}`,
  ].join(" ");

async function importFile(file: string, into: string): Promise<void> {
  const exists = await stat(into).catch(() => undefined);
  if (exists?.isDirectory())
    throw new Error(`${into} is a folder: name the file to write, e.g. --into ${into}/gallery.json`);
  const reserved = await commandNamesHere();
  const before = exists ? (await loadStyles(into, reserved)).styles : [];
  const { imported, leftOut } = importGallery(await readValues(file), reserved);
  if (imported.length === 0 && leftOut.length === 0) throw new Error(`${file}: there is no gallery in it`);
  const fresh: StyleEntry[] = [];
  const full: string[] = [];
  let kept = 0;
  for (const { entry, remarks } of imported) {
    const same = before.find((one) => one.id === entry.id || isSame(one, entry));
    if (same) {
      kept += 1;
      console.log(
        `kept    /${same.id}: it is in ${into} already (“${same.title}”), the gallery's “${entry.title}” was left out`,
      );
    } else if (before.length + fresh.length >= STYLES_MAX)
      full.push(`“${entry.title}”: ${STYLES_MAX} styles fit, and no more`);
    else {
      fresh.push(entry);
      for (const remark of remarks) console.log(`note    ${remark}`);
    }
  }
  const without = [...leftOut, ...full];
  for (const why of without) console.log(`without ${why}`);
  const text = withEntries(exists ? textOfFile(await readFile(into)) : undefined, fresh);
  // Before anything is written: what cannot be read again must not be there.
  const styles = fresh.length > 0 ? parseStyles([{ file: into, text }], reserved) : before;
  if (fresh.length > 0) {
    // Beside it first: a full disk must not cost the group its styles.
    await writeFile(`${into}.new`, text, { flag: "wx" });
    await rename(`${into}.new`, into);
  }
  for (const style of styles.slice(before.length)) console.log(`added   ${lineOf(style)}`);
  console.log(`${into}: ${fresh.length} added, ${kept + without.length} left out, ${styles.length} styles now.`);
  if (fresh.length > 0)
    console.log("Check the licence of each LoRA before you publish pictures: the gallery does not say.");
}

/** The same entry of an earlier import, which may have found another id. */
const isSame = (one: Style, entry: StyleEntry): boolean =>
  one.title === entry.title && JSON.stringify(one.lora["space"]) === JSON.stringify(entry.lora?.["space"]);

/** JSON, or each list and dictionary of a Python program. */
async function readValues(file: string): Promise<readonly unknown[]> {
  const found = await stat(file).catch((cause: unknown) => {
    throw new Error(`${file}: there is no such file`, { cause });
  });
  if (found.size > GALLERY_MAX_BYTES)
    throw new Error(`${file}: larger than ${GALLERY_MAX_BYTES} bytes, this is no gallery`);
  const text = textOfFile(await readFile(file));
  try {
    return [parseForeignJson(text)];
  } catch (cause) {
    const values = pythonLiteralsIn(text);
    if (values.length > 0) return values;
    throw new Error(`${file}: no JSON and no list. Download the loras.json or app.py of the Space and try again.`, {
      cause,
    });
  }
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
