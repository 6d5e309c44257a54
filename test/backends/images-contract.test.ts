import { backendContract } from "../contracts/backend.ts";
import { opened, plain } from "./images-rig.ts";

const noSeed = "the service has no such field";

for (const kind of ["open", "sdcpp", "openai"] as const)
  backendContract(
    `images (${kind})`,
    async () => {
      const { server, backend } = await opened(kind);
      const { server: slowServer, backend: slow } = await opened(kind);
      slowServer.takes(5000);
      return { backend, slow, record: () => JSON.stringify(server.jobs().map(({ asked }) => asked)) };
    },
    {
      style: plain,
      ...(kind === "openai"
        ? {
            request: { widthPx: 1024, heightPx: 1024 },
            gaps: [
              { test: "lets another seed count, or does not promise it", reason: noSeed },
              { test: "lets seed 0 count, or does not promise it", reason: noSeed },
              { test: "lets another number of steps count, or does not promise it", reason: noSeed },
            ],
          }
        : {}),
    },
  );
