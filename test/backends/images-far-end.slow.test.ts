import { remoteBackendContract } from "../contracts/remote-backend.ts";
import { remoteFaultsContract, remoteStatusesContract } from "../contracts/remote-faults.ts";
import { imagesByAddress } from "./images-far-end.ts";

remoteBackendContract(imagesByAddress);
remoteFaultsContract(imagesByAddress);
remoteStatusesContract(imagesByAddress);
