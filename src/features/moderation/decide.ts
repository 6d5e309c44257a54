import { text } from "../../domain/text.ts";
import { cutText } from "../../lib/text.ts";
import type { Context, PressedJob } from "../../ports/command.ts";
import type { Outcome } from "../../ports/outcome.ts";
import { isOwner, pressedPicture } from "../pictures/rules.ts";
import { heldSubject, mayModerate, moderatorProblem } from "./rules.ts";

/** As long as a line under a vote. */
export const REASON_MAX_CHARS = 200;
/** Of a form that a moderator fills in. */
export const reasonField = {
  name: "reason",
  label: text("label.reason"),
  summary: text("moderation.reason.about"),
  kind: "text",
  required: false,
  rest: true,
  maxChars: REASON_MAX_CHARS,
} as const;

/** Lets pictures through. */
export function release(context: Context, subject: PressedJob): Outcome {
  const forbidden = moderatorProblem(context);
  if (forbidden) return { do: "refuse", problem: forbidden };
  const held = heldSubject(subject);
  if (!held.ok) return { do: "refuse", problem: held.problem };
  return { do: "rule", jobId: subject.job.jobId, state: "approved" };
}

/** Asks for a reason first, which can be left empty. */
export function refusal(context: Context, subject: PressedJob): Outcome {
  const forbidden = moderatorProblem(context);
  if (forbidden) return { do: "refuse", problem: forbidden };
  const held = heldSubject(subject);
  if (!held.ok) return { do: "refuse", problem: held.problem };
  const { jobId } = subject.job;
  if (subject.values) return { do: "rule", jobId, state: "refused", ...reasonIn(subject.values["reason"]) };
  return {
    do: "form",
    form: {
      title: text("refuse.form", { number: held.value.first.number }),
      token: context.token("refuse", { jobId, pictures: "all" }),
      submitLabel: text("button.refuse"),
      fields: [reasonField],
    },
  };
}

export const reasonIn = (typed: unknown): { readonly reason?: string } => {
  const reason = typeof typed === "string" ? cutText(typed.trim(), REASON_MAX_CHARS) : "";
  return reason === "" ? {} : { reason };
};

/** Its author takes it back before anybody has decided. */
export async function withdrawal(context: Context, subject: PressedJob): Promise<Outcome> {
  const held = heldSubject(subject);
  if (!held.ok) return { do: "refuse", problem: held.problem };
  if (!(await isOwner(context, subject.job)))
    return { do: "refuse", problem: { code: "not_allowed", text: text("problem.withdraw") } };
  return { do: "rule", jobId: subject.job.jobId, state: "withdrawn" };
}

/** Somebody does not want it shown here. One who keeps order is enough. */
export function hiding(context: Context, subject: PressedJob): Outcome {
  const no = (id: "problem.hide.alone" | "problem.hide.off"): Outcome => ({
    do: "refuse",
    problem: { code: "not_allowed", text: text(id) },
  });
  if (!context.place.group) return no("problem.hide.alone");
  if (context.rules.hide === 0 && !mayModerate(context)) return no("problem.hide.off");
  const shown = pressedPicture(subject);
  if (!shown.ok) return { do: "refuse", problem: shown.problem };
  return { do: "hide", jobId: subject.job.jobId, needed: mayModerate(context) ? 1 : context.rules.hide };
}
