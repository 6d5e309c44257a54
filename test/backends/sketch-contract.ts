import { tinyPng } from "../../src/backends/fake/png.ts";
import { backendContract, type ContractPart } from "../contracts/backend.ts";
import { openSketch } from "./sketch-rig.ts";

/** A part of the contract: all together draw for too long for one file. */
export const sketchContract = (only: ContractPart): void =>
  backendContract(
    "sketch",
    async () => ({ backend: await openSketch() }),
    // A fresh sketch reads fonts and icons first.
    { initBytes: tinyPng(256, 256, "start"), comparesOnOne: true, request: { widthPx: 256, heightPx: 384 }, only },
  );
