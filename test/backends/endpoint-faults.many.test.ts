import { remoteFaultsContract, remoteStatusesContract } from "../contracts/remote-faults.ts";
import { endpointFarEnds } from "./endpoint-far-end.ts";

for (const farEnd of endpointFarEnds) {
  remoteFaultsContract(farEnd);
  remoteStatusesContract(farEnd);
}
