import { z } from "zod";
import { namesIn } from "../../domain/roles.ts";
import { serverAddress } from "../shared/address.ts";
import { HUB_REPOSITORY, hfHubUrl, hfToken } from "../shared/huggingface/settings.ts";

export const huggingfaceSettings = z.object({
  HF_MODEL: z
    .string()
    .refine(
      (typed) => namesIn(typed).length > 0 && namesIn(typed).every((name) => HUB_REPOSITORY.test(name)),
      "must be a Hub repository as owner/name, e.g. black-forest-labs/FLUX.1-dev; several with commas",
    )
    .optional()
    .describe(
      "Hub repository of the model that Inference Providers use for styles without a LoRA, e.g. `black-forest-labs/FLUX.1-dev`; several with commas, the one that draws where nobody chose first; with HF_TOKEN it turns them on (they cost credits)",
    ),
  HF_PROVIDER: z
    .enum(["fal-ai", "replicate", "off"])
    .default("fal-ai")
    .describe("whom Hugging Face has make the pictures: fal-ai or replicate; off: nobody, whatever else is set"),
  HF_BILL_TO: z
    .string()
    .regex(/^[\w.-]{1,96}$/u, "must be the name of your organization on Hugging Face")
    .optional()
    .describe("organization on Hugging Face that pays instead of the token's owner"),
  HF_ROUTER_URL: serverAddress("https://router.huggingface.co")
    .optional()
    .describe("another address of Hugging Face's router, for tests (default: https://router.huggingface.co)"),
  HF_TOKEN: hfToken,
  HF_HUB_URL: hfHubUrl,
});
export type HuggingfaceSettings = z.output<typeof huggingfaceSettings>;
