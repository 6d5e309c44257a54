import { remoteFaultsContract } from "../contracts/remote-faults.ts";
import { spaceFarEnd } from "./space-far-end.ts";

remoteFaultsContract(spaceFarEnd);
