import { remoteStatusesContract } from "../contracts/remote-faults.ts";
import { hordeFarEnd } from "./horde-far-end.ts";

remoteStatusesContract(hordeFarEnd);
