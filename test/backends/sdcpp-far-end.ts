import { createSdcpp } from "../../src/backends/sdcpp/backend.ts";
import type { FarEnd } from "../contracts/far-end.ts";
import { openFakeSdcpp } from "../fakes/sdcpp.ts";
import { jobStates, rca, withSignIn } from "./sdcpp-rig.ts";

export const sdcppFarEnd: FarEnd = {
  name: "sdcpp",
  open: async ({ clock }) => {
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
  options: { style: rca },
};
