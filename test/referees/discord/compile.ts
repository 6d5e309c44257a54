import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { type Validators, validatorsAsCode } from "../cached.ts";
import { convert } from "./convert.ts";
import { type Description, schemasOf } from "./description.ts";

/** Formats of Discord's that say nothing ajv could check. */
const UNCHECKED = ["nonce", "int32", "int53", "int64", "double", "float", "uint32"];

function ajvOver(description: Description, strict: boolean, source: boolean): Ajv2020 {
  const options = { strict: false, allErrors: true, validateFormats: true, validateSchema: false };
  const ajv = new Ajv2020({ ...options, ...(source ? { code: { source } } : {}) });
  // The package is CommonJS: its function is its default export's default.
  formats.default(ajv);
  for (const format of UNCHECKED) if (!ajv.formats[format]) ajv.addFormat(format, true);
  ajv.addFormat("snowflake", /^(0|[1-9]\d{0,19})$/);
  const schemas = schemasOf(description);
  ajv.addSchema({ $id: "d", components: { schemas: convert(schemas, schemas, strict) } });
  return ajv;
}

const converted = (description: Description, schema: unknown, strict: boolean): object =>
  JSON.parse(
    JSON.stringify(convert(schemasOf(description), schema, strict)).replaceAll('"#/components/', '"d#/components/'),
  ) as object;

/** Validators for these schemas as program text. */
export function compiledAsCode(
  description: Description,
  schemas: ReadonlyMap<string, unknown>,
  strict: boolean,
): string {
  const ajv = ajvOver(description, strict, true);
  for (const [key, schema] of schemas) ajv.addSchema(converted(description, schema, strict), key);
  return validatorsAsCode(ajv, [...schemas.keys()]);
}

/** Compiles a schema when it is asked for: the first takes a second. */
export function lazily(description: Description, strict: boolean, known: Validators) {
  const compiled = new Map(Object.entries(known));
  let ajv: Ajv2020 | undefined;
  return (key: string, schema: unknown) => {
    const ready = compiled.get(key);
    if (ready) return ready;
    ajv ??= ajvOver(description, strict, false);
    const fresh = ajv.compile(converted(description, schema, strict));
    compiled.set(key, fresh);
    return fresh;
  };
}
