import { existsSync, readFileSync } from "node:fs";
import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { convert } from "./discord/convert.ts";
import { documentedRules } from "./discord/documented.ts";
import { type Complaint, isObject, type JsonObject, overTheWire } from "./json.ts";

/** Discord's own description of its HTTP API lies beside the checkout; it is no part of it. */
export const DISCORD_SPEC = new URL("../../../shared/specs/discord-openapi.json", import.meta.url);
export const DISCORD_SPEC_NEEDED = "needs ../shared/specs/discord-openapi.json";

/** Keys that discord.js 14.28 sends, Discord accepts and the description does not list. */
const SENT_BUT_UNLISTED: Readonly<Record<string, readonly string[]>> = {
  ComponentEmojiForRequest: ["animated"],
  ApplicationCommandUpdateRequest: ["default_permission", "nsfw"],
  IncomingWebhookUpdateRequestPartial: ["tts", "enforce_nonce"],
  IncomingWebhookRequestPartial: ["enforce_nonce"],
  IncomingWebhookInteractionRequest: ["enforce_nonce"],
  IncomingWebhookUpdateForInteractionCallbackRequestPartial: ["tts", "enforce_nonce"],
  MessageEditRequestPartial: ["tts", "enforce_nonce"],
};
const METHODS = ["get", "post", "put", "patch", "delete"];
const FORMATS = ["nonce", "int32", "int53", "int64", "double", "float", "uint32"];
const SUMMARIES = new Set(["oneOf", "anyOf", "if"]);

interface Route {
  readonly method: string;
  readonly operationId: string;
  readonly placeholders: number;
  readonly pattern: RegExp;
  readonly requests: JsonObject;
  readonly responses: JsonObject;
}

/** Judges what goes to and comes from Discord's HTTP API. `undefined` is: nothing to complain about. */
export interface DiscordReferee {
  /** `undefined` where the description has no such endpoint. */
  operationOf(method: string, path: string): string | undefined;
  /** Of a multipart request hand in the parsed `payload_json`: it has the same schema. */
  request(method: string, path: string, body: unknown, type?: string): readonly Complaint[] | undefined;
  response(method: string, path: string, status: number, body: unknown): readonly Complaint[] | undefined;
}

const part = (value: unknown, ...keys: readonly string[]): JsonObject =>
  keys.reduce<JsonObject>(
    (at, key) => {
      const next = at[key];
      return isObject(next) ? next : {};
    },
    isObject(value) ? value : {},
  );

function routesOf(spec: JsonObject): readonly Route[] {
  const routes = Object.entries(part(spec, "paths")).flatMap(([path, item]) =>
    METHODS.filter((method) => isObject(item) && item[method] !== undefined).map((method): Route => {
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
  // Literal routes (…/@original) come before those with a placeholder there.
  return routes.toSorted((a, b) => a.placeholders - b.placeholders);
}

/**
 * The referee over one description. Strict for requests: a misspelt key is a complaint. A fake that checks its own answers
 * takes `strict: false`: Discord answers more than it describes.
 */
export function discordReferee(options: { readonly strict: boolean; readonly spec?: URL }): DiscordReferee {
  const spec = JSON.parse(readFileSync(options.spec ?? DISCORD_SPEC, "utf8")) as JsonObject;
  const schemas = part(spec, "components", "schemas");
  for (const [name, keys] of Object.entries(SENT_BUT_UNLISTED)) {
    // The copy just read is ours to amend.
    const properties = part(schemas, name, "properties") as Record<string, unknown>;
    for (const key of keys) properties[key] ??= {};
  }
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true });
  // The package is CommonJS: its function is its default export's default.
  formats.default(ajv);
  for (const format of FORMATS) if (!ajv.formats[format]) ajv.addFormat(format, true);
  ajv.addFormat("snowflake", /^(0|[1-9]\d{0,19})$/);
  ajv.addSchema({ $id: "d", components: { schemas: convert(schemas, schemas, options.strict) } });

  const routes = routesOf(spec);
  const find = (method: string, path: string) =>
    routes.find((route) => route.method === method && route.pattern.test(path));
  const compiled = new Map<string, ValidateFunction>();
  const compile = (key: string, schema: unknown): ValidateFunction => {
    const known = compiled.get(key);
    if (known) return known;
    const text = JSON.stringify(convert(schemas, schema, options.strict));
    const fresh = ajv.compile(JSON.parse(text.replaceAll('"#/components/', '"d#/components/')));
    compiled.set(key, fresh);
    return fresh;
  };

  return {
    operationOf: (method, path) => find(method, path)?.operationId,
    request(method, path, body, type = "application/json") {
      const route = find(method, path);
      if (!route) return [{ instancePath: "", message: `no such endpoint in the description: ${method} ${path}` }];
      const content = route.requests[type];
      if (!isObject(content))
        return body === undefined
          ? undefined
          : [{ instancePath: "", message: `${route.operationId} takes no ${type}` }];
      return (
        complaintsOf(compile(route.operationId + type, content["schema"]), body) ??
        documentedRules(route.operationId, body)
      );
    },
    response(method, path, status, body) {
      const route = find(method, path);
      const content = part(route?.responses[String(status)], "content")["application/json"];
      if (!route || !isObject(content))
        return [{ instancePath: "", message: `no such response in the description: ${method} ${path} ${status}` }];
      return complaintsOf(compile(route.operationId + status, content["schema"]), body);
    },
  };
}

function complaintsOf(validate: ValidateFunction, body: unknown): readonly Complaint[] | undefined {
  if (validate(overTheWire(body))) return undefined;
  return (validate.errors ?? [])
    .filter((error) => !SUMMARIES.has(error.keyword))
    .toSorted((a, b) => b.instancePath.length - a.instancePath.length)
    .map(asComplaint);
}

function asComplaint({ instancePath, message = "is wrong", params }: ErrorObject): Complaint {
  const key: unknown = params["unevaluatedProperty"];
  return { instancePath, message: key === undefined ? message : `${message} ${String(key)}` };
}

export interface DiscordReferees {
  readonly requests: DiscordReferee;
  readonly responses: DiscordReferee;
}

let shared: DiscordReferees | undefined;
/** Both referees, made once per process. `undefined` where the description is absent. */
export function discordReferees(): DiscordReferees | undefined {
  if (!existsSync(DISCORD_SPEC)) return undefined;
  shared ??= warmed({ requests: discordReferee({ strict: true }), responses: discordReferee({ strict: false }) });
  return shared;
}

/** Compiling takes a second, at the first question: not while somebody waits for an acknowledgement. */
function warmed(referees: DiscordReferees): DiscordReferees {
  const callback = "/interactions/1/t/callback";
  referees.requests.request("POST", callback, { type: 6 });
  referees.responses.response("POST", callback, 200, {});
  return referees;
}
