import { z } from "zod";
import type { Problem } from "../src/domain/problem.ts";
import { text, verbatim } from "../src/domain/text.ts";
import { varyOutcome } from "../src/features/derive/outcomes.ts";
import { meantSubject, pictureOption } from "../src/features/pictures/find.ts";
import { option } from "../src/ports/args.ts";
import { type CommandsFrom, defineCommand, type PressedJob } from "../src/ports/command.ts";
import type { Outcome } from "../src/ports/outcome.ts";

export const commands: CommandsFrom = (catalogue) => [
  defineCommand({
    group: "change",
    name: "vary",
    summary: text("cmd.vary.summary"),
    example: verbatim("/vary strong picture:12"),
    args: z.strictObject({
      how: option(z.enum(["subtle", "strong"]).default("subtle"), {
        about: text("cmd.vary.option.how"),
        labels: { subtle: text("choice.how.subtle"), strong: text("choice.how.strong") },
        rest: true,
      }),
      picture: pictureOption("own", false),
    }),
    async run(context, { how, picture }): Promise<Outcome> {
      const meant = await meantSubject(context, picture);
      if (!meant.ok) return { do: "refuse", problem: meant.problem };
      const several = whichOne(meant.value);
      return several ? { do: "refuse", problem: several } : varyOutcome(context, meant.value, catalogue, how);
    },
  }),
];

/** Vary makes one picture of one; a batch has up to four. */
function whichOne({ pictures, which }: PressedJob): Problem | undefined {
  const [first, ...others] = pictures;
  const last = others.at(-1);
  if (which !== "all" || !first || !last) return undefined;
  return {
    code: "bad_args",
    text: text("problem.picture.which", { first: first.number, last: last.number }),
  };
}
