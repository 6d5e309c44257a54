import { cases } from "../many.ts";
import { doorContract } from "./doors/contract.ts";
import { coreDoors, sketchDoors } from "./doors/core.ts";

const inputs = cases(100, 2000);
for (const [name, open] of Object.entries(coreDoors)) doorContract(name, open, { inputs });
doorContract("prompts laid out by the sketch", sketchDoors.layouts, { inputs });
