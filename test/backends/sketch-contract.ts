import { tinyPng } from "../../src/backends/fake/png.ts";
import { backendContract } from "../contracts/backend.ts";
import { openSketch } from "./sketch-rig.ts";

/** Half of the contract: both together draw for too long for one file. */
export const sketchContract = (only: "conduct" | "parameters"): void =>
  backendContract(
    "sketch",
    () => ({ backend: openSketch() }),
    // A fresh sketch reads fonts and icons first.
    { initBytes: tinyPng(256, 256, "start"), comparesOnOne: true, request: { widthPx: 256, heightPx: 384 }, only },
  );
