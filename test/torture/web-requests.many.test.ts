import { cases } from "../many.ts";
import { doorContract } from "./doors/contract.ts";
import { webDoor } from "./doors/web.ts";

doorContract("web requests", webDoor, { inputs: cases(200, 2000) });
