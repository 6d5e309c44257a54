import { type Decision, REASON_MAX_CHARS } from "../../domain/decision.ts";
import { ok, type Problem, type Result, refuse } from "../../domain/problem.ts";
import { text } from "../../domain/text.ts";
import { cutText } from "../../lib/text.ts";
import type { Context } from "../../ports/command.ts";
import type { Outcome } from "../../ports/outcome.ts";
import type { FormSpec } from "../../ports/view.ts";
import { decisionHere, mayEnd, openDecision } from "./rules.ts";

export const NOTE_MAX_CHARS = REASON_MAX_CHARS;

/** Under a decision: who may end it is asked for a line about it first; a tie is decided by the press alone. */
export async function endOutcome(
  context: Context,
  pressed: {
    readonly decisionId: string;
    readonly choose?: string | undefined;
    readonly values?: Readonly<Record<string, unknown>> | undefined;
  },
): Promise<Outcome> {
  const { decisionId, choose, values } = pressed;
  const found = await (choose === undefined ? openDecision : decisionHere)(context, decisionId);
  if (!found.ok) return { do: "refuse", problem: found.problem };
  const decision = found.value;
  if (!mayEnd(context, decision)) return { do: "refuse", problem: notYours(decision) };
  if (choose !== undefined) {
    if (!decision.options.some(({ id }) => id === choose))
      return { do: "refuse", problem: { code: "expired", text: text("problem.decision.no-option") } };
    return { do: "close", decisionId, choose };
  }
  if (decision.kind === "spend") return { do: "close", decisionId };
  if (values === undefined) return { do: "form", form: closeForm(decision, context.token) };
  return { do: "close", decisionId, ...noteIn(values["note"]) };
}

const notYours = ({ openedBy }: Decision): Problem => ({
  code: "not_allowed",
  text: text("problem.decision.close", { name: openedBy.name }),
});

/** Typed: the only one that is open here, or the one about what was answered. */
export async function typedCloseOutcome(context: Context, note: string | undefined): Promise<Outcome> {
  const meant = await meantDecision(context, () => true);
  if (!meant.ok) return { do: "refuse", problem: meant.problem };
  const { decisionId } = meant.value;
  if (!mayEnd(context, meant.value)) return { do: "refuse", problem: notYours(meant.value) };
  return { do: "close", decisionId, ...noteIn(note) };
}

/** The open decision of this chat that somebody means who presses nothing. */
export async function meantDecision(
  { reads, about }: Pick<Context, "reads" | "about">,
  fits: (decision: Decision) => boolean,
): Promise<Result<Decision>> {
  const open = (await reads.openDecisions()).filter(fits);
  const jobId = about?.of === "job" ? about.subject.job.jobId : undefined;
  const here = jobId === undefined ? open : open.filter(({ subjectJobId }) => subjectJobId === jobId);
  const [first, ...others] = here.length === 0 ? open : here;
  if (!first) return refuse({ code: "not_found", text: text("problem.decision.none-open") });
  if (others.length > 0) return refuse({ code: "bad_args", text: text("problem.decision.several") });
  return ok(first);
}

const noteIn = (typed: unknown): { readonly note?: string } => {
  const note = typeof typed === "string" ? cutText(typed.trim(), NOTE_MAX_CHARS) : "";
  return note === "" ? {} : { note };
};

const closeForm = ({ decisionId }: Decision, token: Context["token"]): FormSpec => ({
  title: text("form.close-vote"),
  token: token("endvote", "chat", { d: decisionId }),
  submitLabel: text("button.close-vote"),
  fields: [
    {
      name: "note",
      label: text("label.note"),
      summary: text("form.close-vote.about"),
      kind: "text",
      required: false,
      rest: true,
      maxChars: NOTE_MAX_CHARS,
    },
  ],
});
