import { z } from "zod";
import { namesIn } from "../domain/roles.ts";
import { wholeNumberSetting } from "../lib/number-text.ts";
import { defineBackend } from "../ports/module.ts";
import { serverAddress } from "./shared/address.ts";

export const module = defineBackend({
  name: "images",
  packages: ["undici"],
  summary: "any service that speaks OpenAI's picture API: OpenAI, together, LocalAI and others",
  env: z.object({
    IMAGES_API_URL: serverAddress("https://api.openai.com/v1")
      .optional()
      .describe(
        "address of a service with OpenAI's picture API, e.g. `https://api.openai.com/v1`; makes pictures there",
      ),
    IMAGES_API_KEY: z.string().optional().describe("its key, where it wants one: a secret"),
    IMAGES_API_MODEL: z
      .string()
      .max(1000)
      .optional()
      .describe(
        "which of its models draws, e.g. `gpt-image-1`; several with commas, the one that draws where nobody chose first; empty: the service's own choice",
      ),
    IMAGES_API_TIMEOUT_SECONDS: wholeNumberSetting(30, 7200)
      .default(300)
      .describe("one picture may take this long there"),
  }),
  setup: {
    title: "OpenAI's picture API",
    why: "Pictures by OpenAI, together or another service with the same API, or by LocalAI on your own machine.",
    how: [
      "Make an API key on the page of the service. Most of them want money on the account first.",
      "Its address usually ends with /v1: OpenAI's is https://api.openai.com/v1.",
      "Look up on its pages what it calls the model that makes pictures.",
    ],
    ask: ["IMAGES_API_URL", "IMAGES_API_KEY", "IMAGES_API_MODEL"],
  },
  async create(settings, { clock }) {
    const { IMAGES_API_URL: server, IMAGES_API_KEY: key, IMAGES_API_MODEL: named } = settings;
    if (server === undefined) return undefined;
    const { createImages } = await import("./images/backend.ts");
    const [model, ...others] = namesIn(named ?? "");
    return createImages({ server, key, model, others, timeoutMs: settings.IMAGES_API_TIMEOUT_SECONDS * 1000, clock });
  },
});
