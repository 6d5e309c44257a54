import { onTestFinished } from "vitest";
import { tinyPng } from "../../src/backends/fake/png.ts";
import { backendContract } from "../contracts/backend.ts";
import { CANARY, remoteBackendContract } from "../contracts/remote-backend.ts";
import { openFakeComfyui } from "../fakes/comfyui.ts";
import { backendAt, rca, withoutNames } from "./comfyui-rig.ts";

const authorization = `Basic ${Buffer.from(`placard:${CANARY}`).toString("base64")}`;
const signedIn = (url: string) => url.replace("://", `://placard:${CANARY}@`);

backendContract(
  "comfyui",
  async () => {
    const server = await openFakeComfyui();
    const slowServer = await openFakeComfyui();
    slowServer.hold();
    onTestFinished(async () => {
      await Promise.all([server.close(), slowServer.close()]);
    });
    return {
      backend: backendAt([server.url]),
      slow: backendAt([slowServer.url]),
      // The file's name has the job's id in it: as it is, every record would differ from every other.
      record: () => JSON.stringify(withoutNames(server.jobs().at(-1)?.graph ?? {})),
    };
  },
  { initBytes: tinyPng(256, 256, "start"), style: rca },
);

const states = {
  waiting: "waiting",
  running: "running",
  done: "done",
  failed: "done",
  cancelled: "cancelled",
} as const;

remoteBackendContract(
  "comfyui",
  async (world) => {
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
  { style: rca },
);
