import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { Ajv } from "ajv";
import formats from "ajv-formats";
import { cached, packageRoot, validatorsAsCode, versionOf } from "../cached.ts";
import { isObject } from "../json.ts";

const HERE = import.meta.dirname;
const TYPES = path.join(HERE, "types.ts");

/**
 * The path of the validators of the gateway's messages: JSON Schema made from the npm package `discord-api-types` on first
 * use (about 3 s, in a child) and compiled, kept until the types or a package change.
 */
export function gatewayValidators(): Promise<string> {
  const inputs = [
    readFileSync(TYPES, "utf8"),
    readFileSync(import.meta.filename, "utf8"),
    versionOf("discord-api-types", "discord-api-types/v10"),
    versionOf("ts-json-schema-generator"),
    versionOf("ajv"),
  ];
  return cached("discord-gateway.cjs", inputs, async () => compiled(await generated()));
}

async function generated(): Promise<string> {
  const program = path.join(packageRoot("ts-json-schema-generator"), "bin", "ts-json-schema-generator.js");
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      program,
      ...["--path", TYPES, "--tsconfig", path.join(HERE, "tsconfig.json"), "--type", "Events"],
      ...["--no-top-ref", "--no-type-check", "--additional-properties"],
    ],
    { maxBuffer: 64 * 1024 * 1024 },
  );
  return stdout;
}

function compiled(text: string): string {
  const schema = JSON.parse(text) as Record<string, unknown>;
  repair(schema);
  const ajv = new Ajv({ strict: false, allErrors: true, validateSchema: false, code: { source: true } });
  // The package is CommonJS: its function is its default export's default.
  formats.default(ajv);
  ajv.addSchema(schema, "gateway");
  const names = Object.keys(isObject(schema["properties"]) ? schema["properties"] : {});
  for (const name of names) ajv.addSchema({ $ref: `gateway#/properties/${name}` }, name);
  return validatorsAsCode(ajv, names);
}

/**
 * The generator emits two things that are wrong for wire data: enums of bit flags (a sum of flags, or 0, is no member; an
 * enum with one member comes as `const`) and `enum: []`.
 */
function repair(schema: Record<string, unknown>): void {
  const definitions = isObject(schema["definitions"]) ? schema["definitions"] : {};
  for (const [name, definition] of Object.entries(definitions)) {
    if (!/Flags$/.test(name) || !isObject(definition)) continue;
    if (definition["enum"] === undefined && definition["const"] === undefined) continue;
    const amended = definition as Record<string, unknown>;
    delete amended["enum"];
    delete amended["const"];
    amended["type"] = "integer";
  }
  dropEmptyEnums(schema);
}

function dropEmptyEnums(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  const node = value as Record<string, unknown>;
  if (Array.isArray(node["enum"]) && node["enum"].length === 0) delete node["enum"];
  Object.values(node).forEach(dropEmptyEnums);
}
