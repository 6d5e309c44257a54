import { rerollOrder } from "../../src/child-order.ts";
import type { ButtonAction } from "../../src/command.ts";
import { generateProblem, isRequester, pressedPicture, styleOfRequest } from "../../src/press-rules.ts";

/** The requester rerolls at once at their own cost; for others the chat's policy decides. */
export const button: ButtonAction = {
  verb: "reroll",
  run(context, subject, world) {
    const forbidden = generateProblem(context);
    if (forbidden) return { do: "refuse", problem: forbidden };
    const parent = pressedPicture(subject);
    if (!parent.ok) return { do: "refuse", problem: parent.problem };
    const style = styleOfRequest(world, parent.value.picture.order.request.styleId);
    if (!style.ok) return { do: "refuse", problem: style.problem };
    const atOnce = isRequester(context, subject.job) || !context.place.group || context.rules.reroll === "everyone";
    if (atOnce) return { do: "draw", order: rerollOrder(context, style.value, parent.value, "reroll") };
    if (context.rules.reroll === "vote")
      return { do: "vote", subject: subject.job, whenPassed: rerollOrder(context, style.value, parent.value, "vote") };
    const name = subject.job.memberName;
    return {
      do: "refuse",
      problem: {
        code: "not_allowed",
        text: `In this chat only ${name} may reroll this picture. Ask ${name}, or press Edit or Vary to make your own.`,
      },
    };
  },
};
