import { z } from "zod";
import { text, verbatim } from "../src/domain/text.ts";
import { decideUnblock, memberMeant } from "../src/features/people/block.ts";
import { option } from "../src/ports/args.ts";
import { type CommandsFrom, defineCommand } from "../src/ports/command.ts";
import type { Outcome } from "../src/ports/outcome.ts";

export const commands: CommandsFrom = () => [
  defineCommand({
    group: "run",
    name: "unblock",
    summary: text("cmd.unblock.summary"),
    example: verbatim("/unblock Ann"),
    adminOnly: true,
    privately: true,
    args: z.strictObject({
      member: option(z.string().trim().max(100).optional(), {
        about: text("cmd.unblock.option.member"),
        label: text("label.member"),
        rest: true,
        names: "member",
      }),
    }),
    async run(context, { member }): Promise<Outcome> {
      const blocks = await context.reads.blocks();
      const wanted = (member ?? "").replace(/^@/, "").toLowerCase();
      const called = blocks.filter((block) => block.member.name.toLowerCase() === wanted);
      // As the list names them; who is known by another name now, or by a mention, has the same id.
      if (called.length === 1) return decideUnblock(called[0]);
      const meant = await memberMeant(context, member);
      if (!meant.ok && called.length !== 0) return { do: "refuse", problem: meant.problem };
      const accountIds = meant.ok ? await context.reads.accountsOf(meant.value.id) : [];
      return decideUnblock(blocks.find((block) => accountIds.includes(block.member.id)));
    },
  }),
];
