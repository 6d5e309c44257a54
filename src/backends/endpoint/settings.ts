import { z } from "zod";
import { wholeNumberSetting } from "../../lib/number-text.ts";
import { serverAddress } from "../shared/address.ts";
import { hfToken } from "../shared/huggingface/settings.ts";

export const endpointSettings = z.object({
  HF_ENDPOINT_URL: serverAddress("https://abc123.eu-west-1.aws.endpoints.huggingface.cloud")
    .optional()
    .describe("address of your own Hugging Face Inference Endpoint with an image handler"),
  HF_ENDPOINT_ANSWER: z
    .enum(["image", "json"])
    .default("image")
    .describe('what its handler answers with: `image` (the picture itself) or `json` ({"image": base64, "seed": n})'),
  HF_ENDPOINT_CONCURRENCY: wholeNumberSetting(1, 16)
    .default(1)
    .describe("pictures it makes at once: as many as it has replicas"),
  HF_TOKEN: hfToken,
});
export type EndpointSettings = z.output<typeof endpointSettings>;
