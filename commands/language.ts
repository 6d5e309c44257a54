import { z } from "zod";
import { text, verbatim } from "../src/domain/text.ts";
import { AS_MY_APP, languageOutcome, languageView } from "../src/features/language.ts";
import { option } from "../src/ports/args.ts";
import { type CommandsFrom, defineCommand } from "../src/ports/command.ts";
import type { Outcome } from "../src/ports/outcome.ts";

export const commands: CommandsFrom = ({ languages }) => [
  defineCommand({
    group: "look",
    name: "language",
    summary: text("cmd.language.summary"),
    example: verbatim("/language español"),
    privately: true,
    args: z.strictObject({
      language: option(z.string().trim().max(35).optional(), {
        about: text("cmd.language.option.language"),
        rest: true,
        suggestions: [
          ...languages.map(({ tag, name }) => ({ value: tag, label: verbatim(name) })),
          { value: AS_MY_APP, label: text("language.default") },
        ],
      }),
    }),
    run: (context, { language }): Outcome =>
      language === undefined || language === ""
        ? { do: "reply", visibility: "private", view: languageView(context, languages) }
        : languageOutcome(context, languages, language),
  }),
];
