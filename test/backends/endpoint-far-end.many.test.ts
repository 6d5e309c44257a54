import { remoteBackendContract } from "../contracts/remote-backend.ts";
import { endpointFarEnds } from "./endpoint-far-end.ts";

for (const farEnd of endpointFarEnds) remoteBackendContract(farEnd);
