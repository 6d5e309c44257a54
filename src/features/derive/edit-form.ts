import { z } from "zod";
import { ok, type Result } from "../../domain/problem.ts";
import { presetOf, type Size } from "../../domain/size.ts";
import type { Spoken } from "../../domain/spoken.ts";
import { type Text, text } from "../../domain/text.ts";
import { fieldsOf, option, parseForm } from "../../ports/args.ts";
import type { FormSpec } from "../../ports/view.ts";
import { drawFields } from "../draw/options.ts";
import { type EditOptions, type Parent, requestBehind } from "./order.ts";

/** Platforms with small forms leave fields out, never the first one. */
const editArgs = z.strictObject({
  prompt: drawFields.prompt,
  cfg: drawFields.cfg.optional(),
  steps: drawFields.steps.optional(),
  seed: drawFields.seed.optional(),
  scale: drawFields.scale.optional(),
  size: drawFields.size.optional(),
  negative: drawFields.negative.optional(),
});

const wordsArgs = z.strictObject({
  words: option(drawFields.prompt.optional(), {
    about: text("option.to-change"),
    label: text("label.to-change"),
    rest: false,
  }),
});

/**
 * "Say what to change", before all else; nothing of a whole batch, where nobody knows which of its pictures is meant.
 *
 * @param byWords something here changes pictures by words
 */
export const wordsField = ({ count }: Pick<Parent, "count">, byWords: boolean): FormSpec["fields"] =>
  byWords && count === 1
    ? fieldsOf({ name: "words", args: wordsArgs }).map((field) => ({ ...field, required: false, value: "" }))
    : [];

/** What was said in that field, apart from the rest of the form; `undefined`: nothing. */
export function wordsIn({ words, ...values }: Readonly<Record<string, unknown>>): {
  readonly words: string | undefined;
  readonly values: Readonly<Record<string, unknown>>;
} {
  return { words: typeof words === "string" && words.trim() !== "" ? words : undefined, values };
}

/** What of the form is not as it was shown: the rest was nobody's wish. */
export function saidAnew(edit: EditOptions, parent: Parent): EditOptions {
  const before = valuesOf(parent);
  return Object.fromEntries(
    Object.entries(edit).filter(([name, value]) => value !== undefined && String(value) !== (before[name] ?? "")),
  );
}

const editFields = { name: "edit", args: editArgs, again: text("form.edit.again") };

/**
 * What came back from the form about this parent. A seed that was emptied asks for another one, emptied unwanted words for none; a field that is not there
 * stays as it was.
 */
export function editFromForm(
  values: Readonly<Record<string, unknown>>,
  { parent, spoken }: { readonly parent: Parent; readonly spoken: Spoken },
): Result<{ readonly edit: EditOptions; readonly notes: readonly Text[] }> {
  const filled = parseForm({ ...editFields, before: valuesOf(parent) }, values, spoken);
  if (!filled.ok) return filled;
  const { values: edit, notes } = filled.value;
  const emptied = (name: "seed" | "negative") => {
    const { [name]: sent } = values;
    return edit[name] === undefined && typeof sent === "string" && sent.trim() === "";
  };
  const cleared = {
    ...(emptied("seed") && { seed: "cleared" as const }),
    ...(emptied("negative") && { negative: "" }),
  };
  return ok({ edit: { ...edit, ...cleared }, notes });
}

export const sizeValue = (size: Size): string => presetOf(size)?.name ?? `${size.widthPx}x${size.heightPx}`;

function valuesOf(parent: Parent): Readonly<Record<string, string>> {
  const request = requestBehind(parent.picture);
  return {
    prompt: request.promptLines ?? request.prompt,
    cfg: String(request.guidance),
    steps: String(request.steps),
    seed: String(request.seed),
    scale: String(request.loraScale),
    size: sizeValue(request),
    negative: request.negativePrompt ?? "",
  };
}

/** The parent's own values filled in. */
export function editForm(parent: Parent, token: string, byWords: boolean): FormSpec {
  const values = valuesOf(parent);
  return {
    title: text("form.edit.title", { number: parent.picture.number }),
    token,
    submitLabel: text("button.make"),
    fields: [
      ...wordsField(parent, byWords),
      ...fieldsOf(editFields).map((field) => ({
        ...field,
        // Where nothing here could do what "make the sky red" asks for, that is said where it would be typed.
        ...(field.name === "prompt" && !byWords ? { summary: text("option.prompt.anew") } : {}),
        required: field.name !== "seed",
        value: values[field.name] ?? "",
      })),
    ],
  };
}
