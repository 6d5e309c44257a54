import { z } from "zod";
import { drawArgs, drawOutcome } from "../src/features/draw/options.ts";
import { styleOfRequest } from "../src/features/pictures/rules.ts";
import { option } from "../src/ports/args.ts";
import { type CommandsFrom, defineCommand, type Outcome } from "../src/ports/command.ts";

export const commands: CommandsFrom = (catalogue) => {
  const { prompt, ...others } = drawArgs();
  const style = option(z.enum(catalogue.styles.map(({ id }) => id)), {
    labels: Object.fromEntries(catalogue.styles.map(({ id, title }) => [id, title])),
  });
  return [
    defineCommand({
      group: "make",
      name: "imagine",
      summary: "Make a picture in any style; without one, in this chat's usual style",
      example: `/imagine a red fox on a bicycle style:${catalogue.styles[0]?.id ?? "rca"}`,
      args: z.strictObject({ prompt, style: style.optional().describe("a style's name; see /styles"), ...others }),
      async run(context, { style: wanted, ...args }): Promise<Outcome> {
        const found = styleOfRequest(catalogue, wanted ?? context.rules.style);
        return found.ok ? drawOutcome(context, found.value, args) : { do: "refuse", problem: found.problem };
      },
    }),
  ];
};
