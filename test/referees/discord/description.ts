import { readFileSync } from "node:fs";
import { isObject, type JsonObject } from "../json.ts";

/** Discord's OpenAPI file, parsed. */
export type Description = JsonObject;

/** Keys that discord.js 14.28 sends, Discord accepts and the description does not list. */
const SENT_BUT_UNLISTED: Readonly<Record<string, readonly string[]>> = {
  ComponentEmojiForRequest: ["animated"],
  ApplicationCommandUpdateRequest: ["default_permission", "nsfw"],
  IncomingWebhookUpdateRequestPartial: ["tts", "enforce_nonce"],
  IncomingWebhookRequestPartial: ["enforce_nonce"],
  IncomingWebhookInteractionRequest: ["enforce_nonce"],
  IncomingWebhookUpdateForInteractionCallbackRequestPartial: ["tts", "enforce_nonce"],
  MessageEditRequestPartial: ["tts", "enforce_nonce"],
  CreateTextThreadWithMessageRequest: ["type"],
};
const METHODS = ["get", "post", "put", "patch", "delete"];

export interface Operation {
  readonly method: string;
  readonly operationId: string;
  readonly placeholders: number;
  readonly pattern: RegExp;
  /** By content type. */
  readonly requests: JsonObject;
  /** By status. */
  readonly responses: JsonObject;
}

export const part = (value: unknown, ...keys: readonly string[]): JsonObject =>
  keys.reduce<JsonObject>(
    (at, key) => {
      const next = at[key];
      return isObject(next) ? next : {};
    },
    isObject(value) ? value : {},
  );

export const schemasOf = (description: Description): JsonObject => part(description, "components", "schemas");

export function readDescription(file: URL): Description {
  const description = JSON.parse(readFileSync(file, "utf8")) as Description;
  for (const [name, keys] of Object.entries(SENT_BUT_UNLISTED)) {
    // The copy just read is ours to amend.
    const properties = part(schemasOf(description), name, "properties") as Record<string, unknown>;
    for (const key of keys) properties[key] ??= {};
  }
  return description;
}

/** Literal routes (…/@original) come before those with a placeholder there. */
export function operationsOf(description: Description): readonly Operation[] {
  const all = Object.entries(part(description, "paths")).flatMap(([path, item]) =>
    METHODS.filter((method) => isObject(item) && item[method] !== undefined).map((method): Operation => {
      const operation = part(item, method);
      return {
        method: method.toUpperCase(),
        operationId: String(operation["operationId"]),
        placeholders: (path.match(/\{\w+\}/g) ?? []).length,
        pattern: new RegExp(`^${path.replace(/\{\w+\}/g, "[^/]+")}$`),
        requests: part(operation, "requestBody", "content"),
        responses: part(operation, "responses"),
      };
    }),
  );
  return all.toSorted((a, b) => a.placeholders - b.placeholders);
}
