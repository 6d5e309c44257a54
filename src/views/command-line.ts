import type { ImageRequest } from "../domain/recipe.ts";
import { presetOf } from "../domain/size.ts";
import type { Style } from "../domain/style.ts";
import { spoken } from "../messages/spoken.ts";
import { parseTyped } from "../ports/args/typed-text.ts";
import type { OptionSpec } from "../ports/option.ts";

/**
 * A picture's recipe as the line that makes it again: `/rca a red fox cfg:3 seed:7`. What is the style's own is left out,
 * except cfg and seed: people change those. `undefined` when no line says it, as when the prompt itself holds options
 * and quotes, or where nobody typed it.
 *
 * @param options of the style's command
 */
export function recipeLine(
  request: ImageRequest,
  style: Pick<Style, "id" | "defaults">,
  options: readonly OptionSpec[],
): string | undefined {
  const { prompt, guidance, steps, seed, loraScale, trueCfg, widthPx, heightPx, negativePrompt, model } = request;
  if (request.template) return undefined;
  const { defaults } = style;
  const sameSize = widthPx === defaults.width && heightPx === defaults.height;
  const values: Readonly<Record<string, string | undefined>> = {
    cfg: String(guidance),
    steps: steps === defaults.steps ? undefined : String(steps),
    scale: loraScale === defaults.scale ? undefined : String(loraScale),
    size: sameSize ? undefined : (presetOf({ widthPx, heightPx })?.name ?? `${widthPx}x${heightPx}`),
    truecfg: trueCfg === 1 ? undefined : String(trueCfg),
    model: model === undefined ? undefined : `"${model}"`,
    negative: negativePrompt === undefined ? undefined : `"${negativePrompt}"`,
    seed: String(seed),
  };
  const said = Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [`${name}:${value}`]));
  const reads = (text: string) => {
    const { values: read, problems } = parseTyped({ options }, text, { spoken });
    const bare = (name: string) => (name === "negative" ? negativePrompt : name === "model" ? model : values[name]);
    return (
      problems.length === 0 &&
      read.get("prompt") === prompt &&
      Object.keys(values).every((name) => read.get(name) === bare(name))
    );
  };
  // Read back as it will be read: a prompt can say anything.
  const text = [prompt, `prompt:"${prompt}"`].map((words) => [words, ...said].join(" ")).find(reads);
  return text === undefined ? undefined : `/${style.id} ${text}`;
}
