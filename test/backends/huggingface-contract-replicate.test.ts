import { huggingfaceContract } from "./huggingface-contract.ts";

huggingfaceContract("replicate");
