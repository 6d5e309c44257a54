import { huggingfaceFarEnd } from "./huggingface-contract.ts";

huggingfaceFarEnd("replicate");
