import { remoteBackendContract } from "../contracts/remote-backend.ts";
import { sdcppFarEnd } from "./sdcpp-far-end.ts";

remoteBackendContract(sdcppFarEnd);
