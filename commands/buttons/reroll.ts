import { rerollOrder } from "../../src/child-order.ts";
import type { ButtonAction } from "../../src/command.ts";
import { childStart, isRequester } from "../../src/press-rules.ts";

/** The requester rerolls at once at their own cost; for others the chat's policy decides. */
export const button: ButtonAction = {
  verb: "reroll",
  run(context, subject, world) {
    const start = childStart(context, subject, world);
    if (!start.ok) return { do: "refuse", problem: start.problem };
    const { parent, style } = start.value;
    const atOnce = isRequester(context, subject.job) || !context.place.group || context.rules.reroll === "everyone";
    if (atOnce) return { do: "draw", order: rerollOrder(context, style, parent, "reroll") };
    if (context.rules.reroll === "vote")
      return { do: "vote", subject: subject.job, whenPassed: rerollOrder(context, style, parent, "vote") };
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
