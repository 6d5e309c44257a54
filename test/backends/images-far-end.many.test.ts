import { remoteBackendContract } from "../contracts/remote-backend.ts";
import { imagesAsText } from "./images-far-end.ts";

remoteBackendContract(imagesAsText);
