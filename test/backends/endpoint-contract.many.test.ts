import { backendContract } from "../contracts/backend.ts";
import { remoteBackendContract } from "../contracts/remote-backend.ts";

import { initBytes, opened, rca } from "./endpoint-rig.ts";

backendContract(
  "endpoint",
  async () => {
    const { server, backend } = await opened();
    const { server: slowServer, backend: slow } = await opened();
    slowServer.takes(5000);
    // It tells nothing while it draws: the first questions find it asleep, so that there is something to cancel at.
    slowServer.asleep(1);
    return { backend, slow, record: () => JSON.stringify(server.jobs().map(({ body }) => body)) };
  },
  { initBytes, style: rca, request: { trueCfg: 2 } },
);

for (const answers of ["image", "json"] as const)
  remoteBackendContract(
    `endpoint that answers with ${answers}`,
    async (world) => {
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
    { style: rca },
  );
