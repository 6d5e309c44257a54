import { remoteStatusesContract } from "../contracts/remote-faults.ts";
import { spaceFarEnd } from "./space-far-end.ts";

remoteStatusesContract(spaceFarEnd);
