import { remoteFaultsContract, remoteStatusesContract } from "../contracts/remote-faults.ts";
import { webuiFarEnds } from "./webui-contract.ts";

remoteFaultsContract(webuiFarEnds.sdnextJobs);
remoteStatusesContract(webuiFarEnds.sdnextJobs);
