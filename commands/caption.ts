import { z } from "zod";
import { sizeOf } from "../src/domain/size.ts";
import type { Spoken } from "../src/domain/spoken.ts";
import { text } from "../src/domain/text.ts";
import { givenImage } from "../src/features/draw/attached-image.ts";
import { drawFields } from "../src/features/draw/options.ts";
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
      brand: drawFields.brand.optional(),
      image: attachmentOption(text("cmd.caption.option.image"), text("label.image")).optional(),
    }),
    run: async (context, { picture, ...caption }): Promise<Outcome> => {
      const written = sizeIn(caption.text, context.spoken);
      if (written !== undefined)
        return { do: "refuse", problem: { code: "bad_args", text: text("problem.caption.size", { written }) } };
      return context.attachments.length > 0
        ? overGiven(context, catalogue, caption)
        : overOurs(context, picture, (subject) => captionOutcome(context, subject, catalogue, caption));
    },
    unsaid: (context, { picture }): Promise<Outcome> | Outcome =>
      context.attachments.length > 0
        ? { do: "refuse", problem: { code: "bad_args", text: text("problem.caption.wordless") } }
        : overOurs(context, picture, (subject) => openCaptionForm(context, subject)),
  }),
];

/** A size, as other commands take it. Nobody wants to read it on the picture. */
function sizeIn(typed: string, spoken: Spoken): string | undefined {
  const names = ["size", ...spoken.namesFor("size")].map((name) => name.toLowerCase());
  return typed.split(/\s+/u).find((word) => {
    const [name = "", value] = word.split(/[:=：]/u);
    const isNamed = names.includes(name.replace(/^(?:--|—)/u, "").toLowerCase());
    return value !== undefined && isNamed && sizeOf(value).ok;
  });
}

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
