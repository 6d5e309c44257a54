import { MEETING_NOTE_MAX_CHARS, type Meeting } from "../../domain/meeting.ts";
import { isGuestId } from "../../domain/seat.ts";
import { text } from "../../domain/text.ts";
import { cutText } from "../../lib/text.ts";
import type { Context } from "../../ports/command.ts";
import type { Outcome } from "../../ports/outcome.ts";
import type { FormSpec } from "../../ports/view.ts";
import { meetingToken } from "../../views/meeting/buttons.ts";
import { memberMeant } from "../people/block.ts";
import { changed, steered, steerProblem } from "./steer.ts";

// What needs words: a note, and who takes the chair.

const NAME_MAX_CHARS = 100;

const formOf = (of: "note" | "chair", meeting: Meeting, token: Context["token"]): FormSpec => ({
  title: text(of === "note" ? "form.meeting.note" : "form.meeting.chair"),
  token: meetingToken(token, meeting, of),
  submitLabel: text(of === "note" ? "button.meeting.note" : "button.meeting.chair"),
  fields: [
    {
      name: "words",
      label: text(of === "note" ? "label.note" : "label.member"),
      summary: text(of === "note" ? "form.meeting.note.about" : "form.meeting.chair.about"),
      kind: "text",
      required: true,
      rest: of === "note",
      maxChars: of === "note" ? MEETING_NOTE_MAX_CHARS : NAME_MAX_CHARS,
    },
  ],
});

/** Anybody who is there writes down what was said. @param at the item it belongs to; words absent: asks for them */
export function noteOutcome(
  context: Pick<Context, "member" | "token">,
  meeting: Meeting,
  at: number,
  words: string | undefined,
): Outcome {
  const note = cutText((words ?? "").replace(/\s+/gu, " ").trim(), MEETING_NOTE_MAX_CHARS);
  if (note === "") return { do: "form", form: formOf("note", meeting, context.token) };
  const { id, name } = context.member;
  return changed(meeting, { does: "note", at, by: { id, name }, note }, text("meeting.noted"));
}

/** Somebody else has the chair from now on: one of those who are there, or whoever the platform knows by this name. */
export async function chairOutcome(context: Context, meeting: Meeting, words: string | undefined): Promise<Outcome> {
  const problem = steerProblem(context, meeting);
  if (problem) return { do: "refuse", problem };
  const written = (words ?? "").trim();
  if (written === "" && context.about === undefined)
    return { do: "form", form: formOf("chair", meeting, context.token) };
  const called = keyOf(written.replace(/^@/u, ""));
  const [there, ...others] = meeting.present.filter(({ name }) => keyOf(name) === called);
  const meant =
    there && others.length === 0 ? ({ ok: true, value: there } as const) : await memberMeant(context, written);
  if (!meant.ok) return { do: "refuse", problem: meant.problem };
  if (isGuestId(meant.value.id))
    return {
      do: "refuse",
      problem: { code: "not_allowed", text: text("problem.meeting.guest", { name: meant.value.name }) },
    };
  const said = text("meeting.chair", { name: meant.value.name });
  const outcome = steered(context, meeting, { does: "chair", to: meant.value }, said);
  return outcome.do === "meeting" && outcome.does === "change" ? { ...outcome, toAll: true } : outcome;
}
const keyOf = (name: string): string => name.normalize("NFKC").trim().toLowerCase();
