import { z } from "zod";
import type { Problem } from "../src/domain/problem.ts";
import { text, verbatim } from "../src/domain/text.ts";
import { givenImage } from "../src/features/draw/attached-image.ts";
import { meantToSee } from "../src/features/pictures/find.ts";
import { lookOf } from "../src/features/verify/look.ts";
import { madeHereView, saysView } from "../src/features/verify/view.ts";
import { attachmentOption } from "../src/ports/args.ts";
import { type CommandsFrom, type Context, defineCommand } from "../src/ports/command.ts";
import type { Outcome } from "../src/ports/outcome.ts";
import type { View } from "../src/ports/view.ts";

export const commands: CommandsFrom = () => [
  defineCommand({
    group: "look",
    name: "verify",
    summary: text("cmd.verify.summary"),
    example: verbatim("/verify"),
    privately: true,
    args: z.strictObject({
      file: attachmentOption(text("cmd.verify.option.file"), text("label.file")).optional(),
    }),
    async run(context): Promise<Outcome> {
      const given = await givenImage(context);
      if (!given.ok) return { do: "refuse", problem: given.problem };
      if (given.value !== undefined) return aboutFile(context, given.value);
      if (context.about?.of !== "job") return { do: "refuse", problem: NO_FILE };
      const seen = await meantToSee(context, undefined);
      return seen.ok
        ? told(madeHereView(seen.value.picture, context.chatKey))
        : { do: "refuse", problem: seen.problem };
    },
  }),
];

async function aboutFile(context: Context, file: Uint8Array): Promise<Outcome> {
  const look = await lookOf(file);
  if (!look.ok) return { do: "refuse", problem: look.problem };
  const [picture, seal] = await Promise.all([context.reads.pictureLike(look.value), context.sealOf(file)]);
  return told(picture ? madeHereView(picture, context.chatKey, seal) : saysView(file, seal));
}

const told = (view: View): Outcome => ({ do: "reply", visibility: "private", view });

const NO_FILE: Problem = { code: "bad_args", text: text("verify.no-file") };
