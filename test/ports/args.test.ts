import { describe, expect, it } from "vitest";
import { z } from "zod";
import { verbatim } from "../../src/domain/text.ts";
import { option, parseArgs, parseText, specOf } from "../../src/ports/args.ts";
import type { Attachment } from "../../src/ports/chat.ts";
import { defineCommand } from "../../src/ports/command.ts";
import { english, englishWords } from "../words.ts";
import { rca, typed } from "./rca-for-tests.ts";

const run = () => ({ do: "reply", view: { text: verbatim("") }, visibility: "private" }) as const;
const lock = defineCommand({
  group: "make",
  name: "lock",
  summary: verbatim("For tests"),
  example: verbatim("/lock seed:7"),
  args: z.strictObject({ seed: z.int().min(0).max(9) }),
  run,
});
const show = defineCommand({
  group: "make",
  name: "show",
  summary: verbatim("For tests"),
  example: verbatim("/show 12"),
  args: z.strictObject({ number: option(z.int().min(1).describe("its number"), { rest: true }) }),
  run,
});
const picture: Attachment = { name: "a.png", mime: "image/png", sizeBytes: 1, read: async () => new Uint8Array(1) };

const valuesOf = (text: string) => {
  const result = typed(text);
  return result.ok ? result.value.values : englishWords(result.problem.text);
};
const problemOf = (text: string, command = rca) => {
  const result = parseArgs(command, { text }, []);
  return result.ok ? "accepted" : englishWords(result.problem.text);
};

describe("typed text", () => {
  it.each<[string, Record<string, unknown>]>([
    ["a red fox", { prompt: "a red fox" }],
    ["prompt:Ready for the march? cfg:3 seed:7", { prompt: "Ready for the march?", cfg: 3, seed: 7 }],
    ["prompt: a red fox seed:7", { prompt: "a red fox", seed: 7 }],
    ["a red fox SEED:7 in snow", { prompt: "a red fox in snow", seed: 7 }],
    ["seed:0 fox", { prompt: "fox", seed: 0 }],
    ["fox cfg:3,5", { prompt: "fox", cfg: 3.5 }],
    ["fox cfg:3, seed:Random", { prompt: "fox", cfg: 3, seed: "random" }],
    ["fox mood:CALM draft:yes", { prompt: "fox", mood: "calm", draft: true }],
    ['fox mood:"calm and quiet"', { prompt: "fox", mood: "calm" }],
    ['fox negative:"blurry hands" now', { prompt: "fox now", negative: "blurry hands" }],
    ["portrait: a black-and-white cat -- sleeping", { prompt: "portrait: a black-and-white cat -- sleeping" }],
    ["meet at 10:30, see https://a.example/x?seed:7", { prompt: "meet at 10:30, see https://a.example/x?seed:7" }],
    ["foo:bar -- __proto__:1 constructor:2", { prompt: "foo:bar -- __proto__:1 constructor:2" }],
    ['a sign "seed:7 cfg:99" on a wall', { prompt: 'a sign "seed:7 cfg:99" on a wall' }],
    ["a sign “seed:7” on a wall", { prompt: "a sign “seed:7” on a wall" }],
    ['a 6" wide sign seed:7 and a 12" one', { prompt: 'a 6" wide sign and a 12" one', seed: 7 }],
    ['prompt:"a red fox" seed:7', { prompt: "a red fox", seed: 7 }],
    ['prompt:"READY" above "MARCH"', { prompt: '"READY" above "MARCH"' }],
    ['"READY"', { prompt: '"READY"' }],
    ["a writer at the prompt: nothing", { prompt: "a writer at the prompt: nothing" }],
  ])("%s", (text, expected) => expect(valuesOf(text)).toEqual({ draft: false, ...expected }));

  it.each([
    ["fox sede:7", "seed:7"],
    ["fox mod:calm", "mood:calm"],
    ["seed:12 000 fox", "seed:12000"],
    ["fox seed:4 294 967 295", "seed:4294967295"],
  ])("%s is drawn, with a note", (text, meant) => {
    const result = typed(text);
    expect(result.ok && english(result.value.notes).join()).toContain(`Did you mean ${meant}`);
  });
  it("gives no note about ordinary words", () => {
    for (const text of [
      "scene:night",
      "portrait: a cat -- asleep",
      "mode:dark seeds: many",
      "at 10:30",
      "seed:12 2000 people",
    ]) {
      const result = typed(text);
      expect(result.ok && result.value.notes).toEqual([]);
    }
  });
});

describe("problems", () => {
  it("names every wrong option at once, and an example", () => {
    const text = problemOf(`cfg:99 steps:1.5 seed:x mood:lod draft:perhaps negative:${"n".repeat(21)}`);
    for (const part of [
      "prompt is missing: what to draw",
      "cfg: a number from 1 to 10. You wrote “99”.",
      "steps: a whole number from 1 to 50. You wrote “1.5”. Write it without points and commas.",
      "seed: a whole number from 0 to 4294967295, or random. You wrote “x”.",
      "mood: one of calm, loud. You wrote “lod”. Did you mean loud?",
      "draft: yes or no. You wrote “perhaps”.",
      "negative: at most 20 characters; yours has 21.",
      "for example: /rca a red fox seed:7",
    ])
      expect(text).toContain(part);
  });
  it("refuses an option given twice", () => expect(problemOf("fox seed:1 seed:2")).toContain("seed is there twice"));
  it("refuses two prompts", () => expect(problemOf("prompt:a prompt:b")).toContain("prompt is there twice"));
  it("lists the options where words belong to none", () =>
    expect(problemOf("seed:7 please", lock)).toMatch(/“please” belongs to no option.*seed:…/s));
  it("forgives the space where nothing else can be meant", () =>
    expect(parseArgs(lock, { text: "seed: 7" }, [])).toMatchObject({ ok: true, value: { values: { seed: 7 } } }));
  it("reads #12 as a number", () =>
    expect(parseArgs(show, { text: "#12" }, [])).toMatchObject({ value: { values: { number: 12 } } }));
  it("asks for the file itself", () => expect(problemOf("fox image:cat.png")).toContain("image: attach the file"));
  it("refuses unknown form fields", () => {
    const result = parseArgs(rca, { values: JSON.parse('{"prompt":"x","__proto__":1,"foo":2}') }, []);
    expect(!result.ok && englishWords(result.problem.text)).toContain("“foo” is no option");
  });
});

describe("forms and files", () => {
  it("reads values as they come", () =>
    expect(
      parseArgs(rca, { values: { prompt: 'say "hi" seed:7', seed: "8", cfg: 2, draft: "on", negative: "" } }, []),
    ).toMatchObject({
      value: { values: { prompt: 'say "hi" seed:7', seed: 8, cfg: 2, draft: true } },
    }));
  it("hands the file over", () =>
    expect(parseArgs(rca, { text: "fox" }, [picture])).toMatchObject({ value: { values: { image: picture } } }));
  it("says that a file was not used", () => {
    const result = parseArgs(lock, { text: "seed:1" }, [picture]);
    expect(result.ok && english(result.value.notes).join()).toContain("was not used");
  });
});

it("describes every option for platforms", () => {
  const spec = english(specOf(rca));
  const by = (name: string) => spec.options.find((one) => one.name === name);
  expect(by("prompt")).toEqual({
    name: "prompt",
    summary: "what to draw",
    kind: "text",
    required: true,
    rest: true,
    maxChars: 1500,
  });
  expect(by("seed")).toEqual({
    name: "seed",
    words: ["random"],
    summary: "the composition",
    kind: "integer",
    required: false,
    rest: false,
    min: 0,
    max: 4_294_967_295,
  });
  expect(by("mood")?.choices).toEqual([
    { value: "calm", label: "Calm and quiet" },
    { value: "loud", label: "loud" },
  ]);
  expect(by("draft")).toMatchObject({ kind: "boolean", fallback: "no", required: false });
  expect(by("image")).toMatchObject({ kind: "attachment", required: false });
  expect(parseText(specOf(rca), "fox seed:7").values).toEqual({ prompt: "fox", seed: "7" });
});
