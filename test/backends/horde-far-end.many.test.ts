import { remoteBackendContract } from "../contracts/remote-backend.ts";
import { hordeFarEnd } from "./horde-far-end.ts";

remoteBackendContract(hordeFarEnd);
