import { remoteFaultsContract, remoteStatusesContract } from "../contracts/remote-faults.ts";
import { imagesAsText } from "./images-far-end.ts";

remoteFaultsContract(imagesAsText);
remoteStatusesContract(imagesAsText);
