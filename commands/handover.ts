import { z } from "zod";
import { text, verbatim } from "../src/domain/text.ts";
import { memberMeant } from "../src/features/people/block.ts";
import { option } from "../src/ports/args.ts";
import { type CommandsFrom, defineCommand } from "../src/ports/command.ts";
import type { Outcome } from "../src/ports/outcome.ts";

export const commands: CommandsFrom = () => [
  defineCommand({
    name: "handover",
    group: "run",
    summary: text("cmd.handover.summary"),
    example: verbatim("/handover Ann"),
    adminOnly: true,
    args: z.strictObject({
      member: option(z.string().trim().max(100).optional(), {
        about: text("cmd.handover.option.member"),
        label: text("label.member"),
        rest: true,
        names: "member",
      }),
    }),
    async run(context, { member }): Promise<Outcome> {
      const meant = await memberMeant(context, member);
      return meant.ok ? { do: "hand_over", member: meant.value } : { do: "refuse", problem: meant.problem };
    },
  }),
];
