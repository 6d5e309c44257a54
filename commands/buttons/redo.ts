import { text } from "../../src/domain/text.ts";
import { byWordsOutcome } from "../../src/features/derive/by-words.ts";
import { editFromForm, saidAnew, wordsIn } from "../../src/features/derive/edit-form.ts";
import { requestBehind } from "../../src/features/derive/order.ts";
import { editOutcome } from "../../src/features/derive/outcomes.ts";
import { noted } from "../../src/features/draw/options.ts";
import { childStart, wordsStart } from "../../src/features/pictures/rules.ts";
import { editedPoster } from "../../src/features/posters/edit.ts";
import { type Context, defineButton } from "../../src/ports/command.ts";
import type { Outcome } from "../../src/ports/outcome.ts";

/** The Edit form, filled in. */
export const button = defineButton({
  about: "job",
  verb: "redo",
  run(context, subject, catalogue) {
    // Who may not, or whose picture is gone, need not be told what is wrong with the fields.
    const start = wordsStart(context, subject, catalogue);
    if (!start.ok) return { do: "refuse", problem: start.problem };
    const { words, values } = wordsIn(subject.values ?? {});
    // What waits for a moderator is nothing to start from; it can only be said anew.
    const whole = words === undefined ? start : childStart(context, subject, catalogue);
    if (!whole.ok) return { do: "refuse", problem: whole.problem };
    if (words !== undefined) return changedByWords(context, start.value, words, values);
    const poster = editedPoster(context, catalogue, start.value, values);
    if (poster) return poster;
    const { parent } = start.value;
    const filled = editFromForm(values, { parent, spoken: context.spoken });
    if (!filled.ok) return { do: "refuse", problem: filled.problem };
    return noted(editOutcome(context, subject, catalogue, filled.value.edit), filled.value.notes);
  },
});

/** With the numbers that were changed in the form; a prompt that was changed besides asks for two pictures at once. */
async function changedByWords(
  context: Context,
  { parent, style }: Extract<ReturnType<typeof wordsStart>, { ok: true }>["value"],
  words: string,
  values: Readonly<Record<string, unknown>>,
): Promise<Outcome> {
  const isPoster = requestBehind(parent.picture).template !== undefined;
  const filled = isPoster ? undefined : editFromForm(values, { parent, spoken: context.spoken });
  if (filled?.ok === false) return { do: "refuse", problem: filled.problem };
  const { prompt, seed, negative, ...said } = saidAnew(filled?.value.edit ?? {}, parent);
  if (prompt !== undefined) return { do: "refuse", problem: { code: "bad_args", text: text("problem.edit.both") } };
  const outcome = await byWordsOutcome(context, style, [{ from: "ours", parent }], {
    words,
    ...said,
    ...(seed === undefined || seed === "cleared" ? {} : { seed }),
    ...(negative === undefined ? {} : { negative }),
  });
  return noted(outcome, filled?.value.notes ?? []);
}
