import { huggingfaceContract } from "./huggingface-contract.ts";

huggingfaceContract("fal-ai");
