import { z } from "zod";
import { option } from "../src/args.ts";
import { type CommandsFrom, defineCommand } from "../src/command.ts";
import { decideDraw, drawArgs } from "../src/draw-options.ts";

export const commands: CommandsFrom = ({ styles }) => {
  const [first, ...others] = styles.map(({ id }) => id);
  const ids = first === undefined ? z.never() : z.enum([first, ...others]);
  const { prompt, ...rest } = drawArgs();
  const labels = Object.fromEntries(styles.map(({ id, title }) => [id, title]));
  return [
    defineCommand({
      name: "imagine",
      summary: "Draw in any style, or in this chat's own when none is named",
      example: "/imagine a red fox style:plain",
      args: z.strictObject({ prompt, style: option(ids.describe("see /styles"), { labels }).optional(), ...rest }),
      run(context, { style: named, ...args }) {
        const style = styles.find(({ id }) => id === (named ?? context.rules.style));
        if (style) return decideDraw(context, style, args);
        return { do: "refuse", problem: { code: "not_found", text: "There is no style here yet. Ask an admin to add one to styles.json." } };
      },
    }),
  ];
};
