import { remoteFaultsContract, remoteStatusesContract } from "../contracts/remote-faults.ts";
import { webuiFarEnds } from "./webui-contract.ts";

remoteFaultsContract(webuiFarEnds.a1111);
remoteStatusesContract(webuiFarEnds.a1111);
