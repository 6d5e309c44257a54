import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { basename, extname } from "node:path";
import { textOfFile } from "../../lib/file-text.ts";
import { checkPlainly } from "../../lib/schema-mistakes.ts";
import { type Description, descriptionSchema } from "./description.ts";
import { KNOWN_MODELS } from "./known-models.ts";

/** A sentence for whoever set SAFETY_MODEL. */
export class BadModel extends Error {
  override readonly name = "BadModel";
}

/** `model.json` of `model.onnx`. */
const besideOf = (path: string): string => `${path.slice(0, path.length - extname(path).length)}.json`;

/**
 * What stands beside the model; `undefined`: nothing does, and it has to be one that is known.
 *
 * @throws BadModel
 */
export function descriptionBeside(path: string): Description | undefined {
  if (!existsSync(path)) throw new BadModel(`SAFETY_MODEL: there is no file ${path}`);
  const beside = besideOf(path);
  if (!existsSync(beside)) return undefined;
  const checked = checkPlainly(descriptionSchema, parsed(beside));
  if (checked.ok) return checked.value;
  const mistakes = checked.mistakes.map((one) => `${one.path.map(String).join(".") || "it"} ${one.sentence}`);
  throw new BadModel(`${basename(beside)} beside SAFETY_MODEL is wrong: ${mistakes.join("; ")}`);
}

function parsed(file: string): unknown {
  try {
    return JSON.parse(textOfFile(readFileSync(file)));
  } catch {
    throw new BadModel(`${basename(file)} beside SAFETY_MODEL is no JSON`);
  }
}

interface ModelFiles {
  readonly bytes: Uint8Array;
  /** Hex. */
  readonly sha256: string;
  readonly description: Description;
}

/** The very bytes whose sum was compared are those that are run. @throws BadModel */
export function readModelFiles(path: string): ModelFiles {
  const beside = descriptionBeside(path);
  const bytes = readFileSync(path);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const description = beside ?? KNOWN_MODELS.find((known) => known.sha256 === sha256);
  if (!description)
    throw new BadModel(
      `${basename(path)} (SHA-256 ${sha256}) is no model that is known here: write what it is into ${basename(besideOf(path))} beside it`,
    );
  if (description.sha256 !== undefined && description.sha256 !== sha256)
    throw new BadModel(
      `${basename(path)} is not the file that its description names: its SHA-256 is ${sha256}, not ${description.sha256}`,
    );
  return { bytes, sha256, description };
}
