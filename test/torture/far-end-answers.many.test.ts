import { cases } from "../many.ts";
import { doorContract } from "./doors/contract.ts";
import { farEndDoor, SERVICES } from "./doors/far-ends.ts";

doorContract("answers of services", () => farEndDoor(SERVICES), { inputs: cases(10, 200), atOnce: 16 });
