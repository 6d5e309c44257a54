import { z } from "zod";
import { parseForeignJson } from "../../../lib/foreign-json.ts";
import { LoraError } from "./lora-error.ts";

const METADATA_MAX_CHARS = 1_000_000;
const adapterSchema = z.looseObject({
  "transformer.lora_alpha": z.number().finite().optional(),
  "transformer.alpha_pattern": z.record(z.string(), z.number().finite()).optional(),
});
const REFUSED = ["use_dora", "use_rslora", "lora_bias"] as const;
const PATTERNS_MAX = 5000;

/**
 * alpha of a PEFT file that has no alpha tensors: its header's adapter metadata, by module.
 *
 * @throws LoraError for a kind of adapter that computes otherwise
 */
export function metadataAlpha(metadata: Readonly<Record<string, string>>): (module: string) => number | undefined {
  const text = metadata["lora_adapter_metadata"];
  if (text === undefined) return () => undefined;
  const config = configOf(text);
  const refused = REFUSED.find((option) => config[`transformer.${option}`] === true);
  if (refused !== undefined) throw new LoraError(`it is made with ${refused}, which is not supported`);
  const patterns = Object.entries(config["transformer.alpha_pattern"] ?? {});
  if (patterns.length > PATTERNS_MAX) throw new LoraError("its metadata has too many patterns");
  const rules = patterns.map(([pattern, alpha]) => [matcherOf(pattern), alpha] as const);
  return (module) => rules.find(([matches]) => matches(module))?.[1] ?? config["transformer.lora_alpha"];
}

function configOf(text: string): z.output<typeof adapterSchema> {
  try {
    if (text.length > METADATA_MAX_CHARS) throw new Error("too long");
    return adapterSchema.parse(parseForeignJson(text));
  } catch {
    throw new LoraError("its adapter metadata cannot be read");
  }
}

/** PEFT matches `^(.*\.)?(pattern)$`. */
function matcherOf(pattern: string): (module: string) => boolean {
  if (/^[\w.]+$/.test(pattern)) return (module) => module === pattern || module.endsWith(`.${pattern}`);
  // A stranger's expression can take for ever: of those that repeat, only these are followed.
  const harmless = /^(?:\w|\.(?![*+?{])|\\\.|\\d\+?|\||\[\d-\d\])+$/;
  if (pattern.length > 200 || !harmless.test(pattern))
    throw new LoraError(`its metadata has the pattern ${JSON.stringify(pattern.slice(0, 80))}, which is not supported`);
  const expression = new RegExp(`^(.*\\.)?(${pattern})$`);
  return (module) => expression.test(module);
}
