import { huggingfaceFarEnd } from "./huggingface-contract.ts";

huggingfaceFarEnd("fal-ai");
