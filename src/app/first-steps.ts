import type { Backend } from "../ports/backend.ts";
import type { SetupOffer } from "../ports/module.ts";
import { loadFolder } from "./load.ts";

const root = new URL("../../", import.meta.url);

/** For whoever has just started it: a line while nothing is connected that `npm run setup` offers. */
export async function firstSteps(
  env: Readonly<Record<string, string>>,
  backends: readonly Backend[],
): Promise<readonly string[]> {
  const folders = ["adapters/", "src/backends/"].map((folder) =>
    loadFolder<{ readonly setup?: SetupOffer }>(new URL(folder, root), "module"),
  );
  const offers = (await Promise.all(folders)).flat().flatMap(({ found }) => found.setup ?? []);
  const bare = backends.every(({ where }) => where === "here") && offers.every(({ ask }) => env[ask[0]] === undefined);
  return bare ? ["To connect Discord, Telegram or a graphics card: npm run setup"] : [];
}
