import { cases } from "../many.ts";
import { doorContract } from "./doors/contract.ts";
import { COMFYUI, farEndDoor } from "./doors/far-ends.ts";

doorContract("answers of ComfyUI", () => farEndDoor(COMFYUI), { inputs: cases(15, 300), atOnce: 16 });
