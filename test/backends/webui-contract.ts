import { onTestFinished } from "vitest";
import { tinyPng } from "../../src/backends/fake/png.ts";
import { backendContract } from "../contracts/backend.ts";
import type { FarEnd, RemoteRig } from "../contracts/far-end.ts";
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

const webuiFarEnd = (name: string, options: FakeWebuiOptions, exchanges: RemoteRig["exchanges"]): FarEnd => ({
  name,
  open: async ({ clock }) => {
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
  options: { style: rca },
});

export const webuiFarEnds = {
  forge: webuiFarEnd("webui forge", { flavour: "forge" }, [
    { name: "openapi", kind: "json" },
    { name: "options", kind: "json" },
    { name: "loras", kind: "json" },
    { name: "make", kind: "json" },
    { name: "task", kind: "json" },
  ]),
  a1111: webuiFarEnd("webui a1111 without its page", { flavour: "a1111", page: false }, [
    { name: "openapi", kind: "json" },
    { name: "make", kind: "json" },
    { name: "progress", kind: "json" },
  ]),
  sdnext: webuiFarEnd("webui sdnext without jobs", { flavour: "sdnext" }, [
    { name: "openapi", kind: "json" },
    { name: "make", kind: "json" },
    { name: "progress", kind: "json" },
  ]),
  sdnextJobs: webuiFarEnd("webui sdnext with jobs", { flavour: "sdnext", jobs: true }, [
    { name: "openapi", kind: "json" },
    { name: "submit", kind: "json" },
    { name: "job", kind: "json" },
    { name: "picture", kind: "picture" },
  ]),
} as const;
