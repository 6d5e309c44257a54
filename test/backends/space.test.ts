import { describe, expect, it, onTestFinished } from "vitest";
import { type Backend, BackendError, type BackendEvent } from "../../src/backend.ts";
import { tinyPng } from "../../src/backends/fake/png.ts";
import { createSpace, module } from "../../src/backends/space.ts";
import type { ModuleWorld } from "../../src/module.ts";
import type { ImageRequest } from "../../src/recipe.ts";
import { readSettings } from "../../src/settings.ts";
import { type Style, styleSchema } from "../../src/style.ts";
import { backendContract, someRequest } from "../contracts/backend.ts";
import { CANARY, remoteBackendContract } from "../contracts/remote-backend.ts";
import { type GradioFake, type GradioFakeOptions, openGradio } from "../fakes/gradio.ts";
import { galleryApp } from "../fakes/gradio-app.ts";
import { moduleWorld } from "../fakes/module-world.ts";

const rca = styleSchema.parse({ id: "rca", title: "RCA", trigger: "RCA style", lora: { space: "RCA" } });
const initBytes = tinyPng(256, 256, "start");

function spaceAt(environment: Readonly<Record<string, string>>, world: ModuleWorld = moduleWorld()): Backend {
  const settings = readSettings("space", module.env, environment);
  // The border of a test: `readSettings` has just parsed them by the module's own schema.
  const backend = createSpace(settings as Parameters<typeof createSpace>[0], world, { previewEveryMs: 0 });
  if (!backend) throw new Error("HF_SPACE is not set");
  return backend;
}

async function opened(options: GradioFakeOptions = {}, world?: ModuleWorld) {
  const server = await openGradio(options);
  const onHub = options.spaceId !== undefined;
  const backend = spaceAt(
    {
      HF_SPACE: options.spaceId ?? server.url,
      HF_HUB_URL: server.url,
      ...(options.token === undefined ? {} : { HF_TOKEN: options.token }),
    },
    world,
  );
  onTestFinished(async () => {
    await backend.close();
    await server.close();
  });
  return { server, backend, onHub };
}

/** What the far end was asked for, without the names it gives the calls. */
const record = (server: GradioFake) =>
  JSON.stringify([
    server.jobs().map(({ data, selected }) => [data, selected]),
    server.uploads.map((bytes) => Buffer.from(bytes).toString("base64")),
  ]);

for (const generation of ["newer", "older", "libre"] as const)
  backendContract(
    `space, ${generation} generation`,
    async () => {
      const server = await openGradio({ app: { ...galleryApp, generation }, spaceId: "someone/gallery" });
      const slowServer = await openGradio({ app: { ...galleryApp, generation } });
      slowServer.stepsTake(5000);
      onTestFinished(async () => {
        await server.close();
        await slowServer.close();
      });
      const backend = spaceAt({ HF_SPACE: "someone/gallery", HF_HUB_URL: server.url });
      // Features sharpen with the first look.
      await backend.health(AbortSignal.timeout(2000));
      return { backend, record: () => record(server), slow: spaceAt({ HF_SPACE: slowServer.url }) };
    },
    { initBytes, style: rca, request: { loraScale: 0.9 } },
  );

remoteBackendContract(
  "space",
  async (world) => {
    const server = await openGradio({ token: CANARY, concurrency: 1 });
    const backend = spaceAt({ HF_SPACE: server.url, HF_TOKEN: CANARY }, world);
    await backend.health(AbortSignal.timeout(2000));
    return {
      backend,
      server,
      places: [
        { name: "config", kind: "json" },
        { name: "info", kind: "json" },
        { name: "heartbeat", kind: "stream" },
        { name: "join", kind: "json" },
        { name: "data", kind: "stream" },
        { name: "file", kind: "picture" },
      ],
      slow: () => server.stepsTake(3000),
      jobs: server.jobs,
      foreign: server.foreign,
      wrongSize: server.wrongSize,
    };
  },
  { style: rca },
);
