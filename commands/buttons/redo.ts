import { parseArgs } from "../../src/args.ts";
import { editOrder } from "../../src/child-order.ts";
import type { ButtonAction } from "../../src/command.ts";
import { type EditArgs, editCommand } from "../../src/edit-form.ts";
import { childStart } from "../../src/press-rules.ts";

/** The Edit form, filled in. */
export const button: ButtonAction = {
  verb: "redo",
  run(context, subject, world) {
    const start = childStart(context, subject, world);
    if (!start.ok) return { do: "refuse", problem: start.problem };
    const { parent, style } = start.value;
    const args = parseArgs(editCommand, { values: subject.values ?? {} }, []);
    if (!args.ok) return { do: "refuse", problem: args.problem };
    // parseArgs gives the output of this command's own schema.
    const order = editOrder(context, style, parent, args.value.values as EditArgs);
    return order.ok ? { do: "draw", order: order.value } : { do: "refuse", problem: order.problem };
  },
};
