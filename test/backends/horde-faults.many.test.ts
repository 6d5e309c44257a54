import { remoteFaultsContract } from "../contracts/remote-faults.ts";
import { hordeFarEnd } from "./horde-far-end.ts";

remoteFaultsContract(hordeFarEnd);
