import { z } from "zod";
import { text, verbatim } from "../src/domain/text.ts";
import { option } from "../src/ports/args.ts";
import { type CommandsFrom, defineCommand } from "../src/ports/command.ts";
import type { Outcome } from "../src/ports/outcome.ts";

export const commands: CommandsFrom = () => [
  defineCommand({
    group: "run",
    name: "approve",
    summary: text("cmd.approve.summary"),
    example: verbatim("/approve"),
    adminOnly: true,
    beforeApproval: true,
    args: z.strictObject({
      allow: option(z.boolean().default(true), { about: text("cmd.approve.option.allow"), rest: true }),
    }),
    run(context, { allow }): Outcome {
      if (context.isOperator) return { do: "approve", allowed: allow };
      return {
        do: "refuse",
        problem: {
          code: "not_allowed",
          text: text("problem.approve.operators", { id: context.member.id }),
        },
      };
    },
  }),
];
