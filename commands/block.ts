import { z } from "zod";
import { text, verbatim } from "../src/domain/text.ts";
import { REASON_MAX_CHARS, reasonIn } from "../src/features/moderation/decide.ts";
import { BLOCK_TIMES, blockList, decideBlock, EVER, memberMeant } from "../src/features/people/block.ts";
import { durationIn } from "../src/lib/time-text.ts";
import { option, saying } from "../src/ports/args.ts";
import { type CommandsFrom, defineCommand } from "../src/ports/command.ts";
import type { Outcome } from "../src/ports/outcome.ts";

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
          suggestions: BLOCK_TIMES,
        },
      ),
      everywhere: option(z.boolean().default(false), {
        about: text("cmd.block.option.everywhere"),
        label: text("label.everywhere"),
      }),
      reason: option(z.string().trim().max(REASON_MAX_CHARS).optional(), {
        about: text("moderation.reason.about"),
        label: text("label.reason"),
        phrase: true,
      }),
    }),
    async run(context, { member, for: time, everywhere, reason }): Promise<Outcome> {
      const answered = context.about?.of === "job" || context.about?.by !== undefined;
      if ((member === undefined || member === "") && !answered)
        return { do: "reply", view: await blockList(context), visibility: "private" };
      const meant = await memberMeant(context, member);
      if (!meant.ok) return { do: "refuse", problem: meant.problem };
      const lastsMs = durationIn(time);
      const untilMs = lastsMs === undefined ? undefined : context.nowMs + lastsMs;
      return decideBlock(context, meant.value, untilMs, { everywhere, ...reasonIn(reason) });
    },
  }),
];
