import { varyOrder } from "../../src/child-order.ts";
import type { ButtonAction } from "../../src/command.ts";
import { childStart } from "../../src/press-rules.ts";

/** A little different, same composition. Anyone may, at their own cost. */
export const button: ButtonAction = {
  verb: "subtle",
  run(context, subject, world) {
    const start = childStart(context, subject, world);
    if (!start.ok) return { do: "refuse", problem: start.problem };
    const { parent, style } = start.value;
    return { do: "draw", order: varyOrder(context, style, parent, "subtle") };
  },
};
