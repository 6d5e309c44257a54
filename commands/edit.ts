import { z } from "zod";
import { ok, type Result, refuse } from "../src/domain/problem.ts";
import { text } from "../src/domain/text.ts";
import { byWordsOutcome, type Source, tooMany } from "../src/features/derive/by-words.ts";
import { editOutcome, restyleOutcome } from "../src/features/derive/outcomes.ts";
import { givenImages } from "../src/features/draw/attached-image.ts";
import { drawFields, drawOutcome, noted, styleOption } from "../src/features/draw/options.ts";
import { startForm } from "../src/features/draw/start-form.ts";
import { whichOne } from "../src/features/lettering/outcomes.ts";
import { meantSubject, morePictureOption, namedSubject, pictureOption } from "../src/features/pictures/find.ts";
import { childStart, styleOfRequest } from "../src/features/pictures/rules.ts";
import { editFormFor } from "../src/features/posters/edit.ts";
import { attachmentOption, option } from "../src/ports/args.ts";
import {
  type Catalogue,
  type CommandsFrom,
  type Context,
  defineCommand,
  type PressedJob,
} from "../src/ports/command.ts";
import type { Outcome } from "../src/ports/outcome.ts";

const moreImage = (label: Parameters<typeof attachmentOption>[1]) =>
  attachmentOption(text("option.image.more"), label).optional();

export const commands: CommandsFrom = (catalogue) => {
  const args = z.strictObject({
    prompt: option(drawFields.prompt.optional(), { rest: true }),
    picture: pictureOption("own", false),
    how: option(z.enum(["words", "prompt"]).optional(), {
      about: text("option.how"),
      label: text("label.how"),
      labels: { words: text("choice.how.words"), prompt: text("choice.how.prompt") },
    }),
    style: styleOption(catalogue.styles, text("cmd.edit.option.style")).optional(),
    size: drawFields.size.optional(),
    seed: drawFields.seed.optional(),
    cfg: drawFields.cfg.optional(),
    steps: drawFields.steps.optional(),
    scale: drawFields.scale.optional(),
    negative: drawFields.negative.optional(),
    image: drawFields.image.optional(),
    change: drawFields.change.optional(),
    picture_2: morePictureOption(text("label.picture-2")),
    picture_3: morePictureOption(text("label.picture-3")),
    image_2: moreImage(text("label.image-2")),
    image_3: moreImage(text("label.image-3")),
  });
  return [
    defineCommand({
      group: "change",
      name: "edit",
      summary: text("cmd.edit.summary"),
      example: text("cmd.edit.example"),
      args,
      // The files stand in the context, in their order.
      run(context, { image: _1, image_2: _2, image_3: _3, ...edit }): Promise<Outcome> {
        const way = wayOf(context, edit);
        if (!way.ok) return Promise.resolve({ do: "refuse", problem: way.problem });
        switch (way.value) {
          case "words":
            return byWords(context, catalogue, edit);
          case "anew":
            return anew(context, catalogue, edit);
        }
      },
    }),
  ];
};

interface Edit {
  readonly prompt?: string | undefined;
  readonly how?: "words" | "prompt" | undefined;
  readonly picture?: string | undefined;
  readonly picture_2?: string | undefined;
  readonly picture_3?: string | undefined;
  readonly style?: string | undefined;
  readonly size?: string | undefined;
  readonly seed?: number | "random" | undefined;
  readonly cfg?: number | undefined;
  readonly steps?: number | undefined;
  readonly scale?: number | undefined;
  readonly negative?: string | undefined;
  readonly change?: number | undefined;
}

/** Words change the picture where something here can do that and nothing else was asked for; else they are a prompt. */
function wayOf(context: Context, edit: Edit): Result<"words" | "anew"> {
  const { how, prompt = "", style, change } = edit;
  const most = context.reads.picturesForWords();
  const drawsAnew = style !== undefined || change !== undefined;
  const given = context.attachments.length;
  const several = given > 1 || edit.picture_2 !== undefined || edit.picture_3 !== undefined;
  if (how === "prompt" || (how === undefined && !several && (drawsAnew || most === 0 || prompt === "")))
    return ok("anew");
  const problem = tooMany(most, given);
  if (problem) return refuse(problem);
  if (drawsAnew) return refuse({ code: "bad_args", text: text("problem.edit.how") });
  if (prompt !== "") return ok("words");
  return several ? refuse({ code: "bad_args", text: text("problem.edit.say") }) : ok("anew");
}

/** The pictures in the order in which they were given: the one that is meant, files, further numbers. */
async function byWords(
  context: Context,
  catalogue: Catalogue,
  { prompt = "", picture, picture_2, picture_3, how: _how, style: _style, change: _change, ...said }: Edit,
): Promise<Outcome> {
  const files = await givenImages(context);
  if (!files.ok) return { do: "refuse", problem: files.problem };
  const given = files.value.map((bytes): Source => ({ from: "given", bytes }));
  const isMeant = given.length === 0 || (picture ?? "") !== "" || context.about?.of === "job";
  const meant = isMeant ? await meantSubject(context, picture) : undefined;
  if (meant?.ok === false) return { do: "refuse", problem: meant.problem };
  const sources: Source[] = [];
  const more = await Promise.all(
    [picture_2, picture_3].filter((typed) => typed !== undefined).map((typed) => namedSubject(context, typed)),
  );
  const subjects = [...(meant ? [meant] : []), ...more];
  for (const subject of subjects) {
    const ours = subject.ok ? oursOf(context, catalogue, subject.value) : subject;
    if (!ours.ok) return { do: "refuse", problem: ours.problem };
    sources.push(ours.value);
  }
  const [first, ...others] = meant ? [...sources.slice(0, 1), ...given, ...sources.slice(1)] : [...given, ...sources];
  if (!first) return { do: "refuse", problem: { code: "bad_args", text: text("problem.edit.say") } };
  const styleId = first.from === "ours" ? first.parent.picture.order.request.styleId : context.rules.style;
  const style = styleOfRequest(catalogue, styleId);
  if (!style.ok) return { do: "refuse", problem: style.problem };
  return byWordsOutcome(context, style.value, [first, ...others], { ...said, words: prompt });
}

/** One picture of this chat, which its member may make others from. */
function oursOf(
  context: Context,
  catalogue: Catalogue,
  subject: PressedJob,
): Result<Extract<Source, { from: "ours" }>> {
  const several = whichOne(subject);
  if (several) return refuse(several);
  const start = childStart(context, subject, catalogue);
  return start.ok ? ok({ from: "ours", parent: start.value.parent }) : start;
}

async function anew(context: Context, catalogue: Catalogue, edit: Edit): Promise<Outcome> {
  const { how, picture_2: _2, picture_3: _3, ...said } = edit;
  if (context.attachments.length > 0) return fromAttached(context, catalogue, said);
  const outcome = await fromOurs(context, catalogue, said);
  const { prompt = "", style, change } = said;
  // Who said what to change is told why it is not what comes.
  const isMistaken =
    how === undefined &&
    prompt !== "" &&
    style === undefined &&
    change === undefined &&
    context.reads.picturesForWords() === 0;
  return isMistaken ? noted(outcome, [text("note.drawn-anew")]) : outcome;
}

type Anew = Omit<Edit, "how" | "picture_2" | "picture_3">;

/** One of this chat's pictures: its recipe with what was changed, in the words of a reply or by the form. */
async function fromOurs(context: Context, catalogue: Catalogue, { picture, style, ...edit }: Anew): Promise<Outcome> {
  const meant = await meantSubject(context, picture);
  if (!meant.ok) return { do: "refuse", problem: meant.problem };
  const said = Object.values(edit).some((value) => value !== undefined);
  if (style !== undefined) return restyleOutcome(context, meant.value, catalogue, { styleId: style, ...edit });
  if (said) return editOutcome(context, meant.value, catalogue, edit);
  const start = childStart(context, meant.value, catalogue);
  if (!start.ok) return { do: "refuse", problem: start.problem };
  const { job, which } = meant.value;
  const token = context.token("redo", { jobId: job.jobId, pictures: which });
  return { do: "form", form: editFormFor(context, catalogue, start.value.parent, token) };
}

/** Somebody's own picture: image to image, with the words of the command or asked for by a form. */
async function fromAttached(context: Context, catalogue: Catalogue, edit: Anew): Promise<Outcome> {
  const style = styleOfRequest(catalogue, edit.style ?? context.rules.style);
  if (!style.ok) return { do: "refuse", problem: style.problem };
  const { prompt } = edit;
  if (prompt === undefined || prompt === "") return startForm(context, catalogue, { ...edit });
  return drawOutcome(context, style.value, { ...edit, prompt });
}
