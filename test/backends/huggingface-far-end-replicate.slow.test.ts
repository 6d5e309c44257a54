import { remoteBackendContract } from "../contracts/remote-backend.ts";
import { huggingfaceFarEnd } from "./huggingface-contract.ts";

remoteBackendContract(huggingfaceFarEnd("replicate"));
