import { cases } from "../many.ts";
import { doorContract } from "./doors/contract.ts";
import { farEndDoor, SERVICES } from "./doors/far-ends.ts";

doorContract("answers of services", () => farEndDoor(SERVICES), { inputs: cases(50, 500), atOnce: 16 });
