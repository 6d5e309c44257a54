import { readMultipart, type Upload } from "./multipart.ts";
import { badRequest } from "./refusal.ts";
import type { Json } from "./world.ts";

export interface Params {
  readonly values: Json;
  readonly files: ReadonlyMap<string, Upload>;
}

/** Forms carry text only: these fields mean something else by it. */
const JSON_FIELDS =
  /^(reply_markup|entities|caption_entities|media|reply_parameters|link_preview_options|allowed_updates|commands|scope|options|question_entities|description_entities|results|button|message_ids|reaction)$/;
const NUMBER_FIELDS =
  /^(message_id|message_thread_id|user_id|offset|limit|timeout|cache_time|close_date|open_period|max_connections|direct_messages_topic_id)$/;
const FLAG_FIELDS =
  /^(disable_notification|protect_content|show_alert|is_personal|is_big|drop_pending_updates|has_spoiler|show_caption_above_media|disable_content_type_detection|is_anonymous|allows_multiple_answers|allows_revoting|shuffle_options|hide_results_until_closes|revoke_messages)$/;

function meant(name: string, value: unknown): unknown {
  if (typeof value !== "string") return value;
  if (JSON_FIELDS.test(name))
    try {
      return JSON.parse(value) as unknown;
    } catch {
      return value;
    }
  if (NUMBER_FIELDS.test(name) && /^-?\d+$/.test(value)) return Number(value);
  if (name === "chat_id" && /^-?\d+$/.test(value)) return Number(value);
  if (FLAG_FIELDS.test(name)) return /^(true|1|yes)$/i.test(value);
  return value;
}

const typed = (values: Json): Json =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, meant(name, value)]));

/** What a call carries, from its address and its body. @throws Refusal when the body cannot be read */
export function readParams(query: URLSearchParams, contentType: string, body: Buffer): Params {
  const inAddress = Object.fromEntries(query);
  const none = new Map<string, Upload>();
  const kind = contentType.split(";")[0]?.trim().toLowerCase();
  if (kind === "multipart/form-data") {
    const form = readMultipart(contentType, body);
    if (!form) throw badRequest("can't parse multipart form data");
    return { values: typed({ ...inAddress, ...form.fields }), files: form.files };
  }
  if (kind === "application/json" && body.length > 0) {
    const parsed = parsedObject(body);
    if (!parsed) throw badRequest("can't parse JSON object");
    if (!isWellFormed(parsed)) throw badRequest("strings must be encoded in UTF-8");
    return { values: typed({ ...inAddress, ...parsed }), files: none };
  }
  if (kind === "application/x-www-form-urlencoded") {
    const fields = Object.fromEntries(new URLSearchParams(body.toString("utf8")));
    return { values: typed({ ...inAddress, ...fields }), files: none };
  }
  return { values: typed(inAddress), files: none };
}

/** JSON can spell half a surrogate pair, which is no character: whoever cuts an emoji in two sends one. */
const isWellFormed = (value: unknown): boolean => {
  if (typeof value === "string") return value.isWellFormed();
  return typeof value !== "object" || value === null || Object.values(value).every(isWellFormed);
};

function parsedObject(body: Buffer): Json | undefined {
  try {
    return asObject(JSON.parse(body.toString("utf8")));
  } catch {
    return undefined;
  }
}

export const asObject = (value: unknown): Json | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
export const asArray = (value: unknown): readonly unknown[] | undefined => (Array.isArray(value) ? value : undefined);

/** Telegram reads numbers as text, and text that is absent as empty. */
export const textOf = ({ values }: Params, name: string): string => {
  const value = values[name];
  return value === undefined || value === null ? "" : String(value);
};

export function integerOf(params: Params, name: string): number | undefined {
  const text = textOf(params, name);
  return /^-?\d+$/.test(text) ? Number(text) : undefined;
}

export const clampedOf = (params: Params, name: string, fallback: number, min: number, max: number): number =>
  Math.min(max, Math.max(min, integerOf(params, name) ?? fallback));

export const flagOf = ({ values }: Params, name: string): boolean =>
  values[name] === true || /^(true|1|yes)$/i.test(String(values[name]));

/** For the record and the referee: file parts as files, bytes left out. */
export function withoutBytes({ values, files }: Params): Json {
  const direct = [...files.keys()].filter((name) => values[name] === undefined && !isAttached(values, name));
  return { ...values, ...Object.fromEntries(direct.map((name) => [name, { __file: true }])) };
}

const isAttached = (values: Json, name: string): boolean => JSON.stringify(values).includes(`attach://${name}"`);
