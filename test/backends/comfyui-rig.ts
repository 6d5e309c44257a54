import { expect } from "vitest";
import { readSettings } from "../../src/app/settings.ts";
import { type ComfyuiOptions, createComfyui } from "../../src/backends/comfyui/backend.ts";
import { module } from "../../src/backends/comfyui.ts";
import { styleSchema } from "../../src/domain/style.ts";
import type { Backend } from "../../src/ports/backend.ts";
import type { ModuleServices } from "../../src/ports/module.ts";
import { someStyle } from "../contracts/backend.ts";
import type { FakeGraph } from "../fakes/comfyui/check.ts";
import { moduleServices } from "../fakes/module-services.ts";

/** With the LoRA that the fake has, named as people write it. */
export const rca = styleSchema.parse({ ...someStyle, lora: { comfyui: "RCA_v2" } });

/** Quick enough for tests: a server that is gone is given up after a quarter of a second. */
const QUICK: ComfyuiOptions = { pollEveryMs: 20, patienceMs: 250, connectTimeoutMs: 3000 };

export function backendAt(
  urls: readonly string[],
  env: Readonly<Record<string, string>> = {},
  options: ComfyuiOptions = {},
  world: ModuleServices = moduleServices(),
): Backend {
  const settings = readSettings("comfyui", module.env, { COMFYUI_URL: urls.join(","), ...env });
  // The border of `readSettings`: it gives what this module's own env parsed.
  const backend = createComfyui(settings as Parameters<typeof createComfyui>[0], world, { ...QUICK, ...options });
  if (!backend) throw new Error("COMFYUI_URL turns it on");
  return backend;
}

/** Without the job's own file name. */
export const withoutNames = (graph: FakeGraph): FakeGraph =>
  Object.fromEntries(
    Object.entries(graph).map(([id, { inputs, ...node }]) => {
      const { filename_prefix: _, ...others } = inputs;
      return [id, { ...node, inputs: others }];
    }),
  );

/** As `expect.poll`, with time enough for a busy machine. */
export const eventually = <T>(look: () => T) => expect.poll(look, { timeout: 10_000, interval: 5 });
