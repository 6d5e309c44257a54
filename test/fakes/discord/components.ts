import { isObject, type JsonObject, objectsOf } from "../../referees/json.ts";
import { invalid } from "./refusal.ts";
import { fileJson } from "./shapes.ts";
import type { StoredFile, World } from "./world.ts";

type Resolve = (url: string, path: string) => JsonObject;

/** Every component, parents first. */
export function flatten(components: readonly JsonObject[]): readonly JsonObject[] {
  return components.flatMap((component) => [
    component,
    ...flatten(objectsOf(component["components"])),
    ...(isObject(component["accessory"]) ? flatten([component["accessory"]]) : []),
    ...(isObject(component["component"]) ? flatten([component["component"]]) : []),
  ]);
}

/** What Discord fills in by itself, by type of component. */
const FILLED: Readonly<Record<number, JsonObject>> = {
  3: { min_values: 1, max_values: 1 },
  11: { description: null, spoiler: false },
  13: { name: null, size: null, spoiler: false },
  14: { divider: true, spacing: 1 },
  17: { accent_color: null, spoiler: false },
};

/** As Discord gives components back: each with an `id`, defaults filled in, `attachment://` resolved. */
export function storedComponents(
  world: World,
  components: readonly JsonObject[],
  files: readonly StoredFile[],
): readonly JsonObject[] {
  const taken = new Set(flatten(components).map(({ id }) => id));
  let last = 0;
  const freshId = (): number => {
    do last += 1;
    while (taken.has(last));
    return last;
  };
  const resolve: Resolve = (url, path) => mediaOf(world, url, path, files);

  const stored = (component: JsonObject, path: string): JsonObject => {
    const id = typeof component["id"] === "number" && component["id"] !== 0 ? component["id"] : freshId();
    const type = Number(component["type"]);
    const { components: children, accessory, media, file, items, ...rest } = component;
    return {
      ...FILLED[type],
      ...rest,
      id,
      ...(isObject(media) ? { media: resolve(String(media["url"]), `${path}/media`) } : {}),
      ...(isObject(file) ? storedFileOf(resolve(String(file["url"]), `${path}/file`), files) : {}),
      ...(Array.isArray(items) ? { items: objectsOf(items).map((item, i) => itemOf(item, `${path}/items/${i}`)) } : {}),
      ...(Array.isArray(children)
        ? { components: objectsOf(children).map((child, i) => stored(child, `${path}/components/${i}`)) }
        : {}),
      ...(isObject(accessory) ? { accessory: stored(accessory, `${path}/accessory`) } : {}),
    };
  };
  const itemOf = (item: JsonObject, path: string): JsonObject => ({
    description: null,
    spoiler: false,
    ...item,
    media: resolve(String((item["media"] as JsonObject | undefined)?.["url"]), `${path}/media`),
  });
  return components.map((component, index) => stored(component, `/components/${index}`));
}

function storedFileOf(media: JsonObject, files: readonly StoredFile[]): JsonObject {
  const file = files.find(({ id }) => id === media["attachment_id"]);
  return { file: media, ...(file ? { name: file.filename, size: file.bytes.length } : {}) };
}

/** `attachment://name` names a file of this message; anything else is an address. @throws Refusal 50035 for a missing file */
function mediaOf(world: World, url: string, path: string, files: readonly StoredFile[]): JsonObject {
  const name = /^attachment:\/\/(.*)$/s.exec(url)?.[1];
  if (name === undefined) return { id: world.nextId(), url, proxy_url: url, width: 0, height: 0 };
  const file = files.find(({ filename }) => filename === name);
  if (!file) throw invalid(`${path}/url`, `The unfurled media item referenced attachment ${name} was not found`);
  const shown = fileJson(world, file);
  return {
    id: world.nextId(),
    attachment_id: file.id,
    url: shown["url"],
    proxy_url: shown["proxy_url"],
    width: file.widthPx ?? null,
    height: file.heightPx ?? null,
    content_type: file.contentType,
  };
}

/** Files that a message with Components V2 shows: only those that a component names. */
export const shownFileIds = (components: readonly JsonObject[]): ReadonlySet<string> =>
  new Set(
    flatten(components).flatMap((component) =>
      [component["media"], component["file"], ...objectsOf(component["items"]).map((item) => item["media"])].flatMap(
        (media) => (isObject(media) && typeof media["attachment_id"] === "string" ? [media["attachment_id"]] : []),
      ),
    ),
  );

/** As Discord gives embeds back: rich, with their pictures resolved. A missing file makes the picture vanish. */
export function storedEmbeds(
  world: World,
  embeds: readonly JsonObject[],
  files: readonly StoredFile[],
): readonly JsonObject[] {
  return embeds.map((embed, index) => {
    const { image, thumbnail, ...rest } = embed;
    const picture = (key: string, given: unknown): JsonObject => {
      if (!isObject(given) || typeof given["url"] !== "string") return {};
      const name = /^attachment:\/\/(.*)$/s.exec(given["url"])?.[1];
      if (name === undefined) return { [key]: { url: given["url"], proxy_url: given["url"], width: 0, height: 0 } };
      const file = files.find(({ filename }) => filename === name);
      if (!file) {
        world.complaints.push(
          `embed ${index} shows ${given["url"]}, and no such file was sent: members see no picture`,
        );
        return {};
      }
      const { url, proxy_url } = fileJson(world, file);
      const pixels = file.widthPx === undefined ? {} : { width: file.widthPx, height: file.heightPx };
      return { [key]: { url, proxy_url, content_type: file.contentType, ...pixels } };
    };
    return { type: "rich", ...rest, ...picture("image", image), ...picture("thumbnail", thumbnail) };
  });
}
