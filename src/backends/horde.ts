import { z } from "zod";
import { defineBackend } from "../ports/module.ts";
import { serverAddress } from "./shared/address.ts";

const AI_HORDE = "https://aihorde.net/api/v2";

export const module = defineBackend({
  name: "horde",
  packages: ["undici"],
  summary: "AI Horde: volunteers' machines, free, with FLUX schnell; slow at times, and prompts leave your own network",
  env: z.object({
    HORDE_API_KEY: z
      .string()
      .min(10, "must be a key of the AI Horde; get one for free at https://aihorde.net/register")
      .max(100)
      .optional()
      .describe(
        "key of the AI Horde, free at https://aihorde.net/register; prompts are then sent to volunteers' machines",
      ),
    HORDE_URL: serverAddress(AI_HORDE)
      .optional()
      .describe(`address of another horde than the AI Horde; empty: ${AI_HORDE}`),
    HORDE_CONTACT: z
      .string()
      .regex(/^[^:\s]{1,100}$/, "must be an address without spaces and colons, e.g. ana@example.org")
      .optional()
      .describe("where the AI Horde's people can reach you if something goes wrong, e.g. an e-mail address"),
  }),
  setup: {
    title: "AI Horde",
    why: "Pictures by FLUX schnell from volunteers' machines: free, without a graphics card, slow at times; they see the prompts.",
    how: ["Open https://aihorde.net/register, choose a name, and copy the API key it shows once."],
    ask: ["HORDE_API_KEY"],
  },
  async create({ HORDE_API_KEY, HORDE_URL, HORDE_CONTACT }, { clock }) {
    if (HORDE_API_KEY === undefined) return undefined;
    const { createHorde } = await import("./horde/backend.ts");
    return createHorde({ apiKey: HORDE_API_KEY, url: HORDE_URL?.url ?? AI_HORDE, contact: HORDE_CONTACT, clock });
  },
});
