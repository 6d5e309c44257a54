import { z } from "zod";
import { PAPERS, type Paper, type PrintWish } from "../../domain/document.ts";
import type { Picture } from "../../domain/job.ts";
import { type Text, text } from "../../domain/text.ts";
import { fieldsOf, option, parseForm } from "../../ports/args.ts";
import type { Context, PressedJob } from "../../ports/command.ts";
import type { Outcome } from "../../ports/outcome.ts";
import { paperName } from "../../views/document.ts";
import { isMuchCut } from "../../views/print.ts";
import { pressedPicture } from "../pictures/rules.ts";

const BLEED_MAX_MM = 10;
const YES_NO = { yes: text("choice.yes"), no: text("choice.no") };

/** How it comes on paper, described once for the command and for the form. */
export const printFields = {
  size: option(z.enum(PAPERS).default("a4"), {
    about: text("option.print.size"),
    label: text("label.print.size"),
    labels: paperLabels(),
  }),
  bleed: option(z.int().min(0).max(BLEED_MAX_MM).default(3), {
    about: text("option.print.bleed"),
    label: text("label.print.bleed"),
  }),
  marks: option(z.enum(["yes", "no"]).default("yes"), {
    about: text("option.print.marks"),
    label: text("label.print.marks"),
    labels: YES_NO,
  }),
  fit: option(z.enum(["fill", "fit"]).optional(), {
    about: text("option.print.fit"),
    label: text("label.print.fit"),
    labels: { fill: text("choice.print.fill"), fit: text("choice.print.fit") },
  }),
};

function paperLabels(): Readonly<Record<Paper, Text>> {
  return Object.fromEntries(PAPERS.map((paper) => [paper, paperName(paper)])) as Record<Paper, Text>;
}

const args = z.strictObject(printFields);
export type PrintArgs = z.output<typeof args>;
const FORM = { name: "print", args, again: text("print.again") };

/** A square on a long sheet would lose its words: where nobody said how, all of it is shown then. */
const usualFit = (paper: Paper, picture: Pick<Picture, "recipe">): PrintWish["fit"] =>
  isMuchCut({ paper, fit: "fill" }, picture) ? "fit" : "fill";

const wishOf = ({ size, bleed, marks, fit }: PrintArgs, picture: Pick<Picture, "recipe">): PrintWish => ({
  paper: size,
  bleedMm: bleed,
  cropMarks: marks === "yes",
  fit: fit ?? usualFit(size, picture),
});

export const printOutcome = (picture: Pick<Picture, "imageId" | "recipe">, asked: PrintArgs): Outcome => ({
  do: "document",
  wish: { kind: "print", of: { imageIds: [picture.imageId], chosen: "named" }, print: wishOf(asked, picture) },
});

/** "Print on paper": asks how. Of a batch it is its first. */
export function openPrintForm(context: Pick<Context, "token">, subject: PressedJob): Outcome {
  const pressed = pressedPicture(subject);
  if (!pressed.ok) return { do: "refuse", problem: pressed.problem };
  const { picture } = pressed.value;
  const { jobId, index, number } = picture;
  const fit = usualFit("a4", picture);
  const usual: Readonly<Record<string, string>> = { size: "a4", bleed: "3", marks: "yes", fit };
  return {
    do: "form",
    form: {
      title: text("form.print.title", { number }),
      token: context.token("print", { jobId, pictures: index }),
      submitLabel: text("button.print"),
      fields: fieldsOf(FORM).map((field) => ({ ...field, value: usual[field.name] ?? "" })),
    },
  };
}

/** The form, filled in. */
export function printFromForm(
  context: Pick<Context, "spoken">,
  subject: PressedJob,
  values: Readonly<Record<string, unknown>>,
): Outcome {
  const pressed = pressedPicture(subject);
  if (!pressed.ok) return { do: "refuse", problem: pressed.problem };
  const parsed = parseForm(FORM, values, context.spoken);
  if (!parsed.ok) return { do: "refuse", problem: parsed.problem };
  return printOutcome(pressed.value.picture, parsed.value.values);
}

/** "12 a3", "a3": people write the paper where no option is named. */
export function paperIn(typed: string | undefined): { readonly picture?: string; readonly size?: Paper } {
  const words = (typed ?? "").split(/\s+/u).filter((word) => word !== "");
  const size = PAPERS.find((paper) => words.some((word) => word.toLowerCase() === paper));
  const picture = words.filter((word) => word.toLowerCase() !== size).join(" ");
  return { ...(picture === "" ? {} : { picture }), ...(size === undefined ? {} : { size }) };
}
