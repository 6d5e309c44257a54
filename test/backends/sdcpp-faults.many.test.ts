import { remoteFaultsContract, remoteStatusesContract } from "../contracts/remote-faults.ts";
import { sdcppFarEnd } from "./sdcpp-far-end.ts";

remoteFaultsContract(sdcppFarEnd);
remoteStatusesContract(sdcppFarEnd);
