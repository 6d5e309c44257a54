import { z } from "zod";
import { type Text, text, verbatim } from "../../domain/text.ts";
import { wholeNumberSetting } from "../../lib/number-text.ts";
import { type ServerAddress, serverAddress } from "../shared/address.ts";
import { whereOf } from "../shared/location.ts";

/** One ComfyUI server. */
export interface HostAddress extends ServerAddress {
  /** For attach keys and the operator: host and path, without user and password. */
  readonly label: string;
}

const address = serverAddress("http://127.0.0.1:8188");

/** @returns a sentence that continues the setting's name, where it is wrong; it never holds the value: passwords may be in it */
function readHosts(text: string): readonly HostAddress[] | string {
  const parts = text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
  const hosts: HostAddress[] = [];
  for (const part of parts) {
    const read = address.safeParse(part);
    if (!read.success)
      return `each address ${read.error.issues[0]?.message ?? "must be a URL"}; write several with commas between them`;
    hosts.push({ ...read.data, label: read.data.url.replace(/^\w+:\/\//, "") });
  }
  if (hosts.length === 0) return "names no address";
  return new Set(hosts.map(({ label }) => label)).size === hosts.length ? hosts : "names the same address twice";
}

/** Prompts leave your own network where one of several hosts is outside. */
export const locationOf = (hosts: readonly HostAddress[]): "local" | "remote" =>
  hosts.some(({ url }) => whereOf(url) === "remote") ? "remote" : "local";

/** For members, without addresses. */
export function titleOf(hosts: readonly HostAddress[]): Text {
  if (hosts.length > 1) return text("backend.comfyui.title.machines", { machines: hosts.length });
  if (locationOf(hosts) === "remote") return verbatim("ComfyUI");
  const isHere = ({ url }: HostAddress) => /^\w+:\/\/(localhost|127\.|\[::1\])/.test(url);
  return hosts.every(isHere) ? text("backend.comfyui.title.here") : text("backend.comfyui.title.network");
}

const fileName = (folder: string, otherwise: string) =>
  z.string().max(300).optional().describe(`a file of ComfyUI's models/${folder}; empty: ${otherwise}`);

export const comfyuiSettings = z.object({
  COMFYUI_URL: z
    .string()
    .transform((text, context) => {
      const hosts = readHosts(text);
      if (typeof hosts !== "string") return hosts;
      context.addIssue({ code: "custom", message: hosts });
      return z.NEVER;
    })
    .optional()
    .describe(
      "address of ComfyUI, e.g. `http://127.0.0.1:8188`; several machines with commas, a password as `https://user:password@host`",
    ),
  COMFYUI_MODEL: fileName("diffusion_models or models/checkpoints", "one that is there, FLUX.1 first"),
  COMFYUI_CLIP: fileName("text_encoders", "a clip_l that is there"),
  COMFYUI_T5: fileName("text_encoders", "a t5xxl that is there"),
  COMFYUI_ENCODER: fileName("text_encoders", "the language model that fits, where one reads the prompts"),
  COMFYUI_VAE: fileName("vae", "one that is there and fits the model"),
  COMFYUI_WORKFLOW: z
    .string()
    .optional()
    .describe("your own workflow instead of Placard's: a file exported from ComfyUI in API format, with placeholders"),
  COMFYUI_TIMEOUT_SECONDS: wholeNumberSetting(30, 7200)
    .default(600)
    .describe("one picture may take this long there, its queue included"),
  COMFYUI_SILENCE_SECONDS: wholeNumberSetting(10, 7200)
    // A large model from a slow disk is read without a word.
    .default(180)
    .describe("a picture without any news for this long is given up"),
});
export type ComfyuiSettings = z.output<typeof comfyuiSettings>;
