import { remoteBackendContract } from "../contracts/remote-backend.ts";
import { spaceFarEnd } from "./space-far-end.ts";

remoteBackendContract(spaceFarEnd);
