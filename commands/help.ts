import { z } from "zod";
import { option } from "../src/ports/args.ts";
import { type Catalogue, type CommandsFrom, type Context, defineCommand, type Outcome } from "../src/ports/command.ts";
import type { OptionSpec } from "../src/ports/option.ts";

type Spec = ReturnType<Catalogue["specs"]>[number];

export const commands: CommandsFrom = (catalogue) => [
  defineCommand({
    group: "look",
    name: "help",
    summary: "What you can ask for here, or one command in detail",
    beforeApproval: true,
    example: `/help ${catalogue.styles[0]?.id ?? "guide"}`,
    args: z.strictObject({
      command: option(z.string().trim().max(33).optional().describe("a command's name"), {
        rest: true,
        names: "command",
      }),
    }),
    run(context, { command }): Outcome {
      if (command === undefined || command === "") return overview(context, catalogue);
      const wanted = command.toLowerCase().replace(/^\//, "");
      const spec = catalogue.specs().find(({ name }) => name === wanted);
      if (spec) return detail(spec);
      return {
        do: "refuse",
        problem: { code: "not_found", text: `There is no command “${wanted}”. /help lists those there are.` },
      };
    },
  }),
];

function overview(context: Context, catalogue: Catalogue): Outcome {
  const specs = catalogue.specs();
  // Newcomers come for pictures: the first style's command says most.
  const drawing = specs.find(({ name }) => name === catalogue.styles[0]?.id);
  return {
    do: "reply",
    visibility: "private",
    view: {
      text: `Type a command and what you want, for example: ${drawing?.example ?? "/guide"}\n/help and a name tells more, /guide explains. You are ${context.member.name}, id ${context.member.id}${context.isAdmin ? ", an admin here" : ""}.`,
      fields: specs
        .filter(({ adminOnly }) => !adminOnly || context.isAdmin)
        .map(({ name, summary, adminOnly }) => ({
          name: `/${name}`,
          value: adminOnly ? `${summary} (admins)` : summary,
        })),
    },
  };
}

const detail = (spec: Spec): Outcome => ({
  do: "reply",
  visibility: "private",
  view: {
    text: `/${spec.name}: ${spec.summary}${spec.adminOnly ? " (admins only)" : ""}\nFor example: ${spec.example}`,
    fields: spec.options.map((option) => ({ name: option.name, value: optionText(option) })),
  },
});

function optionText(option: OptionSpec): string {
  const { min, max, step, words, choices, openChoices, fallback } = option;
  const range = min !== undefined && max !== undefined ? `${min} to ${max}` : undefined;
  const details = [
    option.required ? "needed" : undefined,
    range,
    step === undefined ? undefined : `in steps of ${step}`,
    words === undefined ? undefined : `or ${words.join(", ")}`,
    choices && `${openChoices ? "such as" : "one of"} ${choices.map(({ value }) => value).join(", ")}`,
    fallback === undefined ? undefined : `${fallback} when left out`,
  ].filter((part) => part !== undefined);
  const summary = typeof option.summary === "string" ? option.summary : "";
  return details.length === 0 ? summary : `${summary} (${details.join("; ")})`;
}
