import { z } from "zod";
import { text } from "../src/domain/text.ts";
import { drawArgs, drawOutcome, styleOption } from "../src/features/draw/options.ts";
import { unsaidForm } from "../src/features/draw/start-form.ts";
import { styleOfRequest } from "../src/features/pictures/rules.ts";
import { type CommandsFrom, defineCommand } from "../src/ports/command.ts";
import type { Outcome } from "../src/ports/outcome.ts";

export const commands: CommandsFrom = (catalogue) => {
  const { prompt, ...others } = drawArgs(catalogue);
  return [
    defineCommand({
      group: "make",
      name: "imagine",
      summary: text("cmd.imagine.summary"),
      example: text("cmd.imagine.example", { style: catalogue.styles[0]?.id ?? "rca" }),
      args: z.strictObject({ prompt, style: styleOption(catalogue.styles).optional(), ...others }),
      async run(context, { style: wanted, ...args }): Promise<Outcome> {
        const found = styleOfRequest(catalogue, wanted ?? context.rules.style);
        return found.ok ? drawOutcome(context, found.value, args) : { do: "refuse", problem: found.problem };
      },
      unsaid: (context, args) => unsaidForm(context, catalogue, args),
    }),
  ];
};
