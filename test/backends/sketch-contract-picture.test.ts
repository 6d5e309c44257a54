import { sketchContract } from "./sketch-contract.ts";

sketchContract("picture");
