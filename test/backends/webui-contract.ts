import { onTestFinished } from "vitest";
import { tinyPng } from "../../src/backends/fake/png.ts";
import { backendContract } from "../contracts/backend.ts";
import { type RemoteRig, remoteBackendContract } from "../contracts/remote-backend.ts";
import { type FakeWebuiOptions, openFakeWebui } from "../fakes/webui.ts";
import { at, rca, signIn, states } from "./webui-rig.ts";

export const webuiContract = (options: FakeWebuiOptions): void =>
  backendContract(
    `webui ${JSON.stringify(options)}`,
    async () => {
      const server = await openFakeWebui({ signIn, ...options });
      const slowServer = await openFakeWebui({ signIn, ...options });
      slowServer.takes(60_000);
      onTestFinished(async () => {
        await Promise.all([server.close(), slowServer.close()]);
      });
      const backend = at(server);
      // The app looks at every backend when it starts: only then is it known which of the three it is.
      await backend.health(AbortSignal.timeout(2000));
      const record = () => {
        const { force_task_id: _own, ...body } = server.work.at(-1)?.body ?? {};
        return JSON.stringify(body);
      };
      return { backend, slow: at(slowServer), record };
    },
    {
      initBytes: tinyPng(256, 256, "start"),
      style: rca,
      ...(options.flavour === "sdnext"
        ? {
            gaps: [
              {
                test: "lets seed 0 count, or does not promise it",
                reason: "SD.Next draws by chance for seed 0; refused",
              },
            ],
          }
        : {}),
    },
  );

export const webuiFarEnd = (name: string, options: FakeWebuiOptions, exchanges: RemoteRig["exchanges"]): void =>
  remoteBackendContract(
    name,
    async ({ clock }) => {
      const server = await openFakeWebui({ signIn, ...options });
      return {
        backend: at(server, { clock }),
        server,
        exchanges,
        slow: (forMs = 60_000) => server.takes(forMs),
        jobs: () => states(server),
        ...(options.jobs ? { again: () => at(server, { clock }) } : {}),
        // The others' own queue gives nothing back: what happens there has a test of its own.
        ...(options.jobs
          ? {
              foreign() {
                const other = server.foreign();
                return { state: () => other.state };
              },
            }
          : {}),
        wrongSize: () => server.wrongSize(),
      };
    },
    { style: rca },
  );
