import { remoteBackendContract } from "../contracts/remote-backend.ts";
import { webuiFarEnds } from "./webui-contract.ts";

remoteBackendContract(webuiFarEnds.sdnextJobs);
