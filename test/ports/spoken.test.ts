import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { Spoken } from "../../src/domain/spoken.ts";
import { text, verbatim } from "../../src/domain/text.ts";
import { catalogueOf, LANGUAGES } from "../../src/messages/catalogue.ts";
import { render } from "../../src/messages/render.ts";
import { spoken as ours } from "../../src/messages/spoken.ts";
import { choiceOf } from "../../src/ports/args/words.ts";
import { option, parseArgs, parseText, specOf } from "../../src/ports/args.ts";
import { type Command, defineCommand } from "../../src/ports/command.ts";
import { commandsIn } from "../commands/parts.ts";
import { english } from "../words.ts";

const rca = defineCommand({
  group: "make",
  name: "rca",
  summary: text("cmd.imagine.summary"),
  example: verbatim("/rca a red fox seed:7"),
  args: z.strictObject({
    prompt: option(z.string().min(1), { about: text("option.prompt"), rest: true }),
    size: option(z.string().optional(), {
      about: text("option.size"),
      suggestions: [
        { value: "poster", label: text("size.poster") },
        { value: "story", label: text("size.story") },
      ],
    }),
    how: option(z.enum(["subtle", "strong"]).optional(), { labels: { subtle: text("choice.how.subtle") } }),
    seed: option(z.union([z.int(), z.literal("random")]).optional(), {}),
    steps: option(z.int().optional(), {}),
    mine: option(z.boolean().optional(), {}),
  }),
  run: () => ({ do: "reply", visibility: "private", view: { text: verbatim("") } }),
});

const names: Readonly<Record<string, readonly string[]>> = {
  size: ["größe", "taille", "размер", "尺寸", "المقاس", "doble"],
  steps: ["doble", "Schritte"],
  seed: ["steps", "semilla"],
  yes: ["ja", "да", "sí"],
  no: ["nein", "نه", "不"],
  random: ["zufall"],
};
const labels: Readonly<Record<string, readonly string[]>> = {
  "size.poster": ["Poster, 832×1216", "Плакат, 832×1216", "海报，832×1216"],
  "size.story": ["Story", "Historia"],
  "choice.how.subtle": ["ein wenig", "un poco"],
};
const spoken: Spoken = {
  namesFor: (word) => names[word] ?? [],
  labels: (label) => (typeof label === "object" && "id" in label ? (labels[label.id] ?? []) : []),
};
const read = (typed: string, command: Command = rca, words = spoken) => {
  const parsed = parseArgs(command, { text: typed }, [], words);
  return parsed.ok
    ? { ...parsed.value.values, notes: english(parsed.value.notes) }
    : { refused: english(parsed.problem.text) };
};

describe("what a language calls an option", () => {
  it.each([
    ["a fox größe:poster", { prompt: "a fox", size: "poster" }],
    ["a fox GRÖSSE:poster", { prompt: "a fox", size: "poster" }],
    ["a fox grosse:poster", { prompt: "a fox", size: "poster" }],
    ["лиса размер:poster", { prompt: "лиса", size: "poster" }],
    ["狐狸 尺寸：poster", { prompt: "狐狸", size: "poster" }],
    ["ثعلب المقاس:poster", { prompt: "ثعلب", size: "poster" }],
    ["a fox Schritte:12 semilla:zufall", { prompt: "a fox", steps: 12, seed: "random" }],
  ])("is understood: %s", (typed, values) => expect(read(typed)).toEqual({ ...values, notes: [] }));

  it("never takes an option's own name from it", () =>
    expect(read("a fox steps:12")).toEqual({ prompt: "a fox", steps: 12, notes: [] }));

  it("stands for nothing where two languages mean two options by it", () =>
    expect(read("a fox doble:12")).toEqual({ prompt: "a fox doble:12", notes: [] }));

  it("is a word where no such option is", () =>
    expect(read("plakat größe_x:poster, стиль:x")).toEqual({ prompt: "plakat größe_x:poster, стиль:x", notes: [] }));

  it.each(["größe=poster", "--размер poster", "尺寸： poster"])(
    "is taken, with a note under the own name with the own name: %s",
    (typed) => {
      const { notes } = read(`a fox ${typed}`) as { readonly notes: readonly string[] };
      expect(notes.join()).toContain("Taken as options, not as words: size:poster");
    },
  );

  it("is never told: problems and help name the own name", () =>
    expect(read("größe:poster size:story").refused).toMatch(/• size is there twice\..*\n.*prompt is missing/s));
});

describe("what a language calls a choice", () => {
  it.each([
    ["size:Плакат", { size: "poster" }],
    ["size:海报", { size: "poster" }],
    ['size:"плакат, 832×1216"', { size: "poster" }],
    ["size:832x1216", { size: "832x1216" }],
    ['how:"ein wenig"', { how: "subtle" }],
    ["mine:да", { mine: true }],
    ["mine:SI", { mine: true }],
    ["mine:不", { mine: false }],
    ["mine:yes", { mine: true }],
  ])("is understood: %s", (typed, values) =>
    expect(read(`fox ${typed}`)).toEqual({ prompt: "fox", ...values, notes: [] }),
  );
});

describe("marks of direction", () => {
  it("are cleaned out of a line copied from an answer", () =>
    expect(read("\u2068ثعلب\u2069 \u2066size:poster\u2069 \u200fseed\u200e:7\u202c")).toEqual({
      prompt: "ثعلب",
      size: "poster",
      seed: 7,
      notes: [],
    }));

  it("are cleaned out of forms", () =>
    expect(parseArgs(rca, { values: { prompt: "fox", seed: "\u20667\u2069" } }, [])).toMatchObject({
      value: { values: { prompt: "fox", seed: 7 } },
    }));

  it("are no joiners: Persian and emoji keep those", () => {
    const words = "می\u200cخواهم 👩\u200d🚒";
    expect(read(words)).toEqual({ prompt: words, notes: [] });
    expect(parseText(specOf(rca), `\u202e${words}`).values).toEqual({ prompt: words });
  });
});

describe("our own catalogues", () => {
  const commands = commandsIn({ styles: [], templates: [], backends: [], languages: [], specs: () => [] });
  const options = commands.flatMap((command) => (command.adminOnly ? [] : specOf(command).options));

  it("have other names for what members type, and for nothing else", () => {
    const known = new Set([...options.map(({ name }) => name), "yes", "no", "random"]);
    const ids = [...catalogueOf("en").messages.keys()].filter((id) => id.startsWith("alias."));
    expect(ids.filter((id) => !known.has(id.slice("alias.".length)))).toEqual([]);
    expect(ids.length).toBeGreaterThan(15);
  });

  it.each(LANGUAGES)("%s: every label of a choice is understood", (language) => {
    for (const command of commands)
      for (const rule of specOf(command).options)
        for (const { value, label } of rule.choices ?? [])
          expect(choiceOf(rule, render(label, language), ours), `/${command.name} ${rule.name}:${value}`).toBe(value);
  });
});
