import { cases } from "../many.ts";
import { doorContract } from "./doors/contract.ts";
import { galleryDoor } from "./doors/gallery.ts";

doorContract("gallery files", galleryDoor, { inputs: cases(100, 2000) });
