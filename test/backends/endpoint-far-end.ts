import { CANARY, type FarEnd } from "../contracts/far-end.ts";
import { openEndpoint } from "../fakes/hf-endpoint.ts";
import { endpointAt, rca } from "./endpoint-rig.ts";

export const endpointFarEnds: readonly FarEnd[] = (["image", "json"] as const).map((answers) => ({
  name: `endpoint that answers with ${answers}`,
  open: async (world) => {
    const server = await openEndpoint({ token: CANARY, answers });
    return {
      backend: endpointAt({ HF_ENDPOINT_URL: server.url, HF_ENDPOINT_ANSWER: answers, HF_TOKEN: CANARY }, world),
      server,
      exchanges: [{ name: "predict", kind: answers === "image" ? "picture" : "json" }],
      slow: () => server.takes(3000),
      jobs: server.jobs,
      wrongSize: server.wrongSize,
    };
  },
  options: { style: rca },
}));
