import { z } from "zod";
import { type CommandsFrom, defineCommand } from "../src/command.ts";
import { decideDraw, drawArgs } from "../src/draw-options.ts";

/** One command per style of the gallery: `/rca` wakes the style `rca`. */
export const commands: CommandsFrom = ({ styles }) =>
  styles.map((style) =>
    defineCommand({
      name: style.id,
      summary: `Draw in the style ${style.title}${style.summary === "" ? "" : `: ${style.summary}`}`.slice(0, 100),
      example: `/${style.id} ${style.examples[0] ?? "a red fox"}`,
      args: z.strictObject(drawArgs(style)),
      run: (context, args) => decideDraw(context, style, args),
    }),
  );
