import { remoteBackendContract } from "../contracts/remote-backend.ts";
import { opened, rca } from "./endpoint-rig.ts";

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
