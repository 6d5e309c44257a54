import { z } from "zod";
import { text } from "../src/domain/text.ts";
import { blockList, decideBlock, memberMeant } from "../src/features/people/block.ts";
import { durationIn } from "../src/lib/time-text.ts";
import { option, saying } from "../src/ports/args.ts";
import { type CommandsFrom, defineCommand, type Outcome } from "../src/ports/command.ts";

const EVER = "ever";

export const commands: CommandsFrom = () => [
  defineCommand({
    group: "run",
    name: "block",
    summary: "Shut a member out of this chat for a time, or show who is",
    example: "/block Ann for:7d",
    adminOnly: true,
    args: z.strictObject({
      member: option(
        z
          .string()
          .trim()
          .max(100)
          .optional()
          .describe("name, mention or id; without it the one whose picture you answer, or the list"),
        { rest: true, names: "member" },
      ),
      for: option(
        z
          .string()
          .max(20)
          .refine((typed) => typed === EVER || durationIn(typed) !== undefined, saying(text("cmd.block.time")))
          .default(EVER)
          .describe("how long: 30min, 2h, 7d, or ever"),
        {
          suggestions: [
            { value: "1h", label: "1 hour" },
            { value: "1d", label: "1 day" },
            { value: "7d", label: "7 days" },
            { value: "30d", label: "30 days" },
            { value: EVER, label: "for ever" },
          ],
        },
      ),
      everywhere: z.boolean().default(false).describe("in all chats: for whoever runs this Placard"),
    }),
    async run(context, { member, for: time, everywhere }): Promise<Outcome> {
      const answered = context.about?.of === "job" || context.about?.by !== undefined;
      if ((member === undefined || member === "") && !answered)
        return { do: "reply", view: await blockList(context), visibility: "private" };
      const meant = await memberMeant(context, member);
      if (!meant.ok) return { do: "refuse", problem: meant.problem };
      const lastsMs = durationIn(time);
      return decideBlock(context, meant.value, lastsMs === undefined ? undefined : context.nowMs + lastsMs, everywhere);
    },
  }),
];
