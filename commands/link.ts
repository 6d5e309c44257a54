import { z } from "zod";
import { text, verbatim } from "../src/domain/text.ts";
import { option } from "../src/ports/args.ts";
import { type CommandsFrom, type Context, defineCommand } from "../src/ports/command.ts";
import type { Outcome } from "../src/ports/outcome.ts";

export const commands: CommandsFrom = () => [
  defineCommand({
    group: "look",
    name: "link",
    summary: text("cmd.link.summary"),
    example: verbatim("/link code:BCDF-2345"),
    privately: true,
    args: z.strictObject({
      code: option(z.string().trim().max(100).optional(), {
        about: text("cmd.link.option.code"),
        label: text("label.code"),
        rest: true,
      }),
    }),
    run(context, { code = "" }): Outcome {
      const why = unlinkable(context);
      if (why) return { do: "refuse", problem: { code: "not_allowed", text: why } };
      if (code !== "") return { do: "link", code };
      // A code makes whoever reads it this member.
      if (context.place.group && !context.privateOnly)
        return { do: "refuse", problem: { code: "not_allowed", text: text("problem.link.group") } };
      return { do: "link_code" };
    },
  }),
];

const unlinkable = ({ member }: Pick<Context, "member">) =>
  member.anonymous ? text("problem.link.anonymous") : undefined;
