import { CANARY, type FarEnd } from "../contracts/far-end.ts";
import { openFakeHorde } from "../fakes/horde.ts";
import { at, plainRequest, rca } from "./horde-rig.ts";

export const hordeFarEnd: FarEnd = {
  name: "horde",
  open: async ({ clock }) => {
    const server = await openFakeHorde(CANARY);
    return {
      backend: at(server, { clock }),
      server,
      exchanges: [
        { name: "submit", kind: "json" },
        { name: "check", kind: "json" },
        { name: "status", kind: "json" },
        { name: "picture", kind: "picture" },
      ],
      slow: (forMs = 60_000) => server.takes(forMs),
      again: () => at(server, { clock }),
      jobs: () => server.jobs.filter(({ ours }) => ours),
      foreign() {
        const other = server.foreign();
        return { state: () => other.state };
      },
      wrongSize: () => server.wrongSize(),
    };
  },
  options: { style: rca, request: plainRequest },
};
