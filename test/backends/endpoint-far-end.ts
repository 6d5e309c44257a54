import type { FarEnd } from "../contracts/far-end.ts";
import { opened, rca } from "./endpoint-rig.ts";

export const endpointFarEnds: readonly FarEnd[] = (["image", "json"] as const).map((answers) => ({
  name: `endpoint that answers with ${answers}`,
  open: async (world) => {
    const { server, backend } = await opened(answers, world);
    return {
      backend,
      server,
      exchanges: [{ name: "predict", kind: answers === "image" ? "picture" : "json" }],
      slow: () => server.takes(3000),
      jobs: server.jobs,
      wrongSize: server.wrongSize,
    };
  },
  options: { style: rca },
}));
