import { tinyPng } from "../../src/backends/fake/png.ts";
import { module as sketch } from "../../src/backends/sketch.ts";
import { backendContract } from "../contracts/backend.ts";
import { moduleServices } from "../fakes/module-services.ts";

backendContract(
  "sketch",
  () => {
    const backend = sketch.create({}, moduleServices());
    if (!backend) throw new Error("the sketch is always on");
    return { backend };
  },
  // A fresh sketch reads fonts and icons first.
  { initBytes: tinyPng(256, 256, "start"), comparesOnOne: true, request: { widthPx: 256, heightPx: 384 } },
);
