import { z } from "zod";
import { text } from "../src/domain/text.ts";
import { editOutcome, restyleOutcome } from "../src/features/derive/outcomes.ts";
import { drawFields, drawOutcome, styleOption } from "../src/features/draw/options.ts";
import { startForm } from "../src/features/draw/start-form.ts";
import { meantSubject, pictureOption } from "../src/features/pictures/find.ts";
import { childStart, styleOfRequest } from "../src/features/pictures/rules.ts";
import { editFormFor } from "../src/features/posters/edit.ts";
import { option } from "../src/ports/args.ts";
import { type Catalogue, type CommandsFrom, type Context, defineCommand } from "../src/ports/command.ts";
import type { Outcome } from "../src/ports/outcome.ts";

export const commands: CommandsFrom = (catalogue) => {
  const args = z.strictObject({
    prompt: option(drawFields.prompt.optional(), { rest: true }),
    picture: pictureOption("own", false),
    style: styleOption(catalogue.styles, text("cmd.edit.option.style")).optional(),
    size: drawFields.size.optional(),
    seed: drawFields.seed.optional(),
    cfg: drawFields.cfg.optional(),
    steps: drawFields.steps.optional(),
    scale: drawFields.scale.optional(),
    negative: drawFields.negative.optional(),
    image: drawFields.image.optional(),
    change: drawFields.change.optional(),
  });
  return [
    defineCommand({
      group: "change",
      name: "edit",
      summary: text("cmd.edit.summary"),
      example: text("cmd.edit.example"),
      args,
      run: (context, edit): Promise<Outcome> =>
        context.attachments.length > 0 ? fromAttached(context, catalogue, edit) : fromOurs(context, catalogue, edit),
    }),
  ];
};

interface Edit {
  readonly prompt?: string | undefined;
  readonly picture?: string | undefined;
  readonly style?: string | undefined;
  readonly size?: string | undefined;
  readonly seed?: number | "random" | undefined;
  readonly cfg?: number | undefined;
  readonly steps?: number | undefined;
  readonly scale?: number | undefined;
  readonly negative?: string | undefined;
  readonly change?: number | undefined;
}

/** One of this chat's pictures: its recipe with what was changed, in the words of a reply or by the form. */
async function fromOurs(context: Context, catalogue: Catalogue, { picture, style, ...edit }: Edit): Promise<Outcome> {
  const meant = await meantSubject(context, picture);
  if (!meant.ok) return { do: "refuse", problem: meant.problem };
  const said = Object.values(edit).some((value) => value !== undefined);
  if (style !== undefined) return restyleOutcome(context, meant.value, catalogue, { styleId: style, ...edit });
  if (said) return editOutcome(context, meant.value, catalogue, edit);
  const start = childStart(context, meant.value, catalogue);
  if (!start.ok) return { do: "refuse", problem: start.problem };
  const { job, which } = meant.value;
  return {
    do: "form",
    form: editFormFor(catalogue, start.value.parent, context.token("redo", { jobId: job.jobId, pictures: which })),
  };
}

/** Somebody's own picture: image to image, with the words of the command or asked for by a form. */
async function fromAttached(context: Context, catalogue: Catalogue, edit: Edit): Promise<Outcome> {
  const style = styleOfRequest(catalogue, edit.style ?? context.rules.style);
  if (!style.ok) return { do: "refuse", problem: style.problem };
  const { prompt } = edit;
  if (prompt === undefined || prompt === "") return startForm(context, catalogue, { ...edit });
  return drawOutcome(context, style.value, { ...edit, prompt });
}
