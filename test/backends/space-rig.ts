import { readSettings } from "../../src/app/settings.ts";
import { tinyPng } from "../../src/backends/fake/png.ts";
import { createSpace } from "../../src/backends/space/backend.ts";
import { module } from "../../src/backends/space.ts";
import { styleSchema } from "../../src/domain/style.ts";
import type { Backend } from "../../src/ports/backend.ts";
import type { ModuleServices } from "../../src/ports/module.ts";
import type { GradioFake } from "../fakes/gradio.ts";
import { moduleServices } from "../fakes/module-services.ts";

export const rca = styleSchema.parse({ id: "rca", title: "RCA", trigger: "RCA style", lora: { space: "RCA" } });
export const initBytes = tinyPng(256, 256, "start");

export function spaceAt(
  environment: Readonly<Record<string, string>>,
  world: ModuleServices = moduleServices(),
): Backend {
  const settings = readSettings("space", module.env, environment);
  // The border of a test: `readSettings` has just parsed them by the module's own schema.
  const backend = createSpace(settings as Parameters<typeof createSpace>[0], world, {
    previewEveryMs: 0,
    wakeLookEveryMs: 20,
  });
  if (!backend) throw new Error("HF_SPACE is not set");
  return backend;
}

/** What the far end was asked for, without the names it gives the calls. */
export const record = (server: GradioFake) =>
  JSON.stringify([
    server.jobs().map(({ data, selected }) => [data, selected]),
    server.uploads.map((bytes) => Buffer.from(bytes).toString("base64")),
  ]);
