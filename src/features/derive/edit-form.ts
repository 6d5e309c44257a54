import { z } from "zod";
import { ok, type Result } from "../../domain/problem.ts";
import { presetOf } from "../../domain/size.ts";
import { parseArgs, specOf } from "../../ports/args.ts";
import { type Command, defineCommand } from "../../ports/command.ts";
import type { FormSpec } from "../../ports/view.ts";
import { drawFields } from "../draw/options.ts";
import { type EditOptions, type Parent, requestBehind } from "./order.ts";

/** Platforms with small forms leave fields out, never the first one. */
const editArgs = z.strictObject({
  prompt: drawFields.prompt,
  cfg: drawFields.cfg.optional(),
  steps: drawFields.steps.optional(),
  seed: drawFields.seed.optional(),
  scale: drawFields.scale.optional(),
  size: drawFields.size.optional(),
});

/** Not a command members type: it lets the form be described and checked by the same rules as typed text. */
const editFields: Command = defineCommand({
  group: "change",
  name: "edit",
  summary: "Change a picture",
  example: "press Edit, change a field, send the form",
  args: editArgs,
  run: () => ({ do: "refuse", problem: { code: "unknown_command", text: "Press Edit under a picture." } }),
});

/** What came back from the form. A seed that was emptied asks for another one; a field that is not there stays as it was. */
export function editFromForm(values: Readonly<Record<string, unknown>>): Result<EditOptions> {
  const parsed = parseArgs(editFields, { values }, []);
  if (!parsed.ok) return parsed;
  // parseArgs gives the output of this command's own schema.
  const edit = parsed.value.values as z.output<typeof editArgs>;
  const { seed: sent } = values;
  return ok(typeof sent === "string" && sent.trim() === "" ? { ...edit, seed: "cleared" } : edit);
}

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
    fields: specOf(editFields).options.map((field) => ({
      ...field,
      required: field.name !== "seed",
      value: values[field.name] ?? "",
    })),
  };
}
