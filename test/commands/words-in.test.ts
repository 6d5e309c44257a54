import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Text } from "../../src/domain/text.ts";
import { editFromForm } from "../../src/features/derive/edit-form.ts";
import { editOutcome } from "../../src/features/derive/outcomes.ts";
import { noted } from "../../src/features/draw/options.ts";
import { startOutcome } from "../../src/features/draw/start-form.ts";
import { parseArgs, parseUnsaid } from "../../src/ports/args.ts";
import type { Invocation } from "../../src/ports/chat.ts";
import type { Outcome } from "../../src/ports/outcome.ts";
import { english, englishWords } from "../words.ts";
import { contextWith, jobWith, pictureOf, subjectOf, worldOf } from "./context.ts";
import { commandsIn } from "./parts.ts";

const world = worldOf();
const commands = new Map(commandsIn(world).map((command) => [command.name, command]));

async function asked(name: string, raw: Invocation["raw"], context = contextWith()): Promise<Outcome> {
  const command = commands.get(name);
  if (!command) throw new Error(`no /${name}`);
  const args = parseArgs(command, raw, [], context.spoken);
  if (!args.ok) return { do: "refuse", problem: args.problem };
  return noted(await command.run(context, args.value.values), args.value.notes);
}

function edited(prompt: string): Outcome {
  const context = contextWith();
  const parent = { picture: pictureOf(jobWith()), count: 1 };
  // As the form comes back: every other field as it was filled in.
  const { request } = parent.picture.recipe;
  const values = { prompt, seed: String(request.seed), cfg: String(request.guidance), steps: String(request.steps) };
  const form = editFromForm(values, { parent, spoken: context.spoken });
  if (!form.ok) return { do: "refuse", problem: form.problem };
  return noted(editOutcome(context, subjectOf(), world, form.value.edit), form.value.notes);
}

const about = () => ({ of: "job", subject: subjectOf() }) as const;
const started = () => {
  const context = contextWith();
  return { ...context, reads: { ...context.reads, pendingImage: async () => new Uint8Array(8) } };
};

/** Wherever words for a picture come in. */
const DOORS: Readonly<Record<string, (words: string) => Outcome | Promise<Outcome>>> = {
  "a typed line": (words) => asked("rca", { text: words }),
  "a typed line of /imagine": (words) => asked("imagine", { text: words }),
  "Discord's prompt option, the web form": (words) => asked("rca", { values: { prompt: words } }),
  "the prompt field of /imagine": (words) => asked("imagine", { values: { prompt: words } }),
  "a reply to a picture": (words) => asked("edit", { text: words }, contextWith({ about: about() })),
  "the field of /edit": (words) => asked("edit", { values: { prompt: words } }, contextWith({ about: about() })),
  "the Edit form": edited,
  "the form of a given picture": (words) =>
    startOutcome(started(), world, { prompt: words, style: "rca", change: "0.5" }),
};

interface Read {
  readonly prompt: string;
  readonly negative: string | undefined;
  readonly seed: number | undefined;
  readonly cfg: number;
  readonly steps: number;
  readonly size: string;
  readonly notes: string;
}

async function through(door: keyof typeof DOORS, words: string): Promise<Partial<Read>> {
  const outcome = await DOORS[door]?.(words);
  if (outcome?.do === "refuse") return { notes: `refused: ${englishWords(outcome.problem.text)}` };
  if (outcome?.do !== "draw") return { notes: `it did ${outcome?.do}` };
  const { request, advice, seedFrom } = outcome.order;
  return {
    prompt: request.prompt,
    negative: request.negativePrompt,
    seed: seedFrom === "typed" ? request.seed : undefined,
    cfg: request.guidance,
    steps: request.steps,
    size: `${request.widthPx}x${request.heightPx}`,
    notes: english<readonly Text[]>(advice).join("\n"),
  };
}

type Case = readonly [words: string, Partial<Read>];

const UNWANTED: readonly Case[] = [
  ["a fox negative:blurry, dogs, dark seed:3", { negative: "blurry, dogs, dark", seed: 3 }],
  ["a fox negative: dogs", { negative: "dogs" }],
  ["a fox negative:blurry dogs", { negative: "blurry dogs" }],
  ["a fox negative:“blurry dogs”", { negative: "blurry dogs" }],
  ["a fox negative:«blurry dogs»", { negative: "blurry dogs" }],
  ["a fox negative:„blurry dogs“", { negative: "blurry dogs" }],
  ["a fox negative:'blurry dogs'", { negative: "blurry dogs" }],
  ["a fox negative:「blurry dogs」", { negative: "blurry dogs" }],
  ["a fox negative:‚blurry dogs‘", { negative: "blurry dogs" }],
  ["a fox --no dogs", { negative: "dogs" }],
  ["a fox --no dogs, cats --seed 5", { negative: "dogs, cats", seed: 5 }],
  ["a fox —no dogs", { negative: "dogs" }],
  ["a fox negative=dogs", { negative: "dogs" }],
  ["a fox --negative dogs", { negative: "dogs" }],
  ["a fox negative_prompt: dogs", { negative: "dogs" }],
  ["a fox ### dogs, blurry", { negative: "dogs, blurry" }],
  ["a fox### dogs", { negative: "dogs" }],
  [
    "a fox\nNegative prompt: dogs, blurry\nSteps: 20, Sampler: Euler a, CFG scale: 3.5, Seed: 42, Size: 832x1216, Model: flux",
    { negative: "dogs, blurry", steps: 20, cfg: 3.5, seed: 42, size: "832x1216" },
  ],
  [
    "a fox Negative prompt: dogs, blurry Steps: 20, CFG scale: 3.5, Seed: 42, Size: 832x1216",
    { negative: "dogs, blurry", steps: 20, cfg: 3.5, seed: 42, size: "832x1216" },
  ],
];

const HABITS: readonly Case[] = [
  ["a fox --ar 16:9", { size: "1344x768" }],
  ["a fox —ar 16:9 —seed 5", { size: "1344x768", seed: 5 }],
  ["a fox --ar 2:3", { size: "832x1216" }],
  ["a fox --aspect 3:2", { size: "1280x832" }],
  ["a fox --seed 5", { seed: 5 }],
  ["a fox –seed 5", { seed: 5 }],
  ["a fox seed=5", { seed: 5 }],
  ["a fox seed: 5", { seed: 5 }],
  ["a fox seed : 5", { seed: 5 }],
  ["a fox seed: 42, steps: 20", { seed: 42, steps: 20 }],
  ["a fox size=832x1216", { size: "832x1216" }],
  ["a fox size: 832x1216", { size: "832x1216" }],
  ["a fox size: 832 x 1216", { size: "832x1216" }],
  ["a fox size: poster", { size: "832x1216" }],
  ["a fox CFG scale: 7", { cfg: 7 }],
  ["a fox cfg_scale=7", { cfg: 7 }],
  ["a fox --cfg-scale 7", { cfg: 7 }],
  ["a fox cfg：3，seed：5", { cfg: 3, seed: 5 }],
  ["a fox,seed:5", { seed: 5 }],
  ["a fox cfg:٣", { cfg: 3 }],
  ["a fox seed：５", { seed: 5 }],
  ["a fox graine=5", { seed: 5 }],
];

/** They stay words, in every door. */
const WORDS: readonly string[] = [
  "a sign “--seed 5” on a wall",
  "a banner „um seed:4 Uhr“ laut",
  "a banner «seed: 4» here",
  "a banner 'seed:4' here",
  "a poster 「seed:4」 here",
  "portrait: a cat -- asleep, at 10:30",
  "no dogs, no cats — nothing",
  "a staircase with steps: many",
  "the workers' seed isn't the miners' seed",
];

const anyDoor = Object.keys(DOORS);
const tableOf = (cases: readonly Case[]) => anyDoor.flatMap((door) => cases.map((one) => [door, ...one] as const));

describe("what is not wanted", () => {
  it.each(tableOf(UNWANTED))("by %s: %s", async (door, words, wanted) => {
    const read = await through(door, words);
    expect(read).toMatchObject({ prompt: "a fox", ...wanted });
    // Quoted and plainly written it needs no note; read from between words it does.
    if (!/negative:['“«„「‚]/u.test(words)) expect(read.notes).toContain(`negative:"${wanted.negative}"`);
  });

  it("never gets into the prompt without a note, however it is begun, whatever else is there", async () => {
    const begun = [
      "negative:",
      "negative: ",
      "negative=",
      "--no ",
      "—no ",
      "--negative ",
      "### ",
      "\nNegative prompt: ",
    ];
    const unwanted = fc.array(fc.constantFrom("dogs", "blurry", "bad hands", "Köter", "狗"), {
      minLength: 1,
      maxLength: 4,
    });
    const after = fc.constantFrom("", " seed:3", " --ar 16:9", "\nSteps: 20, Seed: 42, CFG scale: 3", ", size: poster");
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...anyDoor),
        fc.constantFrom("a fox", "rote Fahne,", "un zorro «rojo»"),
        fc.constantFrom(...begun),
        unwanted,
        fc.constantFrom(", ", " ", ",\n"),
        after,
        async (door, wanted, how, words, between, end) => {
          const read = await through(door, `${wanted} ${how}${words.join(between)}${end}`);
          for (const word of words) if (read.prompt?.includes(word) !== false) expect(read.notes).toContain(word);
          expect(read.negative).toContain(words[0]);
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe("habits from elsewhere", () => {
  it.each(tableOf(HABITS))("by %s: %s", async (door, words, wanted) => {
    const read = await through(door, words);
    expect(read).toMatchObject({ prompt: "a fox", ...wanted });
    if (!/ (?:cfg:٣|seed：５)/u.test(words)) expect(read.notes).toContain("Taken as options, not as words");
  });

  it.each(anyDoor.flatMap((door) => WORDS.map((words) => [door, words] as const)))(
    "are none by %s: %s",
    async (door, words) => {
      const read = await through(door, words);
      expect(read.prompt).toBe(words);
      expect(read.notes).not.toMatch(/Taken|Left out|left in the prompt/u);
    },
  );

  it.each([
    ["a fox --v 6 --stylize 250 --tile", "Left out, since it does nothing here: --v 6, --stylize 250, --tile"],
    ["a fox seed: -1", "seed:random"],
  ])("%s is told", async (words, note) => {
    const read = await through("a typed line", words);
    expect(read).toMatchObject({ prompt: "a fox" });
    expect(read.notes).toContain(note);
  });

  it.each([
    ["a fox steps: 200", "steps: a whole number from 1 to 50"],
    ["a fox style=woodcut", "There is no style here"],
    ["a fox size=13x13", "size"],
  ])("%s stays, with what would be taken", async (words, note) => {
    const read = await through("a typed line", words);
    expect(read.prompt).toBe(words);
    expect(read.notes).toContain(note);
  });

  it("a style by its name, where one can be chosen", async () => {
    const outcome = await asked("imagine", { text: "a fox style=chalk" });
    expect(outcome).toMatchObject({ do: "draw", order: { request: { prompt: "a fox", styleId: "chalk" } } });
  });

  it("a field that was filled in goes before what stands between words", async () => {
    const outcome = await asked("rca", { values: { prompt: "a fox --seed 5", seed: 8 } });
    expect(outcome).toMatchObject({ do: "draw", order: { request: { prompt: "a fox --seed 5", seed: 8 } } });
    expect(JSON.stringify(english(outcome))).toContain("seed has its own field");
  });

  it("what a note proposes is accepted when it is typed", async () => {
    const options = fc.constantFrom("sede", "seed", "stepz", "steps", "cfgg", "cfg", "scal", "size", "sise", "count");
    const values = fc.oneof(
      fc.integer({ min: -5, max: 5000 }).map(String),
      fc.constantFrom("poster", "16:9", "1.5", "x"),
    );
    await fc.assert(
      fc.asyncProperty(options, fc.constantFrom(":", "=", ": "), values, async (name, sign, value) => {
        const read = await through("a typed line", `a fox ${name}${sign}${value}`);
        const meant = /Did you mean (\S+)\?/u.exec(read.notes ?? "")?.[1];
        if (meant === undefined) return;
        const again = await through("a typed line", `a fox ${meant}`);
        expect(again.prompt).toBe("a fox");
        expect(again.notes).not.toMatch(/Taken|left in/u);
      }),
      { numRuns: 100 },
    );
  });
});

it("draws as before where nothing is read from the words", async () => {
  for (const door of anyDoor.filter((name) => !/Edit|edit|reply/u.test(name)))
    expect(await through(door, "a quiet street")).toMatchObject({ prompt: "a quiet street", notes: "" });
});

describe("unseen and wide characters, quotes", () => {
  it.each<Case>([
    ["a fox seed:\u200e5", { prompt: "a fox", seed: 5 }],
    ["a fox se\u200bed:\u20605", { prompt: "a fox", seed: 5 }],
    ["ثعلب seed:\u200e5", { prompt: "ثعلب", seed: 5 }],
    ["a fox\u3164 ｓｅｅｄ：５", { prompt: "a fox", seed: 5 }],
    ["a fox size：８３２ｘ１２１６", { prompt: "a fox", size: "832x1216" }],
    ["a fox size：ｐｏｓｔｅｒ", { prompt: "a fox", size: "832x1216" }],
    ["a fox －－seed ５", { prompt: "a fox", seed: 5 }],
  ])("%j", async (words, wanted) => {
    for (const door of anyDoor) expect(await through(door, words), door).toMatchObject(wanted);
  });
});

describe("words that can only be options", () => {
  const reply = () => contextWith({ about: about() });
  it.each<[words: string, request: object]>([
    ["cfg 5", { guidance: 5 }],
    ["cfg：5", { guidance: 5 }],
    ["seed 7, cfg 4", { guidance: 4, seed: 7 }],
    ["size banner", { widthPx: 1536, heightPx: 640 }],
  ])("/edit %s keeps the prompt", async (words, request) => {
    const { prompt } = pictureOf(jobWith()).order.request;
    const wanted = { do: "draw", order: { request: { prompt, ...request } } };
    expect(await asked("edit", { text: words }, reply())).toMatchObject(wanted);
    expect(await asked("edit", { values: { prompt: words } }, reply())).toMatchObject(wanted);
  });

  it("/edit with other words is new words", async () => {
    for (const words of ["cfg 50", "cfg 5 foxes", "a fox at 5", "seed"])
      expect(await asked("edit", { text: words }, reply())).toMatchObject({ order: { request: { prompt: words } } });
  });

  const valuesOf = (name: string, words: string) => {
    const command = commands.get(name);
    const args = command && parseArgs(command, { text: words }, [], contextWith().spoken);
    if (!args) throw new Error(`no /${name}`);
    return args.ok ? args.value.values : englishWords(args.problem.text);
  };
  it.each<[name: string, words: string, values: object]>([
    ["vary", "subtle 2", { how: "subtle", picture: "2" }],
    ["vary", "2 strong", { how: "strong", picture: "2" }],
    ["vary", "#2", { how: "subtle", picture: "#2" }],
    ["vary", "strong picture 2", { how: "strong", picture: "2" }],
    ["history", "mine", { mine: true }],
    ["history", "mine no", { mine: false }],
    ["history", "meine", { mine: true }],
    ["guide", "seeds", { topic: "seed" }],
    ["guide", "vote", { topic: "votes" }],
  ])("/%s %s finds what was meant", (name, words, values) => expect(valuesOf(name, words)).toEqual(values));

  it.each([
    ["history", "yours"],
    ["vary", "subtle strong"],
    ["vary", "wildly"],
    ["guide", "the moon"],
  ])("/%s %s is refused", (name, words) => expect(valuesOf(name, words)).toEqual(expect.any(String)));
});

it("a picture with options and no words brings them into the form", async () => {
  const file = { name: "a.png", mime: "image/png", sizeBytes: 8, read: async () => new Uint8Array(8) };
  const context = contextWith({ attachments: [file] });
  const outcome = await asked("edit", { text: "seed:7 style:chalk size:banner change:0.3" }, context);
  const shown = outcome.do === "form" ? outcome.form.fields.map(({ name, value }) => [name, value]) : [];
  expect(Object.fromEntries(shown)).toEqual({ prompt: "", seed: "7", style: "chalk", size: "banner", change: "0.3" });
  const sent = { ...Object.fromEntries(shown), prompt: "a fox" };
  expect(await startOutcome(started(), world, sent)).toMatchObject({
    order: { request: { prompt: "a fox", seed: 7, styleId: "chalk", widthPx: 1536, init: { strength: 0.3 } } },
  });
});

describe("a drawing command without words", () => {
  const file = { name: "a.png", mime: "image/png", sizeBytes: 8, read: async () => new Uint8Array(8) };
  const unsaid = (name: string, line: string, over: Parameters<typeof contextWith>[0] = {}, raw?: object) => {
    const command = commands.get(name);
    const context = contextWith(over);
    const said = command && parseUnsaid(command, raw ? { values: { ...raw } } : { text: line }, context.attachments);
    return said && command.unsaid?.(context, said.values);
  };
  const fieldsIn = (outcome: Outcome | undefined) =>
    outcome?.do === "form"
      ? Object.fromEntries(outcome.form.fields.map(({ name, value }) => [name, value]))
      : { [`no form but ${outcome?.do}`]: "" };

  it.each<[name: string, line: string, fields: object]>([
    ["rca", "", { prompt: "", style: "rca", size: "" }],
    ["rca", "  \u200b", { prompt: "", style: "rca", size: "" }],
    ["chalk", "seed:7 count:2", { prompt: "", style: "chalk", seed: "7", count: "2", size: "" }],
    ["imagine", "style:chalk size:banner", { prompt: "", style: "chalk", size: "banner" }],
  ])("/%s %s asks for them, with what was said", async (name, line, fields) => {
    const outcome = await unsaid(name, line);
    expect(fieldsIn(outcome)).toEqual(fields);
    const sent = { ...fieldsIn(outcome), prompt: "a fox" };
    const drawn = await startOutcome(contextWith(), world, sent, { of: "words" });
    expect(drawn).toMatchObject({
      do: "draw",
      order: { request: { prompt: "a fox", styleId: fieldsIn(outcome)["style"] } },
    });
    expect(drawn).not.toHaveProperty("initBytes");
  });

  it.each(["rca", "imagine"])("/%s with a picture asks what it should become", async (name) => {
    const outcome = await unsaid(name, "seed:7 change:0.3", { attachments: [file] });
    expect(fieldsIn(outcome)).toEqual({ prompt: "", style: "rca", seed: "7", change: "0.3" });
    expect(outcome).toMatchObject({ startFrom: file });
  });

  it("is asked by a filled-in form as well", async () =>
    expect(fieldsIn(await unsaid("rca", "", {}, { prompt: " ", seed: "7" }))).toMatchObject({ prompt: "", seed: "7" }));

  it("is refused where something else is wrong, and drawn where there are words", async () => {
    for (const line of ["seed:-7", "cfg:50", "a fox", '"a fox"', "prompt:a fox"])
      expect(await unsaid("rca", line)).toBeUndefined();
  });
});
