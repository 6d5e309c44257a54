import { describe, expect, it } from "vitest";
import { loraTag, plainPrompt } from "../../src/backends/webui/prompt.ts";

/** Their own parsers, as far as they take text apart: Forge's modules/prompt_parser.py and extra_networks.py. */
function readByForge(prompt: string): string {
  const shown = prompt.replace(/<(\w+):([^>]+)>/g, "");
  const parts = shown.split(/\bAND\b/);
  const [first = ""] = parts;
  const weighed = /^((?:\s|.)*?)(?:\s*:\s*([-+]?(?:\d+\.?|\d*\.\d+)))?\s*$/.exec(first);
  if (parts.length > 1 || weighed?.[2] !== undefined) return `taken apart: ${prompt}`;
  const tokens = first.match(/\\\(|\\\)|\\\[|\\]|\\\\|\\|\(|\[|:\s*([+-]?[.\d]+)\s*\)|\)|]|[^\\()[\]:]+|:/g) ?? [];
  const words = tokens.map((token) => {
    if (token.startsWith("\\")) return token.slice(1);
    return /^[()[\]]$/.test(token) || /\bBREAK\b/.test(token) ? "taken apart: " : token;
  });
  return words.join("");
}

describe.each(["forge", "a1111"] as const)("a prompt for %s", (flavour) => {
  it.each([
    ["plain words", "a red fox, flat colours"],
    ["brackets", "a (very:1.5) [red:blue:0.5] fox"],
    ["BREAD AND ROSES", 'poster, "BREAD AND ROSES" in large letters'],
    ["BREAK", 'banner "BREAK THE CHAINS"'],
    ["a time at the end", "doors open 18:30"],
    ["a ratio at the end", "scale 1 : 2.5  "],
    ["an unclosed tag", "a fox <lora:x"],
    ["another tag", "a fox <foo:bar> here"],
    ["wildcards", "a __colour__ fox"],
    ["backslashes", "C:\\temp\\(1)"],
    ["names with the words inside", "SANDRA and BREAKFAST, BAND"],
  ])("arrives whole with %s", (_why, text) => {
    expect(readByForge(plainPrompt(text, flavour) + loraTag("rca", 0.9)).trimEnd()).toBe(text.trimEnd());
  });

  it("carries its LoRA tag, and no other", () => {
    const prompt = plainPrompt("a fox <lora:evil:2> <lora:x", flavour) + loraTag("rca", 0.9);
    expect([...prompt.matchAll(/<(\w+):([^>]+)>/g)].map(([tag]) => tag)).toEqual(["<lora:rca:0.9>"]);
  });
});

describe("a prompt for SD.Next", () => {
  it.each([
    ["brackets", "a (red) [fox]", "a \\(red\\) \\[fox\\]"],
    ["its two signs for a break", 'ALL ##one BREAK "two"', 'ALL #one Break "two"'],
    ["a word it leaves alone", "BREAD AND ROSES", "BREAD AND ROSES"],
  ])("has %s as text", (_why, text, sent) => expect(plainPrompt(text, "sdnext")).toBe(sent));
});
