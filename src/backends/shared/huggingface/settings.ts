import { z } from "zod";
import { type ServerAddress, serverAddress } from "../address.ts";

/** What the three Hugging Face backends read; each setting is told once in `.env.example`. */
export const hfToken = z
  .string()
  .regex(/^[\x21-\x7e]+$/u, "must be one word without spaces: copy the token as Hugging Face shows it")
  .optional()
  .describe(
    "access token from huggingface.co/settings/tokens: for your endpoint, for Inference Providers, and so that a Space spends your account's free GPU time",
  );

export const hfHubUrl = serverAddress("https://huggingface.co")
  .optional()
  .describe(
    "another address of the Hugging Face Hub: a mirror, or a server for tests (default: https://huggingface.co)",
  );

export const HF_HUB: ServerAddress = { url: "https://huggingface.co", headers: {} };

export const bearer = (token: string | undefined): Readonly<Record<string, string>> =>
  token === undefined ? {} : { authorization: `Bearer ${token}` };

/** A Hub repository, `owner/name`. */
export const HUB_REPOSITORY = /^[\w.-]{1,96}\/[\w.-]{1,96}$/u;
