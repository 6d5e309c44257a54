import { backendContract } from "../contracts/backend.ts";
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
