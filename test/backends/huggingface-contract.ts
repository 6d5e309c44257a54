import { backendContract } from "../contracts/backend.ts";
import { CANARY, type FarEnd } from "../contracts/far-end.ts";
import { openRouter } from "../fakes/hf-router.ts";
import { huggingfaceAt, initBytes, opened, poster, rca } from "./huggingface-rig.ts";

type Provider = "fal-ai" | "replicate";

export function huggingfaceContract(provider: Provider): void {
  const request = provider === "replicate" ? poster : {};
  backendContract(
    `huggingface, ${provider}`,
    async () => {
      const { server, backend } = await opened({ HF_PROVIDER: provider });
      const { server: slowServer, backend: slow } = await opened({ HF_PROVIDER: provider });
      slowServer.takes(5000);
      // replicate tells nothing while it works: its first answer is that it loads, so that there is something to cancel at.
      if (provider === "replicate") slowServer.fail("predict", { status: 503 }, 1);
      return { backend, slow, record: () => JSON.stringify(server.jobs().map(({ body }) => body)) };
    },
    {
      initBytes,
      style: rca,
      request,
      ...(provider === "replicate"
        ? {
            gaps: ["width", "height"].map((side) => ({
              test: `lets another ${side} count, or does not promise it`,
              reason: "it makes the nearest of its eleven shapes: the picture's true size is told",
            })),
          }
        : {}),
    },
  );
}

export function huggingfaceFarEnd(provider: Provider): FarEnd {
  const request = provider === "replicate" ? poster : {};
  return {
    name: `huggingface, ${provider}`,
    open: async (world) => {
      const server = await openRouter({ token: CANARY });
      return {
        backend: huggingfaceAt(server, { HF_PROVIDER: provider }, world),
        server,
        exchanges: [
          { name: "mapping", kind: "json" },
          ...(provider === "replicate"
            ? [{ name: "predict", kind: "json" } as const]
            : (["submit", "status", "result"] as const).map((name) => ({ name, kind: "json" }) as const)),
          { name: "picture", kind: "picture" },
        ],
        slow: (forMs = 3000) => server.takes(forMs),
        ...(provider === "fal-ai" ? { again: () => huggingfaceAt(server, { HF_PROVIDER: provider }, world) } : {}),
        jobs: server.jobs,
        wrongSize: server.wrongSize,
      };
    },
    options: {
      style: rca,
      request,
      codes: { 404: "rejected" },
      ...(provider === "replicate"
        ? { gaps: [{ test: "refuses a picture smaller than asked for", reason: "its sizes are its own, and told" }] }
        : {}),
    },
  };
}
