import { basename } from "node:path";
import { latinIdOf } from "./latin-id.ts";
import { type GalleryEntry, galleryEntriesIn, type Told } from "./space-gallery-entries.ts";
import type { StyleEntry } from "./style-gallery.ts";

/** A style of a gallery, and what was decided about it that its owner may want to know. */
interface Imported {
  readonly entry: StyleEntry;
  readonly remarks: readonly string[];
}

export interface GalleryImport {
  readonly imported: readonly Imported[];
  /** Why an entry is no style, a sentence each. */
  readonly leftOut: readonly string[];
}

const TITLE_MAX_CHARS = 60;

/**
 * Styles from the values of a Space's gallery file (`loras.json`, or lists in its program). Each has an id and a title of
 * its own, and what each backend calls its LoRA means that LoRA and no other entry's.
 *
 * @param values what the file holds: the first with most entries is the gallery
 * @param takenIds ids no style may have
 */
export function importGallery(values: readonly unknown[], takenIds: Iterable<string> = []): GalleryImport {
  const { entries, leftOut } = galleryEntriesIn(values);
  const names = { ids: new Set(takenIds), titles: new Set<string>() };
  const told = [...leftOut];
  const imported: Imported[] = [];
  const seen = new Map<string, GalleryEntry>();
  for (const given of entries) {
    const same = seen.get(keyOf(given));
    const space = spaceReferenceOf(given, entries);
    if (same) told.push(`${given.where} “${given.title}”: the same as ${same.where}`);
    else if (space === undefined)
      told.push(`${given.where} “${given.title}”: another entry has this title, and no repository tells them apart`);
    else imported.push(styleOf(given, space, entries, names));
    if (!same) seen.set(keyOf(given), given);
  }
  return { imported, leftOut: told };
}

const folded = (text: string): string => text.normalize("NFKC").trim().replace(/\s+/gu, " ").toLowerCase();
const keyOf = ({ title, repo, weights, trigger }: GalleryEntry): string =>
  JSON.stringify([folded(title), repo?.toLowerCase(), weights, trigger]);

/** What the Space knows this LoRA by and no other: its title, else its repository, else the file there. */
function spaceReferenceOf(given: GalleryEntry, all: readonly GalleryEntry[]): string | undefined {
  const { title, repo, weights } = given;
  const alike = all.filter((each) => each !== given && folded(each.title) === folded(title));
  if (alike.length === 0 && given.titled) return title;
  if (repo === undefined) return undefined;
  const sharing = all.filter((each) => each.repo?.toLowerCase() === repo.toLowerCase());
  return weights === undefined || sharing.every((each) => each.weights === weights) ? repo : `${repo}/${weights}`;
}

function styleOf(
  given: GalleryEntry,
  space: string,
  all: readonly GalleryEntry[],
  names: { readonly ids: Set<string>; readonly titles: Set<string> },
): Imported {
  const title = freeTitle(given, names.titles);
  const wanted = latinIdOf(given.title);
  const id = freeId(wanted, [latinIdOf(title), latinIdOf(`${title} ${repoNameOf(given)}`)], names.ids);
  names.titles.add(folded(title));
  names.ids.add(id);
  const files = filesOf(given, all);
  const entry: StyleEntry = {
    id,
    title,
    summary: `From a Space gallery: ${given.title}`.slice(0, 100),
    ...(given.trigger === "" ? {} : { trigger: given.trigger }),
    ...(given.trigger !== "" && given.at === "end" ? { triggerPosition: "end" as const } : {}),
    lora: { space, ...hubOf(given, all), ...files.names },
    ...(Object.keys(given.defaults).length === 0 ? {} : { defaults: given.defaults }),
    ...(given.image === undefined ? {} : { preview: given.image }),
    ...(given.examples.length === 0 ? {} : { examples: [...given.examples] }),
  };
  const say: Told[] = [
    ...(id === wanted ? [] : [`/${wanted} is taken, so this one is /${id}`]),
    ...(title === given.title.slice(0, TITLE_MAX_CHARS) ? [] : [`its title is there already, so it is “${title}”`]),
    ...files.remarks,
    ...given.remarks,
  ];
  return { entry, remarks: say.map((remark) => `“${given.title}”: ${remark}`) };
}

/** One alone by its name, several as a list, each with its strength where that is another than the first's. */
const together = (firstName: string, more: GalleryEntry["more"], nameOf: (weights: string) => string) =>
  more.length === 0
    ? firstName
    : [
        firstName,
        ...more.map(({ weights, scale }) => (scale === 1 ? nameOf(weights) : { file: nameOf(weights), scale })),
      ];

/** As the Hub names it: the repository, and the file where entries take different ones from it. */
function hubOf(
  { repo, onHub, weights, more }: GalleryEntry,
  all: readonly GalleryEntry[],
): NonNullable<StyleEntry["lora"]> {
  if (repo === undefined || !onHub) return {};
  if (weights !== undefined && more.length > 0)
    return { huggingface: together(`${repo}/${weights}`, more, (file) => `${repo}/${file}`) };
  const others = all.some((each) => each.repo === repo && each.weights !== weights);
  return { huggingface: others && weights !== undefined ? `${repo}/${weights}` : repo };
}

/**
 * One file, as each program that keeps LoRAs as files names it: the A1111 family without its suffix. A name that
 * repositories share ("pytorch_lora_weights.safetensors") would run one LoRA for all of them.
 */
function filesOf({ weights, repo, more }: GalleryEntry, all: readonly GalleryEntry[]) {
  if (weights === undefined) return { names: {}, remarks: [] };
  const file = basename(weights);
  const shared = all.some(
    (each) =>
      each.weights !== undefined && basename(each.weights) === file && (each.repo !== repo || each.weights !== weights),
  );
  const bare = (name: string) => basename(name).replace(/\.safetensors$/iu, "");
  if (!shared)
    return {
      names: {
        comfyui: together(file, more, basename),
        sdcpp: together(file, more, basename),
        webui: together(bare(file), more, bare),
      },
      remarks: [],
    };
  return {
    names: {},
    remarks: [`other entries have a file ${file.slice(0, 80)} too: name yours in "lora" where you keep LoRAs as files`],
  };
}

const repoNameOf = ({ repo }: GalleryEntry): string => repo?.split("/").at(-1) ?? "";

function freeTitle(given: GalleryEntry, taken: ReadonlySet<string>): string {
  const fitted = (tail: string) => `${given.title.slice(0, TITLE_MAX_CHARS - tail.length).trim()}${tail}`;
  const name = repoNameOf(given).slice(0, 30);
  const tails = ["", ...(name === "" ? [] : [` (${name})`])];
  const free = tails.map(fitted).find((title) => !taken.has(folded(title)));
  if (free !== undefined) return free;
  let next = 2;
  while (taken.has(folded(fitted(` ${next}`)))) next += 1;
  return fitted(` ${next}`);
}

function freeId(wanted: string, readable: readonly string[], taken: ReadonlySet<string>): string {
  const free = [wanted, ...readable].find((id) => !taken.has(id));
  if (free !== undefined) return free;
  let next = 2;
  while (taken.has(`${wanted}_${next}`)) next += 1;
  return `${wanted}_${next}`;
}
