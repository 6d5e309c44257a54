import { z } from "zod";
import { seedScopes } from "../src/domain/seed.ts";
import { text, verbatim } from "../src/domain/text.ts";
import { unlockOutcome } from "../src/features/seed-lock.ts";
import { option } from "../src/ports/args.ts";
import { type CommandsFrom, defineCommand } from "../src/ports/command.ts";

export const commands: CommandsFrom = () => [
  defineCommand({
    group: "decide",
    name: "unlock",
    summary: text("cmd.unlock.summary"),
    example: verbatim("/unlock"),
    args: z.strictObject({
      scope: option(z.enum(seedScopes).optional(), {
        about: text("cmd.unlock.option.scope"),
        labels: { me: text("choice.scope.me"), everyone: text("choice.scope.everyone") },
        rest: true,
      }),
    }),
    run(context, { scope }) {
      const { seedLock } = context;
      if (scope === undefined && seedLock === undefined)
        return {
          do: "reply",
          visibility: "private",
          view: { text: text("unlock.none"), tone: "quiet" },
        };
      return unlockOutcome(context, scope ?? seedLock?.scope ?? "me");
    },
  }),
];
