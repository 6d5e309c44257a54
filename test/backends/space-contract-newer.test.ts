import { spaceContract } from "./space-contract.ts";

spaceContract("newer");
