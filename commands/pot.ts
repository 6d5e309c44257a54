import { z } from "zod";
import { lines, type Text, text, verbatim } from "../src/domain/text.ts";
import { ago, amount } from "../src/domain/time-words.ts";
import { LABELS } from "../src/features/settings/fields.ts";
import { cutText } from "../src/lib/text.ts";
import { option } from "../src/ports/args.ts";
import { type CommandsFrom, type Context, defineCommand } from "../src/ports/command.ts";
import type { Outcome } from "../src/ports/outcome.ts";
import type { Pot } from "../src/ports/pots.ts";
import type { View } from "../src/ports/view.ts";
import { promptText } from "../src/views/prompt.ts";

const PROMPT_SHOWN_CHARS = 40;
const SECONDS_MAX = 1_000_000;

export const commands: CommandsFrom = () => [
  defineCommand({
    group: "decide",
    name: "pot",
    summary: text("cmd.pot.summary"),
    example: verbatim("/pot give seconds:30"),
    args: z.strictObject({
      do: option(z.enum(["show", "give"]).optional(), {
        about: text("cmd.pot.option.do"),
        labels: { show: text("choice.pot.show"), give: text("choice.pot.give") },
        rest: true,
      }),
      seconds: option(z.int().min(1).max(SECONDS_MAX).optional(), {
        about: text("cmd.pot.option.seconds"),
        label: text("label.seconds"),
      }),
    }),
    async run(context, { do: what, seconds }): Promise<Outcome> {
      if (!context.place.group)
        return { do: "refuse", problem: { code: "not_allowed", text: text("problem.pot.alone") } };
      if (what !== "give") {
        if (what === undefined && seconds !== undefined) return { do: "give", gpuMs: seconds * 1000 };
        const view = potView(context, await context.reads.pot());
        return { do: "reply", visibility: "private", view };
      }
      if (seconds === undefined)
        return { do: "refuse", problem: { code: "bad_args", text: text("problem.pot.seconds") } };
      return { do: "give", gpuMs: seconds * 1000 };
    },
  }),
];

function potView({ rules, spendCapGpuMs, nowMs }: Context, pot: Pot): View {
  const paid = pot.recent.map(({ usedGpuMs, atMs, prompt }) =>
    text("quota.last.one", {
      amount: amount(usedGpuMs),
      prompt: promptText(cutText(prompt, PROMPT_SHOWN_CHARS)),
      ago: ago(atMs, nowMs),
    }),
  );
  const givers = pot.givers.map(({ name, gpuMs }) => text("pot.giver", { name, given: amount(gpuMs) }));
  return {
    text: lines(text("pot.holds", { left: amount(Math.max(0, pot.balanceGpuMs)) }), text("pot.how")),
    fields: [
      { name: text("quota.held"), value: amount(pot.heldGpuMs) },
      { name: text("settings.title.pot-draw"), value: LABELS.pot_draw[rules.potDraw] },
      {
        name: text("settings.title.spend"),
        value: spendCapGpuMs === undefined ? text("quota.spend.unlimited") : amount(spendCapGpuMs),
      },
      { name: text("pot.givers"), value: linesOr(givers, text("pot.givers.none")) },
      { name: text("pot.paid"), value: linesOr(paid, text("quota.last.none")) },
    ],
  };
}

const linesOr = (found: readonly Text[], none: Text): Text => (found.length === 0 ? none : lines(...found));
