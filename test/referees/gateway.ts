import { readFileSync } from "node:fs";
import { Ajv, type ValidateFunction } from "ajv";
import formats from "ajv-formats";
import { gatewaySchema } from "./gateway/generate.ts";
import { isObject, type JsonObject, overTheWire } from "./json.ts";

/** Judges what goes over Discord's websocket gateway, by the types of `discord-api-types`. */
export interface GatewayReferee {
  /** Names of the messages it knows: one per property of `gateway/types.ts`. */
  readonly names: readonly string[];
  /** `undefined` is: nothing to complain about. Unions can name a neighbour of the culprit: trust the verdict. */
  message(name: string, payload: unknown): readonly string[] | undefined;
}

/**
 * The generator emits two things that are wrong for wire data: enums of bit flags (a sum of flags, or 0, is no member; an
 * enum with one member comes as `const`) and `enum: []`.
 */
function repair(schema: Record<string, unknown>): JsonObject {
  const definitions = isObject(schema["definitions"]) ? schema["definitions"] : {};
  for (const [name, definition] of Object.entries(definitions)) {
    if (!/Flags$/.test(name) || !isObject(definition)) continue;
    if (definition["enum"] === undefined && definition["const"] === undefined) continue;
    const amended = definition as Record<string, unknown>;
    delete amended["enum"];
    delete amended["const"];
    amended["type"] = "integer";
  }
  const dropEmptyEnums = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    const node = value as Record<string, unknown>;
    if (Array.isArray(node["enum"]) && node["enum"].length === 0) delete node["enum"];
    Object.values(value).forEach(dropEmptyEnums);
  };
  dropEmptyEnums(schema);
  return schema;
}

export function gatewayRefereeOver(schemaFile: string): GatewayReferee {
  const schema = repair(JSON.parse(readFileSync(schemaFile, "utf8")) as Record<string, unknown>);
  const names = Object.keys(isObject(schema["properties"]) ? schema["properties"] : {});
  const ajv = new Ajv({ strict: false, allErrors: true });
  // The package is CommonJS: its function is its default export's default.
  formats.default(ajv);
  ajv.addSchema(schema, "gateway");
  const compiled = new Map<string, ValidateFunction>();
  return {
    names,
    message(name, payload) {
      if (!names.includes(name)) return [`no schema for ${name}: add it to test/referees/gateway/types.ts`];
      const validate = compiled.get(name) ?? ajv.compile({ $ref: `gateway#/properties/${name}` });
      compiled.set(name, validate);
      if (validate(overTheWire(payload))) return undefined;
      return (validate.errors ?? [])
        .filter((error) => !/anyOf|oneOf/.test(error.keyword))
        .toSorted((a, b) => b.instancePath.length - a.instancePath.length)
        .slice(0, 5)
        .map(({ instancePath, message, params }) =>
          `${instancePath} ${message ?? "is wrong"} ${JSON.stringify(params)}`.slice(0, 200),
        );
    },
  };
}

let shared: Promise<GatewayReferee> | undefined;
/** The referee, made once per process. It needs nothing but the installed packages. */
export const gatewayReferee = (): Promise<GatewayReferee> => {
  shared ??= gatewaySchema().then((file) => {
    const referee = gatewayRefereeOver(file);
    // Compiling takes a second, at the first question: not while somebody waits for an acknowledgement.
    referee.message("InteractionCreate", {});
    return referee;
  });
  return shared;
};
