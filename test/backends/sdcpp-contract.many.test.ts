import { onTestFinished } from "vitest";
import { tinyPng } from "../../src/backends/fake/png.ts";
import { createSdcpp } from "../../src/backends/sdcpp.ts";
import { backendContract } from "../contracts/backend.ts";
import { remoteBackendContract } from "../contracts/remote-backend.ts";
import { openFakeSdcpp } from "../fakes/sdcpp.ts";

import { bodiesOf, jobStates, rca, withSignIn } from "./sdcpp-rig.ts";

backendContract(
  "sdcpp",
  async () => {
    const server = await openFakeSdcpp();
    const slowServer = await openFakeSdcpp();
    slowServer.takes(60_000);
    onTestFinished(async () => {
      await Promise.all([server.close(), slowServer.close()]);
    });
    return {
      backend: createSdcpp({ server: withSignIn(server.url), pollMs: 5 }),
      slow: createSdcpp({ server: withSignIn(slowServer.url), pollMs: 5 }),
      record: () => JSON.stringify(bodiesOf(server).at(-1)),
    };
  },
  {
    initBytes: tinyPng(256, 256, "start"),
    style: rca,
  },
);

remoteBackendContract(
  "sdcpp",
  async ({ clock }) => {
    const server = await openFakeSdcpp();
    return {
      backend: createSdcpp({ server: withSignIn(server.url), pollMs: 5, clock }),
      server,
      exchanges: [
        { name: "capabilities", kind: "json" },
        { name: "submit", kind: "json" },
        { name: "job", kind: "json" },
      ],
      slow: (forMs = 60_000) => server.takes(forMs),
      again: () => createSdcpp({ server: withSignIn(server.url), pollMs: 5, clock }),
      jobs: () => server.jobs.filter(({ ours }) => ours).map(({ status }) => ({ state: jobStates[status] })),
      foreign() {
        const job = server.foreign();
        return { state: () => jobStates[job.status] };
      },
      wrongSize: () => server.wrongSize(),
    };
  },
  { style: rca },
);
