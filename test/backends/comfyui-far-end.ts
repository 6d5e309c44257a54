import { CANARY, type FarEnd } from "../contracts/far-end.ts";
import { openFakeComfyui } from "../fakes/comfyui.ts";
import { backendAt, rca } from "./comfyui-rig.ts";

const authorization = `Basic ${Buffer.from(`placard:${CANARY}`).toString("base64")}`;
const signedIn = (url: string) => url.replace("://", `://placard:${CANARY}@`);

const states = {
  waiting: "waiting",
  running: "running",
  done: "done",
  failed: "done",
  cancelled: "cancelled",
} as const;

export const comfyuiFarEnd: FarEnd = {
  name: "comfyui",
  open: async (world) => {
    const server = await openFakeComfyui({ authorization });
    const foreign = new Set<string>();
    return {
      backend: backendAt([signedIn(server.url)], {}, {}, world),
      server,
      exchanges: [
        { name: "models", kind: "json" },
        { name: "stats", kind: "json" },
        { name: "socket", kind: "stream" },
        { name: "prompt", kind: "json" },
        { name: "queue", kind: "json" },
        { name: "history", kind: "json" },
        { name: "view", kind: "picture" },
      ],
      slow(forMs) {
        const release = server.hold();
        if (forMs !== undefined) setTimeout(release, forMs);
      },
      again: () => backendAt([signedIn(server.url)], {}, {}, world),
      jobs: () =>
        server
          .jobs()
          .filter(({ id }) => !foreign.has(id))
          .map(({ state }) => ({ state: states[state] })),
      foreign() {
        const job = server.foreign();
        foreign.add(job.id);
        return { state: () => states[job.state()] };
      },
      wrongSize: () => server.wrongSize({ widthPx: 64, heightPx: 64 }),
    };
  },
  options: { style: rca },
};
