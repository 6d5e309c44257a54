import type { Loaded } from "../lib/load-folders.ts";
import type { Backend } from "../ports/backend.ts";
import type { SetupOffer } from "../ports/module.ts";

/** For whoever has just started it: a line while nothing is connected that `npm run setup` offers. */
export function firstSteps(
  env: Readonly<Record<string, string>>,
  backends: readonly Backend[],
  modules: readonly Loaded<{ readonly setup?: SetupOffer }>[],
): readonly string[] {
  const offers = modules.flatMap(({ found }) => found.setup ?? []);
  const bare = backends.every(({ where }) => where === "here") && offers.every(({ ask }) => env[ask[0]] === undefined);
  return bare ? ["To connect Discord, Telegram or a graphics card: npm run setup"] : [];
}
