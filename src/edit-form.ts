import { z } from "zod";
import { specOf } from "./args.ts";
import type { Parent } from "./child-order.ts";
import { requestBehind } from "./child-order.ts";
import { type Command, defineCommand } from "./command.ts";
import { drawFields } from "./draw-options.ts";
import { presetOf } from "./size.ts";
import type { FormSpec } from "./view.ts";

const editArgs = z.strictObject({
  prompt: drawFields.prompt,
  cfg: drawFields.cfg,
  steps: drawFields.steps,
  seed: drawFields.seed.optional(),
  scale: drawFields.scale,
  size: drawFields.size,
});
export type EditArgs = z.output<typeof editArgs>;

/** Not a command members type: it lets the form be described and checked by the same rules as typed text. */
export const editCommand: Command = defineCommand({
  name: "edit",
  summary: "Change a picture",
  example: "press Edit, change a field, send the form",
  args: editArgs,
  run: () => ({ do: "refuse", problem: { code: "unknown_command", text: "Press Edit under a picture." } }),
});

/** The parent's own values filled in. */
export function editForm(parent: Parent, token: string): FormSpec {
  const request = requestBehind(parent.picture);
  const size = presetOf(request)?.name ?? `${request.widthPx}x${request.heightPx}`;
  const values: Readonly<Record<string, string>> = {
    prompt: request.prompt,
    cfg: String(request.guidance),
    steps: String(request.steps),
    seed: String(request.seed),
    scale: String(request.loraScale),
    size,
  };
  return {
    title: `Edit #${parent.picture.number}`,
    token,
    submitLabel: "Make it",
    fields: specOf(editCommand).options.map((field) => ({ ...field, value: values[field.name] ?? "" })),
  };
}
