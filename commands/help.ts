import { z } from "zod";
import { facts, lines, listed, type Text, text, verbatim } from "../src/domain/text.ts";
import { option } from "../src/ports/args.ts";
import {
  type Catalogue,
  COMMAND_GROUPS,
  type CommandsFrom,
  type Context,
  type DescribedCommand,
  defineCommand,
} from "../src/ports/command.ts";
import type { OptionSpec } from "../src/ports/option.ts";
import type { Outcome } from "../src/ports/outcome.ts";

/** Styles whose commands are named one by one: a gallery of sixty would be all there is to see. */
const STYLES_NAMED = 8;

export const commands: CommandsFrom = (catalogue) => [
  defineCommand({
    group: "look",
    name: "help",
    summary: text("cmd.help.summary"),
    beforeApproval: true,
    example: verbatim(`/help ${catalogue.styles[0]?.id ?? "guide"}`),
    privately: true,
    args: z.strictObject({
      command: option(z.string().trim().max(33).optional(), {
        about: text("cmd.help.option.command"),
        rest: true,
        names: "command",
      }),
    }),
    run(context, { command }): Outcome {
      if (command === undefined || command === "") return overview(context, catalogue);
      const wanted = command.toLowerCase().replace(/^\//, "");
      const spec = catalogue.specs().find(({ name }) => name === wanted);
      return spec
        ? detail(spec)
        : { do: "refuse", problem: { code: "not_found", text: text("help.unknown", { name: wanted }) } };
    },
  }),
];

function overview({ member, isAdmin }: Context, catalogue: Catalogue): Outcome {
  const specs = catalogue.specs().filter(({ adminOnly }) => !adminOnly || isAdmin);
  // Newcomers come for pictures: the first style's command says most.
  const drawing = specs.find(({ name }) => name === catalogue.styles[0]?.id);
  const { name, id } = member;
  return {
    do: "reply",
    visibility: "private",
    view: {
      text: lines(
        text("help.start", { line: drawing?.example ?? "/guide" }),
        text("help.more"),
        isAdmin ? text("help.you.admin", { name, id }) : text("help.you", { name, id }),
      ),
      fields: COMMAND_GROUPS.flatMap((group) => {
        const rows = rowsOf(
          specs.filter((spec) => spec.group === group),
          catalogue,
        );
        return rows.length === 0 ? [] : [{ name: text(`help.group.${group}`), value: lines(...rows) }];
      }),
    },
  };
}

/** A line for each command; the styles' commands, which all do the same, share one. */
function rowsOf(specs: readonly DescribedCommand[], { styles }: Catalogue): readonly Text[] {
  const ofStyles = new Set(styles.map(({ id }) => id));
  const named = specs.filter(({ name }) => ofStyles.has(name)).map(({ name }) => `/${name}`);
  const names = listed(named.slice(0, STYLES_NAMED), "commas");
  const more = named.length - STYLES_NAMED;
  const shared =
    more > 0 ? text("help.styles.more", { commands: names, n: more }) : text("help.styles", { commands: names });
  return [...(named.length === 0 ? [] : [shared]), ...specs.filter(({ name }) => !ofStyles.has(name)).map(lineOf)];
}

const lineOf = ({ name, summary, adminOnly }: DescribedCommand): Text =>
  text(adminOnly ? "help.line.admins" : "help.line", { command: `/${name}`, summary });

const detail = (spec: DescribedCommand): Outcome => ({
  do: "reply",
  visibility: "private",
  view: {
    text: lines(lineOf(spec), text("help.example", { line: spec.example })),
    fields: spec.options.map((option) => ({ name: verbatim(option.name), value: optionText(option) })),
  },
});

function optionText({ summary, required, min, max, step, words, choices, openChoices, fallback }: OptionSpec): Text {
  const values =
    choices &&
    listed(
      choices.map(({ value }) => value),
      "commas",
    );
  return facts(
    summary,
    required ? text("help.option.needed") : undefined,
    min !== undefined && max !== undefined ? text("help.option.range", { min, max }) : undefined,
    step === undefined ? undefined : text("help.option.steps", { step }),
    words && text("help.option.words", { words: listed(words, "or") }),
    values && text(openChoices ? "help.option.suggestions" : "help.option.choices", { choices: values }),
    fallback === undefined ? undefined : text("help.option.fallback", { value: fallback }),
  );
}
