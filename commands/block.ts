import { z } from "zod";
import { text, verbatim } from "../src/domain/text.ts";
import { blockList, decideBlock, memberMeant } from "../src/features/people/block.ts";
import { durationIn } from "../src/lib/time-text.ts";
import { option, saying } from "../src/ports/args.ts";
import { type CommandsFrom, defineCommand } from "../src/ports/command.ts";
import type { Outcome } from "../src/ports/outcome.ts";

const EVER = "ever";

export const commands: CommandsFrom = () => [
  defineCommand({
    group: "run",
    name: "block",
    summary: text("cmd.block.summary"),
    example: verbatim("/block Ann for:7d"),
    adminOnly: true,
    privately: true,
    args: z.strictObject({
      member: option(z.string().trim().max(100).optional(), {
        about: text("cmd.block.option.member"),
        label: text("label.member"),
        rest: true,
        names: "member",
      }),
      for: option(
        z
          .string()
          .max(20)
          .refine((typed) => typed === EVER || durationIn(typed) !== undefined, saying(text("cmd.block.time")))
          .default(EVER),
        {
          about: text("cmd.block.option.for"),
          label: text("label.for"),
          suggestions: [
            { value: "1h", label: text("time.hours", { n: 1 }) },
            { value: "1d", label: text("time.days", { n: 1 }) },
            { value: "7d", label: text("time.days", { n: 7 }) },
            { value: "30d", label: text("time.days", { n: 30 }) },
            { value: EVER, label: text("choice.for-ever") },
          ],
        },
      ),
      everywhere: option(z.boolean().default(false), {
        about: text("cmd.block.option.everywhere"),
        label: text("label.everywhere"),
      }),
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
