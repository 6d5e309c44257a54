import { remoteStatusesContract } from "../contracts/remote-faults.ts";
import { comfyuiFarEnd } from "./comfyui-far-end.ts";

remoteStatusesContract(comfyuiFarEnd, (status) => status < 410);
