import { z } from "zod";
import { option } from "../src/ports/args.ts";
import { type CommandsFrom, defineCommand, type Outcome } from "../src/ports/command.ts";

export const commands: CommandsFrom = () => [
  defineCommand({
    group: "run",
    name: "approve",
    summary: "Let Placard work in this chat, or no longer: for whoever runs this Placard",
    example: "/approve",
    adminOnly: true,
    beforeApproval: true,
    args: z.strictObject({
      allow: option(z.boolean().default(true).describe("no takes it back"), { rest: true }),
    }),
    run(context, { allow }): Outcome {
      if (context.isOperator) return { do: "approve", allowed: allow };
      return {
        do: "refuse",
        problem: {
          code: "not_allowed",
          text: `Only whoever runs this Placard can: their member ids are in its setting ADMINS. Ask them to type /approve here, or to add yours, ${context.member.id}.`,
        },
      };
    },
  }),
];
