import { CANARY, type FarEnd } from "../contracts/far-end.ts";
import { openGradio } from "../fakes/gradio.ts";
import { rca, spaceAt } from "./space-rig.ts";

export const spaceFarEnd: FarEnd = {
  name: "space",
  open: async (world) => {
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
  options: { style: rca },
};
