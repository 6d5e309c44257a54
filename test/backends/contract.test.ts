import { tinyPng } from "../../src/backends/fake/png.ts";
import { module as sketch } from "../../src/backends/sketch.ts";
import { backendContract } from "../contracts/backend.ts";
import { moduleWorld } from "../fakes/module-world.ts";

backendContract(
  "sketch",
  () => {
    const backend = sketch.create({}, moduleWorld());
    if (!backend) throw new Error("the sketch is always on");
    return { backend };
  },
  { initBytes: tinyPng(256, 256, "start") },
);
