import { z } from "zod";
import { option } from "../src/args.ts";
import { varyOutcome } from "../src/child-outcomes.ts";
import { type CommandsFrom, defineCommand, type Outcome, type PressSubject } from "../src/command.ts";
import { meantSubject, pictureOption } from "../src/meant-picture.ts";
import { WHOLE_BATCH } from "../src/picture-buttons.ts";
import type { Problem } from "../src/problem.ts";

export const commands: CommandsFrom = (world) => [
  defineCommand({
    name: "vary",
    summary: "The same composition, somewhat different",
    example: "/vary strong picture:12",
    args: z.strictObject({
      how: option(z.enum(["subtle", "strong"]).default("subtle").describe("how different: subtle or strong"), {
        rest: true,
      }),
      picture: pictureOption("the one you answer, or your newest", false),
    }),
    async run(context, { how, picture }): Promise<Outcome> {
      const meant = await meantSubject(context, picture);
      if (!meant.ok) return { do: "refuse", problem: meant.problem };
      const several = whichOne(meant.value);
      return several ? { do: "refuse", problem: several } : varyOutcome(context, meant.value, world, how);
    },
  }),
];

/** Vary makes one picture of one; a batch has up to four. */
function whichOne({ pictures, index }: PressSubject): Problem | undefined {
  const [first, ...others] = pictures;
  const last = others.at(-1);
  if (index !== WHOLE_BATCH || !first || !last) return undefined;
  return {
    code: "bad_args",
    text: `Those are the pictures #${first.number} to #${last.number}: say which one, for example /vary picture:${last.number}.`,
  };
}
