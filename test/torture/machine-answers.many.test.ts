import { cases } from "../many.ts";
import { doorContract } from "./doors/contract.ts";
import { farEndDoor, MACHINES } from "./doors/far-ends.ts";

doorContract("answers of machines", () => farEndDoor(MACHINES), { inputs: cases(35, 700), atOnce: 16 });
