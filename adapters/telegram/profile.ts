import { z } from "zod";
import { type Text, text } from "../../src/domain/text.ts";
import { cutText } from "../../src/lib/text.ts";
import { SOURCE_LANGUAGE } from "../../src/messages/catalogue.ts";
import { render } from "../../src/messages/render.ts";
import type { ModuleServices } from "../../src/ports/module.ts";
import { type CommandSpec, draws } from "../../src/ports/option.ts";
import type { Calls } from "./calls.ts";
import { codeOf, TELEGRAM_LANGUAGES } from "./languages.ts";
import { LIMITS } from "./limits.ts";

type Whose = ReturnType<typeof codeOf>;

interface Described {
  /** The key under which is kept what we set last, for those who speak none of our languages. */
  readonly key: string;
  readonly maxChars: number;
  readonly words: Text;
  readonly now: (whose: Whose) => Promise<string>;
  readonly change: (words: string, whose: Whose) => Promise<unknown>;
}

const descriptionSchema = z.object({ description: z.string() });
const shortSchema = z.object({ short_description: z.string() });

/** What an empty chat with the bot says, and its profile page. */
function describedBy(calls: Calls, specs: readonly CommandSpec[]): readonly Described[] {
  const command = `/${specs.find(draws)?.name ?? "help"}`;
  return [
    {
      key: "description",
      maxChars: LIMITS.descriptionMaxChars,
      words: text("telegram.description", { command }),
      now: async (whose) =>
        descriptionSchema.parse(await calls.other(undefined, "spare", (api) => api.getMyDescription(whose)))
          .description,
      change: (words, whose) => calls.other(undefined, "spare", (api) => api.setMyDescription(words, whose)),
    },
    {
      key: "short",
      maxChars: LIMITS.shortDescriptionMaxChars,
      words: text("telegram.short-description"),
      now: async (whose) =>
        shortSchema.parse(await calls.other(undefined, "spare", (api) => api.getMyShortDescription(whose)))
          .short_description,
      change: (words, whose) => calls.other(undefined, "spare", (api) => api.setMyShortDescription(words, whose)),
    },
  ];
}

/**
 * Describes the bot in each language, where that differs from what Telegram has. What its operator wrote with @BotFather
 * stays. Resolves with how many texts were changed. @throws ChatError
 */
export async function registerProfile(
  calls: Calls,
  values: ModuleServices["values"],
  specs: readonly CommandSpec[],
): Promise<number> {
  const ours = values("profile", z.string());
  let changed = 0;
  for (const { key, maxChars, words, now, change } of describedBy(calls, specs)) {
    const inLanguage = (language: string) => cutText(render(words, language), maxChars);
    const forAll = inLanguage(SOURCE_LANGUAGE);
    const there = await now({});
    if (there !== "" && there !== forAll && there !== (await ours.get(key))) continue;
    for (const each of TELEGRAM_LANGUAGES) {
      const wanted = inLanguage(each.language);
      const same = (each.code === undefined ? there : await now(codeOf(each))) === wanted;
      if (!same) await change(wanted, codeOf(each));
      if (!same) changed += 1;
      // English comes first. Known from now on as ours, so that a later version may change it.
      if (each.code === undefined) await ours.set(key, forAll);
    }
  }
  return changed;
}
