import { parseArgs } from "../../src/args.ts";
import { editOrder } from "../../src/child-order.ts";
import type { ButtonAction } from "../../src/command.ts";
import { type EditArgs, editCommand } from "../../src/edit-form.ts";
import { generateProblem, pressedPicture, styleOfRequest } from "../../src/press-rules.ts";

/** The Edit form, filled in. */
export const button: ButtonAction = {
  verb: "redo",
  run(context, subject, world) {
    const forbidden = generateProblem(context);
    if (forbidden) return { do: "refuse", problem: forbidden };
    const parent = pressedPicture(subject);
    if (!parent.ok) return { do: "refuse", problem: parent.problem };
    const style = styleOfRequest(world, parent.value.picture.order.request.styleId);
    if (!style.ok) return { do: "refuse", problem: style.problem };
    const args = parseArgs(editCommand, { values: subject.values ?? {} }, []);
    if (!args.ok) return { do: "refuse", problem: args.problem };
    // parseArgs gives the output of this command's own schema.
    const order = editOrder(context, style.value, parent.value, args.value.values as EditArgs);
    return order.ok ? { do: "draw", order: order.value } : { do: "refuse", problem: order.problem };
  },
};
