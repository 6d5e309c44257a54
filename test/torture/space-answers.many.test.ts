import { cases } from "../many.ts";
import { doorContract } from "./doors/contract.ts";
import { farEndDoor, SPACES } from "./doors/far-ends.ts";

doorContract("answers of Spaces", () => farEndDoor(SPACES), { inputs: cases(15, 300), atOnce: 16 });
