import { z } from "zod";
import { type ServerAddress, serverAddress } from "../shared/address.ts";
import { HUB_REPOSITORY, hfHubUrl, hfToken } from "../shared/huggingface/settings.ts";

/** HF_SPACE as written: a Space on the Hub by its name, or the address of any Gradio server. */
export type SpaceAddress =
  | { readonly kind: "hub"; readonly id: string }
  | { readonly kind: "address"; readonly address: ServerAddress };

const SPACE_PAGE = /^https?:\/\/(?:www\.)?huggingface\.co\/spaces\/([\w.-]+\/[\w.-]+)(?:[/?#].*)?$/iu;

/** `owner/name`, the page `https://huggingface.co/spaces/owner/name` or one below it, or an address. */
export const spaceAddress = z.string().transform((text, context): SpaceAddress => {
  const name = text.replace(/\/+$/u, "");
  const id = SPACE_PAGE.exec(text)?.[1] ?? (HUB_REPOSITORY.test(name) ? name : undefined);
  if (id !== undefined) return { kind: "hub", id };
  const address = serverAddress("https://my-space.example").safeParse(text).data;
  if (address) return { kind: "address", address };
  context.addIssue({
    code: "custom",
    message:
      "must be a Space as owner/name, e.g. AlekseyCalvin/soonfactory3, or an address that starts with http:// or https://",
  });
  return z.NEVER;
});

export const spaceSettings = z.object({
  HF_SPACE: spaceAddress
    .optional()
    .describe(
      "a Space on Hugging Face that draws, as owner/name, e.g. `AlekseyCalvin/soonfactory3`, or the address of a Gradio server of your own",
    ),
  HF_TOKEN: hfToken,
  HF_HUB_URL: hfHubUrl,
});
export type SpaceSettings = z.output<typeof spaceSettings>;
