import { z } from "zod";
import { drawArgs, drawOutcome } from "../src/features/draw/options.ts";
import { cutText } from "../src/lib/text.ts";
import { type CommandsFrom, defineCommand } from "../src/ports/command.ts";

const SUMMARY_MAX_CHARS = 100;

/** One command per style, under the style's name. */
export const commands: CommandsFrom = (catalogue) =>
  catalogue.styles.map((style) =>
    defineCommand({
      group: "make",
      name: style.id,
      summary: cutText(
        style.summary === "" ? `Make a picture in the style ${style.title}` : style.summary,
        SUMMARY_MAX_CHARS,
      ),
      example: `/${style.id} a red fox on a bicycle cfg:3 seed:7`,
      args: z.strictObject(drawArgs(style)),
      run: (context, args) => drawOutcome(context, style, args),
    }),
  );
