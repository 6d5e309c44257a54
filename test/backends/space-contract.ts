import { onTestFinished } from "vitest";
import { backendContract } from "../contracts/backend.ts";
import { openGradio } from "../fakes/gradio.ts";
import { galleryApp } from "../fakes/gradio-app.ts";
import { initBytes, rca, record, spaceAt } from "./space-rig.ts";

export const spaceContract = (generation: "newer" | "older" | "libre"): void =>
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
