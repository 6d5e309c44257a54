import { z } from "zod";
import { generateProblem } from "../../domain/permissions.ts";
import { GIVEN_IMAGE_MAX_BYTES } from "../../domain/recipe.ts";
import { parseArgs, specOf } from "../../ports/args.ts";
import { type Catalogue, type Command, type Context, defineCommand, type Outcome } from "../../ports/command.ts";
import { styleOfRequest } from "../pictures/rules.ts";
import { givenImageProblem } from "./attached-image.ts";
import { drawFields, drawFrom, styleOption } from "./options.ts";
import { CHANGE_DEFAULT } from "./order.ts";

// "Use this picture": chosen from a message's menu, it comes without a word, so what it should become is asked for.

const startArgs = (catalogue: Pick<Catalogue, "styles">) =>
  z.strictObject({
    prompt: drawFields.prompt,
    style: styleOption(catalogue.styles),
    change: drawFields.change,
  });

/** Lets the form be described and checked by the same rules as typed text. */
const startFields = (catalogue: Pick<Catalogue, "styles">): Command =>
  defineCommand({
    group: "make",
    name: "start",
    summary: "Start from a picture",
    example: "choose “Use this picture”, fill in the form, send it",
    args: startArgs(catalogue),
    run: () => ({ do: "refuse", problem: { code: "unknown_command", text: "Attach a picture to /edit." } }),
  });

/** Asks what the attached picture should become; the picture is kept until the answer. */
export function startForm(
  context: Context,
  catalogue: Pick<Catalogue, "styles">,
  given: { readonly style?: string | undefined; readonly change?: number | undefined },
): Outcome {
  const problem = generateProblem(context) ?? givenImageProblem(context);
  const [startFrom] = context.attachments;
  if (problem) return { do: "refuse", problem };
  const values: Readonly<Record<string, string>> = {
    style: given.style ?? context.rules.style,
    change: String(given.change ?? CHANGE_DEFAULT),
  };
  return {
    do: "form",
    form: {
      title: "Use this picture",
      token: context.token("start", "chat"),
      submitLabel: "Make it",
      fields: specOf(startFields(catalogue)).options.map((field) => ({ ...field, value: values[field.name] ?? "" })),
    },
    ...(startFrom ? { startFrom } : {}),
  };
}

/** The form's answer. */
export async function startOutcome(
  context: Context,
  catalogue: Pick<Catalogue, "styles">,
  values: Readonly<Record<string, unknown>>,
): Promise<Outcome> {
  const parsed = parseArgs(startFields(catalogue), { values }, []);
  if (!parsed.ok) return { do: "refuse", problem: parsed.problem };
  // parseArgs gives the output of this command's own schema.
  const { style: styleId, ...options } = parsed.value.values as z.output<ReturnType<typeof startArgs>>;
  const style = styleOfRequest(catalogue, styleId);
  if (!style.ok) return { do: "refuse", problem: style.problem };
  const pending = await context.reads.pendingImage();
  if (!pending || pending.length > GIVEN_IMAGE_MAX_BYTES)
    return {
      do: "refuse",
      problem: { code: "expired", text: "That picture could not be fetched. Choose it again, or attach it to /edit." },
    };
  return drawFrom(context, style.value, options, pending);
}
