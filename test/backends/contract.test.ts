import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tinyPng } from "../../src/backends/fake/png.ts";
import { module as sketch } from "../../src/backends/sketch.ts";
import type { ModuleWorld } from "../../src/module.ts";
import { backendContract } from "../contracts/backend.ts";

const world: ModuleWorld = {
  log: { debug() {}, info() {}, warn() {}, error() {} },
  folder: (name) => mkdtempSync(join(tmpdir(), `placard-${name}-`)),
  nowMs: Date.now,
};

backendContract(
  "sketch",
  () => {
    const backend = sketch.create({}, world);
    if (!backend) throw new Error("the sketch is always on");
    return { backend };
  },
  { initBytes: tinyPng(256, 256, "start") },
);
