import { escapePromptSyntax, withoutEngineTags } from "../../domain/prompt.ts";
import type { Flavour } from "./known.ts";

/**
 * A prompt as plain text for these engines: nothing in it weighs, splits, schedules or loads. Their parsers read a great
 * deal into ordinary posters: "BREAD AND ROSES" would be two prompts, "doors 18:30" a weight of 30.
 */
export function plainPrompt(text: string, flavour: Flavour): string {
  const escaped = escapePromptSyntax(withoutEngineTags(text))
    // Unclosed, it would swallow the LoRA tag that follows.
    .replace(/<(?=[\p{L}\p{N}_]+:)/gu, "<\\")
    // Wildcard extensions.
    .replaceAll("__", "_\\_");
  // Their parser drops a lone backslash and joins the halves, so the word arrives whole and unread.
  if (flavour !== "sdnext")
    return escaped
      .replace(/\bA(?=ND\b)/g, "A\\")
      .replace(/\bB(?=REAK\b)/g, "B\\")
      .replace(/(:\s*)(?=[-+]?(?:\p{Nd}+\.?|\p{Nd}*\.\p{Nd}+)\s*$)/u, "$1\\");
  // SD.Next joins with a space, and would tear the word apart.
  return escaped.replace(/\bBREAK\b/g, "Break").replace(/#{2,}/g, "#");
}

/** Appended to a prompt: what loads a LoRA. */
export const loraTag = (name: string, scale: number): string => ` <lora:${name}:${scale}>`;
