import { remoteFaultsContract } from "../contracts/remote-faults.ts";
import { comfyuiFarEnd } from "./comfyui-far-end.ts";

remoteFaultsContract(comfyuiFarEnd);
