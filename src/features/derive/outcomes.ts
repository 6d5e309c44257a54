import { AYE } from "../../domain/decision.ts";
import { quorumOf } from "../../domain/quorum.ts";
import { styleName } from "../../domain/style.ts";
import { text } from "../../domain/text.ts";
import type { Catalogue, Context, PressedJob } from "../../ports/command.ts";
import type { Outcome } from "../../ports/outcome.ts";
import { childStart, isOwner, wordsStart } from "../pictures/rules.ts";
import { type EditOptions, editOrder, rerollOrder, restyleOrder, type VaryKind, varyOrder } from "./order.ts";

// What buttons and commands decide about making a picture from another one: one rule for both.

type Styles = Pick<Catalogue, "styles">;

/** Whose picture it is rerolls at once at their own cost; for others the chat's rules decide. */
export async function rerollOutcome(context: Context, subject: PressedJob, catalogue: Styles): Promise<Outcome> {
  const start = childStart(context, subject, catalogue);
  if (!start.ok) return { do: "refuse", problem: start.problem };
  const { parent, style } = start.value;
  const atOnce = !context.place.group || context.rules.reroll === "everyone" || (await isOwner(context, subject.job));
  if (atOnce) return { do: "draw", order: rerollOrder(context, style, parent, "reroll") };
  if (context.rules.reroll === "vote")
    return {
      do: "decide",
      on: { opening: quorumOf(context.rules, { kind: "reroll", subjectJobId: subject.job.jobId }) },
      choice: { how: "toggle", optionId: AYE },
      whenPassed: rerollOrder(context, style, parent, "vote"),
    };
  const name = subject.job.memberName;
  return {
    do: "refuse",
    problem: {
      code: "not_allowed",
      text: text("problem.reroll.requester", { name }),
    },
  };
}

/** Somewhat different, same composition. Anyone may, at their own cost. */
export function varyOutcome(context: Context, subject: PressedJob, catalogue: Styles, kind: VaryKind): Outcome {
  const start = childStart(context, subject, catalogue);
  if (!start.ok) return { do: "refuse", problem: start.problem };
  const { parent, style } = start.value;
  return { do: "draw", order: varyOrder(context, style, parent, kind) };
}

/** With what was changed. Anyone may, at their own cost. */
export function editOutcome(context: Context, subject: PressedJob, catalogue: Styles, options: EditOptions): Outcome {
  const start = wordsStart(context, subject, catalogue);
  if (!start.ok) return { do: "refuse", problem: start.problem };
  const { parent, style } = start.value;
  const order = editOrder(context, style, parent, options);
  return order.ok ? { do: "draw", order: order.value } : { do: "refuse", problem: order.problem };
}

/** In another style, with the same seed, and what else was changed. Anyone may, at their own cost. */
export function restyleOutcome(
  context: Context,
  subject: PressedJob,
  catalogue: Styles,
  { styleId, ...options }: EditOptions & { readonly styleId: string },
): Outcome {
  const start = childStart(context, subject, catalogue, styleId);
  if (!start.ok) return { do: "refuse", problem: start.problem };
  const { parent, style } = start.value;
  const before = parent.picture.order.request.styleId;
  if (before === style.id && Object.keys(options).length > 0) return editOutcome(context, subject, catalogue, options);
  if (before === style.id)
    return {
      do: "refuse",
      problem: {
        code: "bad_args",
        text: text("problem.restyle.same", { style: styleName(style) }),
      },
    };
  const was = catalogue.styles.find(({ id }) => id === before);
  const order = restyleOrder(context, { style, before: was }, parent, options);
  return order.ok ? { do: "draw", order: order.value } : { do: "refuse", problem: order.problem };
}
