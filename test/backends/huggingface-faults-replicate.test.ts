import { remoteFaultsContract } from "../contracts/remote-faults.ts";
import { huggingfaceFarEnd } from "./huggingface-contract.ts";

remoteFaultsContract(huggingfaceFarEnd("replicate"));
