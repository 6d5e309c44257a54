import { onTestFinished } from "vitest";
import { tinyPng } from "../../src/backends/fake/png.ts";
import { backendContract } from "../contracts/backend.ts";
import { CANARY } from "../contracts/far-end.ts";
import { openFakeHorde } from "../fakes/horde.ts";
import { at, bodiesOf, plainRequest, rca } from "./horde-rig.ts";

backendContract(
  "horde",
  async () => {
    const server = await openFakeHorde(CANARY);
    const slowServer = await openFakeHorde(CANARY);
    slowServer.takes(60_000);
    onTestFinished(async () => {
      await Promise.all([server.close(), slowServer.close()]);
    });
    return { backend: at(server), slow: at(slowServer), record: () => JSON.stringify(bodiesOf(server).at(-1)) };
  },
  {
    initBytes: tinyPng(256, 256, "start"),
    style: rca,
    request: plainRequest,
    gaps: [
      {
        test: "lets another number of steps count, or does not promise it",
        reason: "its FLUX always takes four; another number is refused by `lacks`, tested below",
      },
    ],
  },
);
