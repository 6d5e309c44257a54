import { z } from "zod";
import { text } from "../src/domain/text.ts";
import { givenImage } from "../src/features/draw/attached-image.ts";
import { captionFields, openCaptionForm } from "../src/features/lettering/form.ts";
import { captionGiven, captionOutcome } from "../src/features/lettering/outcomes.ts";
import { meantSubject, pictureOption } from "../src/features/pictures/find.ts";
import { attachmentOption } from "../src/ports/args.ts";
import {
  type Catalogue,
  type CommandsFrom,
  type Context,
  defineCommand,
  type PressedJob,
} from "../src/ports/command.ts";
import type { Outcome } from "../src/ports/outcome.ts";

export const commands: CommandsFrom = (catalogue) => [
  defineCommand({
    group: "change",
    name: "caption",
    summary: text("cmd.caption.summary"),
    example: text("cmd.caption.example"),
    args: z.strictObject({
      text: captionFields.text,
      picture: pictureOption("any", false),
      place: captionFields.place.optional(),
      image: attachmentOption(text("cmd.caption.option.image"), text("label.image")).optional(),
    }),
    run: (context, { picture, ...caption }): Promise<Outcome> =>
      context.attachments.length > 0
        ? overGiven(context, catalogue, caption)
        : overOurs(context, picture, (subject) => captionOutcome(context, subject, catalogue, caption)),
    unsaid: (context, { picture }): Promise<Outcome> | Outcome =>
      context.attachments.length > 0
        ? { do: "refuse", problem: { code: "bad_args", text: text("problem.caption.wordless") } }
        : overOurs(context, picture, (subject) => openCaptionForm(context, subject)),
  }),
];

async function overGiven(
  context: Context,
  catalogue: Catalogue,
  caption: Parameters<typeof captionGiven>[3],
): Promise<Outcome> {
  const given = await givenImage(context);
  if (!given.ok) return { do: "refuse", problem: given.problem };
  return captionGiven(context, catalogue, given.value ?? new Uint8Array(), caption);
}

/** Anybody's here. */
async function overOurs(
  context: Context,
  typed: string | undefined,
  decide: (subject: PressedJob) => Outcome,
): Promise<Outcome> {
  const meant = await meantSubject(context, typed, "chat");
  return meant.ok ? decide(meant.value) : { do: "refuse", problem: meant.problem };
}
