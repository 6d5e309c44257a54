import { z } from "zod";
import { lines, text, verbatim } from "../src/domain/text.ts";
import { type CommandsFrom, defineCommand } from "../src/ports/command.ts";
import type { Outcome } from "../src/ports/outcome.ts";
import { accountsText } from "../src/views/accounts.ts";

export const commands: CommandsFrom = () => [
  defineCommand({
    group: "look",
    name: "unlink",
    summary: text("cmd.unlink.summary"),
    example: verbatim("/unlink"),
    privately: true,
    args: z.strictObject({}),
    async run(context): Promise<Outcome> {
      const others = (await context.reads.joinedAccounts()).filter(({ id }) => id !== context.member.id);
      if (others.length === 0)
        return { do: "refuse", problem: { code: "not_found", text: text("problem.unlink.alone") } };
      return {
        do: "reply",
        visibility: "private",
        view: {
          text: lines(
            text("unlink.ask", { accounts: accountsText(others) }),
            text("unlink.parts"),
            text("unlink.stays"),
          ),
          buttons: [[{ label: text("button.unlink"), token: context.token("unlink", "chat") }]],
        },
      };
    },
  }),
];
