import { cases } from "../many.ts";
import { doorContract } from "./doors/contract.ts";
import { farEndDoor, RENTED } from "./doors/far-ends.ts";

doorContract("answers of what is rented", () => farEndDoor(RENTED), { inputs: cases(25, 500), atOnce: 16 });
