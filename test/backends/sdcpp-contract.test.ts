import { onTestFinished } from "vitest";
import { tinyPng } from "../../src/backends/fake/png.ts";
import { createSdcpp } from "../../src/backends/sdcpp/backend.ts";
import { backendContract } from "../contracts/backend.ts";
import { openFakeSdcpp } from "../fakes/sdcpp.ts";
import { bodiesOf, rca, withSignIn } from "./sdcpp-rig.ts";

backendContract(
  "sdcpp",
  async () => {
    const server = await openFakeSdcpp();
    const slowServer = await openFakeSdcpp();
    slowServer.takes(60_000);
    onTestFinished(async () => {
      await Promise.all([server.close(), slowServer.close()]);
    });
    return {
      backend: createSdcpp({ server: withSignIn(server.url), pollMs: 5 }),
      slow: createSdcpp({ server: withSignIn(slowServer.url), pollMs: 5 }),
      record: () => JSON.stringify(bodiesOf(server).at(-1)),
    };
  },
  {
    initBytes: tinyPng(256, 256, "start"),
    style: rca,
  },
);
