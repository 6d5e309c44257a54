import { z } from "zod";
import { parseForeignJson } from "../../lib/foreign-json.ts";
import { chooseUpscaler, stemOf } from "../shared/upscaler-advice.ts";

/** Of its list, one that a model does. */
export interface Upscaler {
  /** As its API wants it. */
  readonly name: string;
  /** Where its file is, or the address that it is fetched from before its first use. */
  readonly file: string;
}

const listSchema = z.array(z.object({ name: z.string(), model_path: z.string().nullish().catch(undefined) }));

/** What is done by arithmetic has no file: Lanczos, Nearest and their like. */
const WEIGHTS = /\.(?:pth|pt|safetensors)$/iu;
/** It is among them, and only cleans. */
const CLEANS = /scunet/iu;
const FETCHED = /^https?:/iu;

/**
 * The best of the answer of `GET /sdapi/v1/upscalers`; `undefined`: it has none. One that is there already goes before one that is
 * fetched from the web: where that fails, these servers resample and do not say so.
 */
export function upscalerIn(bytes: Uint8Array): Upscaler | undefined {
  const able = listIn(bytes).flatMap(({ name, model_path: file }) =>
    file && WEIGHTS.test(file) && !CLEANS.test(stemOf(file)) ? [{ name, file }] : [],
  );
  const files = able.map(({ file }) => file);
  const file = chooseUpscaler(files.filter((each) => !FETCHED.test(each))) ?? chooseUpscaler(files);
  return able.find((each) => each.file === file);
}

/** A fork's list that reads otherwise names none. */
function listIn(bytes: Uint8Array): z.output<typeof listSchema> {
  try {
    return listSchema.parse(parseForeignJson(new TextDecoder().decode(bytes)));
  } catch {
    return [];
  }
}
