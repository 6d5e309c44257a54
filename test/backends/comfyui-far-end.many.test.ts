import { remoteBackendContract } from "../contracts/remote-backend.ts";
import { comfyuiFarEnd } from "./comfyui-far-end.ts";

remoteBackendContract(comfyuiFarEnd);
