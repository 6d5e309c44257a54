import { z } from "zod";
import { text, verbatim } from "../src/domain/text.ts";
import { askToForget } from "../src/features/privacy/forget.ts";
import { option } from "../src/ports/args.ts";
import { type CommandsFrom, defineCommand } from "../src/ports/command.ts";
import type { Outcome } from "../src/ports/outcome.ts";

export const commands: CommandsFrom = () => [
  defineCommand({
    group: "look",
    name: "forget",
    summary: text("cmd.forget.summary"),
    example: verbatim("/forget me"),
    privately: true,
    evenBlocked: true,
    args: z.strictObject({
      whom: option(z.enum(["me"]).optional(), {
        about: text("cmd.forget.option.whom"),
        label: text("label.whom"),
        rest: true,
      }),
    }),
    run(context, { whom }): Promise<Outcome> | Outcome {
      // So that nobody who only wonders what it does is asked for more than a word.
      if (whom === undefined) return { do: "refuse", problem: { code: "bad_args", text: text("problem.forget.whom") } };
      return askToForget(context);
    },
  }),
];
