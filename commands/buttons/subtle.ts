import { varyOrder } from "../../src/child-order.ts";
import type { ButtonAction } from "../../src/command.ts";
import { generateProblem, pressedPicture, styleOfRequest } from "../../src/press-rules.ts";

/** A little different, same composition. Anyone may, at their own cost. */
export const button: ButtonAction = {
  verb: "subtle",
  run(context, subject, world) {
    const forbidden = generateProblem(context);
    if (forbidden) return { do: "refuse", problem: forbidden };
    const parent = pressedPicture(subject);
    if (!parent.ok) return { do: "refuse", problem: parent.problem };
    const style = styleOfRequest(world, parent.value.picture.order.request.styleId);
    if (!style.ok) return { do: "refuse", problem: style.problem };
    return { do: "draw", order: varyOrder(context, style.value, parent.value, "subtle") };
  },
};
