import { z } from "zod";
import { text } from "../src/domain/text.ts";
import { drawArgs, drawOutcome, styleOption } from "../src/features/draw/options.ts";
import { unsaidForm } from "../src/features/draw/start-form.ts";
import { quotedWhole } from "../src/features/lettering/layer.ts";
import { meetingSize } from "../src/features/meetings/steer.ts";
import { styleOfRequest } from "../src/features/pictures/rules.ts";
import { option } from "../src/ports/args.ts";
import { type CommandsFrom, defineCommand } from "../src/ports/command.ts";
import type { Outcome } from "../src/ports/outcome.ts";

const SIZE = "slide";

export const commands: CommandsFrom = (catalogue) => {
  const { prompt, letter: _always, size, ...others } = drawArgs(catalogue);
  return [
    defineCommand({
      group: "make",
      name: "visual",
      summary: text("cmd.visual.summary"),
      example: text("cmd.visual.example"),
      args: z.strictObject({
        prompt,
        style: styleOption(catalogue.styles).optional(),
        size: option(size, { fallback: text("size.slide") }),
        ...others,
      }),
      async run(context, { style: wanted, prompt: said, ...args }): Promise<Outcome> {
        const found = styleOfRequest(catalogue, wanted ?? context.rules.style);
        if (!found.ok) return { do: "refuse", problem: found.problem };
        const options = {
          ...args,
          size: args.size ?? meetingSize(context) ?? SIZE,
          prompt: quotedWhole(said),
          letter: "yes",
          branded: { on: "slide" },
        } as const;
        const outcome = await drawOutcome(context, found.value, options);
        return outcome.do === "draw" ? { ...outcome, sketched: true } : outcome;
      },
      unsaid: (context, args) =>
        unsaidForm(context, catalogue, { ...args, size: args.size ?? meetingSize(context) ?? SIZE, letter: "yes" }),
    }),
  ];
};
