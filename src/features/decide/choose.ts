import { type Decision, REASON_MAX_CHARS } from "../../domain/decision.ts";
import { standingVotes } from "../../domain/decision-tally.ts";
import { generateProblem } from "../../domain/permissions.ts";
import { text } from "../../domain/text.ts";
import { cutText } from "../../lib/text.ts";
import type { Catalogue, Context } from "../../ports/command.ts";
import type { Outcome } from "../../ports/outcome.ts";
import type { FormSpec } from "../../ports/view.ts";
import { chooseToken } from "../../views/decision/buttons.ts";
import { rerollOutcome } from "../derive/outcomes.ts";
import { openDecision, whoProblem } from "./rules.ts";

/** What was pressed: an option, or with `choices` exactly those. */
export interface Chosen {
  readonly decisionId: string;
  readonly optionId?: string | undefined;
  readonly values?: Readonly<Record<string, unknown>> | undefined;
}

const FOREIGN: Outcome = {
  do: "refuse",
  problem: { code: "expired", text: text("problem.decision.no-option") },
};
const CHOICES_MAX_CHARS = 400;

export async function chooseOutcome(
  context: Context,
  catalogue: Pick<Catalogue, "styles">,
  chosen: Chosen,
): Promise<Outcome> {
  const found = await openDecision(context, chosen.decisionId);
  if (!found.ok) return { do: "refuse", problem: found.problem };
  const decision = found.value;
  const forbidden = whoProblem(context, decision);
  if (forbidden) return { do: "refuse", problem: forbidden };
  if (decision.kind === "reroll") return reroll(context, catalogue, decision);
  // Whoever may make no pictures here has none made by a vote either.
  const mayNot = decision.kind === "spend" ? generateProblem(context) : undefined;
  if (mayNot) return { do: "refuse", problem: mayNot };
  return cast(context, decision, chosen);
}

/** The same press as the one under the picture. */
async function reroll(
  context: Context,
  catalogue: Pick<Catalogue, "styles">,
  { subjectJobId }: Decision,
): Promise<Outcome> {
  const job = subjectJobId === undefined ? undefined : await context.reads.job(subjectJobId);
  if (!job) return { do: "refuse", problem: { code: "not_found", text: text("problem.picture.order-gone") } };
  const pictures = await context.reads.picturesOf(job.jobId);
  return rerollOutcome(context, { job, pictures, which: pictures.length > 1 ? "all" : 0 }, catalogue);
}

function cast(context: Context, decision: Decision, { optionId, values }: Chosen): Outcome {
  const known = new Set(decision.options.map(({ id }) => id));
  if (optionId === undefined) {
    const { choices } = values ?? {};
    if (typeof choices !== "string" || choices.length > CHOICES_MAX_CHARS) return FOREIGN;
    const optionIds = choices.split(",").filter((id) => id !== "");
    if (!optionIds.every((id) => known.has(id))) return FOREIGN;
    return vote(context, decision, { how: "set", optionIds: [...new Set(optionIds)] });
  }
  if (!known.has(optionId)) return FOREIGN;
  const reason = reasonIn(values);
  if (reason !== undefined) return vote(context, decision, stands(optionId, reason));
  const { member, token } = context;
  const mine = standingVotes(decision.options, decision.votes).find(({ memberId }) => memberId === member.id);
  const isAsked = wantsReason(decision, optionId) && mine?.choices.includes(optionId) !== true;
  const outcome = vote(context, decision, { how: "toggle", optionId });
  return isAsked ? { ...outcome, asks: reasonForm(decision, optionId, token) } : outcome;
}

const wantsReason = ({ rule }: Decision, optionId: string): boolean =>
  rule.method === "proposal" && rule.visibility !== "secret" && (optionId === "disagree" || optionId === "block");

type Vote = Extract<Outcome, { do: "decide" }>;

/** What was said in words is not taken back by saying it again. */
export const stands = (optionId: string, reason: string | undefined): Vote["choice"] => ({
  how: "set",
  optionIds: [optionId],
  ...(reason === undefined || reason === "" ? {} : { reason }),
});

export function vote(context: Pick<Context, "isAdmin">, decision: Decision, choice: Vote["choice"]): Vote {
  const { order, kind } = decision;
  const spends = kind === "spend" && order !== undefined;
  return {
    do: "decide",
    on: { decision },
    choice,
    ...(spends ? { whenPassed: order } : {}),
    // Read only where it decides something: a platform may have to be asked.
    ...(spends && context.isAdmin ? { decisive: true as const } : {}),
  };
}

/** Emptied: none. `undefined`: nobody asked. */
function reasonIn(values: Chosen["values"]): string | undefined {
  const { reason } = values ?? {};
  return typeof reason === "string" ? cutText(reason.trim(), REASON_MAX_CHARS) : undefined;
}

const reasonForm = ({ decisionId }: Decision, optionId: string, token: Context["token"]): FormSpec => ({
  title: text(optionId === "block" ? "form.reason.block" : "form.reason.disagree"),
  token: chooseToken(token, decisionId, optionId),
  submitLabel: text("button.say"),
  fields: [
    {
      name: "reason",
      label: text("label.reason"),
      summary: text("form.reason.about"),
      kind: "text",
      required: true,
      rest: true,
      maxChars: REASON_MAX_CHARS,
    },
  ],
});
