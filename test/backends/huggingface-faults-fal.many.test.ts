import { remoteFaultsContract, remoteStatusesContract } from "../contracts/remote-faults.ts";
import { huggingfaceFarEnd } from "./huggingface-contract.ts";

remoteFaultsContract(huggingfaceFarEnd("fal-ai"));
remoteStatusesContract(huggingfaceFarEnd("fal-ai"));
