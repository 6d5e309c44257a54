import { z } from "zod";
import { text, verbatim } from "../src/domain/text.ts";
import { drawArgs, drawOutcome } from "../src/features/draw/options.ts";
import { unsaidForm } from "../src/features/draw/start-form.ts";
import { type CommandsFrom, defineCommand } from "../src/ports/command.ts";

/** One command per style, under the style's name. */
export const commands: CommandsFrom = (catalogue) =>
  catalogue.styles.map((style) =>
    defineCommand({
      group: "make",
      name: style.id,
      summary: style.summary === "" ? text("cmd.style.summary", { style: style.title }) : verbatim(style.summary),
      example: text("cmd.style.example", { style: style.id }),
      args: z.strictObject(drawArgs(catalogue, style)),
      run: (context, args) => drawOutcome(context, style, args),
      unsaid: (context, args) => unsaidForm(context, catalogue, { ...args, style: style.id }),
    }),
  );
