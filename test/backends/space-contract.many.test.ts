import { onTestFinished } from "vitest";
import { backendContract } from "../contracts/backend.ts";
import { CANARY, remoteBackendContract } from "../contracts/remote-backend.ts";
import { openGradio } from "../fakes/gradio.ts";
import { galleryApp } from "../fakes/gradio-app.ts";

import { initBytes, rca, record, spaceAt } from "./space-rig.ts";

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
      exchanges: [
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
