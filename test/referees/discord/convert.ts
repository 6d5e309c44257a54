import { isObject, type JsonObject } from "../json.ts";

/** "The API accepts strings for int fields." */
const DIGITS = { type: "string", pattern: "^-?\\d+$" };
const AS_THEY_ARE = new Set(["enum", "const", "default", "required"]);

/** Values that the `type` property of a referred schema may have, when they are listed. */
function typesOf(schemas: JsonObject, reference: unknown): readonly unknown[] | undefined {
  const schema = schemas[String(reference).split("/").pop() ?? ""];
  const type = isObject(schema) && isObject(schema["properties"]) ? schema["properties"]["type"] : undefined;
  if (!isObject(type)) return undefined;
  if (Array.isArray(type["enum"])) return type["enum"];
  const choices = type["oneOf"];
  if (!Array.isArray(choices) || !choices.every((each) => isObject(each) && each["const"] !== undefined))
    return undefined;
  return choices.map((each: JsonObject) => each["const"]);
}

/**
 * OpenAPI 3.1 as JSON Schema for ajv. Unions whose members each have their own `type` select by it: otherwise one mistake
 * becomes 200 errors. Strict: a key that is not described is an error.
 */
export function convert(schemas: JsonObject, root: unknown, strict: boolean): unknown {
  function union(schema: JsonObject, key: "oneOf" | "anyOf", insideAllOf: boolean): JsonObject | undefined {
    const members = schema[key];
    if (!Array.isArray(members) || members.length < 2) return undefined;
    const references = members.filter((each) => isObject(each) && each["$ref"] !== undefined) as JsonObject[];
    const rest = members.filter((each) => !(isObject(each) && each["$ref"] !== undefined));
    const types = references.map((each) => typesOf(schemas, each["$ref"]));
    const all = types.flatMap((each) => each ?? []);
    const selectable =
      references.length > 1 &&
      types.every((each) => each !== undefined) &&
      new Set(all).size === all.length &&
      rest.every((each) => isObject(each) && each["type"] === "null");
    if (!selectable) return undefined;
    const { [key]: _members, ...others } = schema;
    return {
      ...(walk(others, insideAllOf) as JsonObject),
      if: { type: "object" },
      // biome-ignore lint/suspicious/noThenProperty: JSON Schema's word
      then: {
        required: ["type"],
        properties: { type: { enum: all } },
        allOf: references.map((reference, index) => ({
          if: { properties: { type: { enum: types[index] } }, required: ["type"] },
          // biome-ignore lint/suspicious/noThenProperty: JSON Schema's word
          then: reference,
        })),
      },
      else: rest.length > 0 ? { type: "null" } : { type: "object" },
    };
  }

  function walk(schema: unknown, insideAllOf = false): unknown {
    if (Array.isArray(schema)) return schema.map((each) => walk(each));
    if (!isObject(schema)) return schema;
    const selected = union(schema, "oneOf", insideAllOf) ?? union(schema, "anyOf", insideAllOf);
    if (selected) return selected;
    const out: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(schema)) {
      if (key === "discriminator" || key === "example" || key.startsWith("x-")) continue;
      if (key === "properties" && isObject(value))
        out[key] = Object.fromEntries(Object.entries(value).map(([name, each]) => [name, walk(each)]));
      else if (key === "allOf" && Array.isArray(value)) out[key] = value.map((each) => walk(each, true));
      else out[key] = AS_THEY_ARE.has(key) ? value : walk(value);
    }
    const { type } = out;
    const isInteger = type === "integer" || (Array.isArray(type) && type.includes("integer"));
    if (isInteger && !out["enum"] && !out["oneOf"] && !out["allOf"]) return { anyOf: [out, DIGITS] };
    const open = out["properties"] !== undefined && out["additionalProperties"] === undefined && !out["allOf"];
    if (strict && !insideAllOf && open) out["unevaluatedProperties"] = false;
    return out;
  }
  return walk(root);
}
