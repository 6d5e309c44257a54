import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { ErrorObject, ValidateFunction } from "ajv";
import { cached, loadValidators, type Validators, versionOf } from "./cached.ts";
import { compiledAsCode, lazily } from "./discord/compile.ts";
import { type Operation, operationsOf, part, readDescription } from "./discord/description.ts";
import { documentedRules } from "./discord/documented.ts";
import { type Complaint, isObject, overTheWire } from "./json.ts";

/** Discord's own description of its HTTP API lies beside the checkout; it is no part of it. */
const DISCORD_SPEC = new URL("../../../shared/specs/discord-openapi.json", import.meta.url);
export const DISCORD_SPEC_NEEDED = "needs ../shared/specs/discord-openapi.json";

const SUMMARIES = new Set(["oneOf", "anyOf", "if"]);
/** What a bot uses: compiled ahead and kept. The rest is compiled when it is asked for. */
const USED = /message|webhook|command|interaction|channel|thread|create_dm|get_guild|gateway|get_my_/;

/** Judges what goes to and comes from Discord's HTTP API. `undefined` is: nothing to complain about. */
interface DiscordReferee {
  /** `undefined` where the description has no such endpoint. */
  operationOf(method: string, path: string): string | undefined;
  /** Of a multipart request hand in the parsed `payload_json`: it has the same schema. */
  request(method: string, path: string, body: unknown, type?: string): readonly Complaint[] | undefined;
  response(method: string, path: string, status: number, body: unknown): readonly Complaint[] | undefined;
}

const keyOf = (operation: Operation, of: string | number): string =>
  `${operation.operationId}_${of}`.replace(/\W/g, "_");
const requestSchema = (operation: Operation, type: string): unknown => part(operation.requests, type)["schema"];
const responseSchema = (operation: Operation, status: string): unknown =>
  part(operation.responses, status, "content", "application/json")["schema"];

interface RefereeOptions {
  /** True for requests: a misspelt key is a complaint. False for answers: Discord answers more than it describes. */
  readonly strict: boolean;
  readonly spec?: URL;
  readonly compiled?: Validators;
}

function discordReferee(options: RefereeOptions): DiscordReferee {
  const description = readDescription(options.spec ?? DISCORD_SPEC);
  const operations = operationsOf(description);
  const find = (method: string, path: string) =>
    operations.find((operation) => operation.method === method && operation.pattern.test(path));
  const validator = lazily(description, options.strict, options.compiled ?? {});
  return {
    operationOf: (method, path) => find(method, path)?.operationId,
    request(method, path, body, type = "application/json") {
      const operation = find(method, path);
      if (!operation) return [{ instancePath: "", message: `no such endpoint in the description: ${method} ${path}` }];
      const schema = requestSchema(operation, type);
      if (!isObject(schema))
        return body === undefined
          ? undefined
          : [{ instancePath: "", message: `${operation.operationId} takes no ${type}` }];
      return (
        complaintsOf(validator(keyOf(operation, type), schema), body) ?? documentedRules(operation.operationId, body)
      );
    },
    response(method, path, status, body) {
      const operation = find(method, path);
      const schema = operation && responseSchema(operation, String(status));
      if (!operation || !isObject(schema))
        return [{ instancePath: "", message: `no such response in the description: ${method} ${path} ${status}` }];
      return complaintsOf(validator(keyOf(operation, status), schema), body);
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

let shared: Promise<DiscordReferees> | undefined;
/** Both referees, made once per process. `undefined` where the description is absent. */
export async function discordReferees(): Promise<DiscordReferees | undefined> {
  if (!existsSync(DISCORD_SPEC)) return undefined;
  shared ??= Promise.all([validatorsOf(true), validatorsOf(false)]).then(([requests, responses]) => ({
    requests: discordReferee({ strict: true, compiled: requests }),
    responses: discordReferee({ strict: false, compiled: responses }),
  }));
  return shared;
}

async function validatorsOf(strict: boolean): Promise<Validators> {
  const own = ["discord.ts", "discord/compile.ts", "discord/convert.ts", "discord/description.ts"];
  const inputs = [DISCORD_SPEC, ...own.map((name) => new URL(name, import.meta.url))].map((file) =>
    readFileSync(fileURLToPath(file), "utf8"),
  );
  const name = `discord-${strict ? "requests" : "responses"}.cjs`;
  const file = await cached(name, [...inputs, versionOf("ajv"), String(strict)], async () => {
    const description = readDescription(DISCORD_SPEC);
    return compiledAsCode(description, usedSchemas(operationsOf(description), strict), strict);
  });
  return loadValidators(file);
}

function usedSchemas(operations: readonly Operation[], strict: boolean): ReadonlyMap<string, unknown> {
  const entries = operations
    .filter(({ operationId }) => USED.test(operationId))
    .flatMap((operation) =>
      strict
        ? ["application/json", "multipart/form-data"].map(
            (type) => [keyOf(operation, type), requestSchema(operation, type)] as const,
          )
        : ["200", "201"].map((status) => [keyOf(operation, status), responseSchema(operation, status)] as const),
    );
  return new Map(entries.filter(([, schema]) => isObject(schema)));
}
