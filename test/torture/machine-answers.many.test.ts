import { cases } from "../many.ts";
import { doorContract } from "./doors/contract.ts";
import { farEndDoor, MACHINES } from "./doors/far-ends.ts";

doorContract("answers of machines", () => farEndDoor(MACHINES), { inputs: cases(100, 1000), atOnce: 16 });
