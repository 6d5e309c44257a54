import { type Entity, found, type Rich, refuseWrongEntities, trimmed } from "./entities.ts";
import type { Upload } from "./multipart.ts";
import { asArray, asObject, flagOf, type Params, textOf } from "./params.ts";
import { parsed } from "./parse-mode.ts";
import { badRequest } from "./refusal.ts";
import type { Telegram } from "./telegram.ts";
import type { Content, Json } from "./world.ts";

const SOURCE_MAX_BYTES = 32_768;
const TEXT_MAX_CHARS = 4096;
const CAPTION_MAX_CHARS = 1024;
/** A new message and an edit are refused in other words. */
export type Purpose = "send" | "edit";

function entitiesIn(given: unknown): readonly Entity[] {
  return (asArray(given) ?? []).map((each) => {
    const { type, offset, length, ...more } = asObject(each) ?? {};
    if (typeof type !== "string" || typeof offset !== "number" || typeof length !== "number")
      throw badRequest("can't parse MessageEntity: Object expected");
    return { type, offset, length, ...more };
  });
}

function richOf(source: string, mode: unknown, entities: unknown): Rich {
  if (Buffer.byteLength(source) > SOURCE_MAX_BYTES) throw badRequest("text is too long");
  const parseMode = typeof mode === "string" ? mode : "";
  const given =
    source !== "" && parseMode !== "" ? parsed(source, parseMode) : { text: source, entities: entitiesIn(entities) };
  refuseWrongEntities(given);
  const { text, entities: spans } = trimmed(given);
  return { text, entities: found(text, spans) };
}

/** The text of a call, after its entities were parsed. @throws Refusal */
export function textContent(params: Params, purpose: Purpose): Content {
  const source = textOf(params, "text");
  if (source === "") throw badRequest("message text is empty");
  const rich = richOf(source, params.values["parse_mode"], params.values["entities"]);
  if (rich.text === "") throw badRequest("text must be non-empty");
  if (rich.text.length > TEXT_MAX_CHARS)
    throw badRequest(purpose === "send" ? "message is too long" : "MESSAGE_TOO_LONG");
  return { kind: "text", ...rich };
}

/** @throws Refusal */
export function captionOf(values: Json, purpose: Purpose): Rich {
  const { caption, parse_mode: mode, caption_entities: entities } = values;
  const rich = richOf(typeof caption === "string" ? caption : "", mode, entities);
  if (rich.text.length > CAPTION_MAX_CHARS)
    throw badRequest(purpose === "send" ? "message caption is too long" : "MEDIA_CAPTION_TOO_LONG");
  return rich;
}

/** A file named by a value of a call: uploaded beside it, or known from before. */
function sourceOf(value: unknown, params: Params, field: string): Upload | string | undefined {
  if (typeof value === "string" && value.startsWith("attach://"))
    return params.files.get(value.slice("attach://".length));
  if (typeof value === "string" && value !== "") return value;
  return params.files.get(field);
}

const mimeOf = ({ mimeType, fileName }: Upload): string | undefined => {
  const bySuffix: Readonly<Record<string, string>> = {
    png: "image/png",
    jpg: "image/jpeg",
    jpeg: "image/jpeg",
    webp: "image/webp",
    gif: "image/gif",
    txt: "text/plain",
    json: "application/json",
    zip: "application/zip",
    pdf: "application/pdf",
  };
  // Telegram looks at the name first, as clients label uploads as they like.
  return bySuffix[fileName?.split(".").at(-1)?.toLowerCase() ?? ""] ?? mimeType;
};

async function photoContent(
  telegram: Telegram,
  source: Upload | string,
  { text, entities }: Rich,
  spoiler: boolean,
): Promise<Content> {
  const photo =
    typeof source === "string" ? telegram.files.again(source, "photo") : await telegram.files.savePhoto(source.bytes);
  return { kind: "photo", text, entities, photo, spoiler };
}

function documentContent(telegram: Telegram, source: Upload | string, { text, entities }: Rich): Content {
  const document =
    typeof source === "string"
      ? telegram.files.again(source, "document")
      : telegram.files.saveDocument(source.bytes, source.fileName, mimeOf(source));
  return { kind: "document", text, entities, document };
}

/** What `sendPhoto` and `sendDocument` carry. @throws Refusal */
export async function fileContent(telegram: Telegram, params: Params, kind: "photo" | "document"): Promise<Content> {
  const source = sourceOf(params.values[kind], params, kind);
  if (source === undefined) throw badRequest(`there is no ${kind} in the request`);
  const caption = captionOf(params.values, "send");
  return kind === "photo"
    ? photoContent(telegram, source, caption, flagOf(params, "has_spoiler"))
    : documentContent(telegram, source, caption);
}

/** One InputMedia of an album or an edit. @throws Refusal */
export async function mediaContent(
  telegram: Telegram,
  params: Params,
  given: unknown,
  purpose: Purpose,
): Promise<Content> {
  const wrong = (what: string) => badRequest(`can't parse InputMedia: ${what}`);
  const media = asObject(given);
  if (!media) throw wrong("expected an Object");
  const { type } = media;
  if (typeof type !== "string") throw wrong('Can\'t find field "type"');
  if (type !== "photo" && type !== "document") throw wrong(`type "${type}" is unsupported`);
  const source = sourceOf(media["media"], params, "media");
  if (source === undefined) throw wrong("media not found");
  const caption = captionOf(media, purpose);
  return type === "photo"
    ? photoContent(telegram, source, caption, media["has_spoiler"] === true)
    : documentContent(telegram, source, caption);
}
