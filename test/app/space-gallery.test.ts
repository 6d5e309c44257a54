import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { importGallery } from "../../src/app/space-gallery.ts";
import { parseStyles, withEntries } from "../../src/app/style-gallery.ts";
import { entriesOf, entryNamed } from "../../src/backends/space/gallery.ts";
import { lorasOf, type Style } from "../../src/domain/style.ts";
import { cases } from "../many.ts";

const firstOf = (style: Style, backend: string) => lorasOf(style, backend)[0]?.file;

const ids = (value: unknown, taken: readonly string[] = []) =>
  importGallery([value], taken).imported.map(({ entry }) => entry.id);
const first = (value: unknown) => importGallery([value]).imported[0]?.entry;
/** What the styles file and the Space make of it: each style with the place of the entry it runs. */
function ran(list: readonly Readonly<Record<string, unknown>>[]) {
  const { imported } = importGallery([list]);
  const text = withEntries(
    undefined,
    imported.map(({ entry }) => entry),
  );
  const titles = list.map(({ title }) => String(title));
  return parseStyles([{ file: "s.json", text }]).map((style) => [
    style.id,
    style.title,
    entryNamed(entriesOf(titles, list), firstOf(style, "space") ?? "", firstOf(style, "huggingface"))?.index,
  ]);
}

it("takes over an entry with all that a style can say", () => {
  const entry = {
    image: "https://a.example/x.png",
    title: "Rötes Plakat!",
    repo: "o/r",
    weights: "w.safetensors",
    trigger_word: "TOK",
    trigger_position: "append",
    likes: 3,
  };
  expect(importGallery([[entry]])).toEqual({
    imported: [
      {
        entry: {
          id: "rotes_plakat",
          title: "Rötes Plakat!",
          summary: "From a Space gallery: Rötes Plakat!",
          trigger: "TOK",
          triggerPosition: "end",
          lora: {
            space: "Rötes Plakat!",
            huggingface: "o/r",
            comfyui: "w.safetensors",
            sdcpp: "w.safetensors",
            webui: "w",
          },
          preview: "https://a.example/x.png",
        },
        remarks: [],
      },
    ],
    leftOut: [],
  });
});

describe("names", () => {
  it.each([
    ["水墨画", "shui_mo_hua"],
    ["🔥✨", "fire_sparkles"],
    ["Ленин 🚩 плакат", "lenin_plakat"],
    ["한국 포스터", "han_gug_po_seu_teo"],
    ["ポスター", "posuta"],
    ["99 Names", "names"],
    ["3D Render", "style_3d_render"],
    ["PixelArt (v2)", "pixelart_v2"],
    ["!!", "style"],
  ])("the style %s is /%s", (title, id) => expect(ids([{ title }])).toEqual([id]));

  it("of commands and of other entries are left to them, and readable ones taken", () => {
    const help = [{ title: "Help", repo: "a/first" }, { title: "help", repo: "a/other" }, { title: "Help!" }];
    const { imported } = importGallery([help], ["help"]);
    expect(imported.map(({ entry }) => [entry.id, entry.title])).toEqual([
      ["help_first", "Help"],
      ["help_other", "help (other)"],
      ["help_2", "Help!"],
    ]);
    expect(imported[0]?.remarks).toEqual(["“Help”: /help is taken, so this one is /help_first"]);
  });
});

describe("each style runs its own LoRA", () => {
  it("where entries share a trigger word and a repository", () => {
    expect(
      ran([
        { title: "Marker", repo: "someone/marker", trigger_word: "marker style" },
        { title: "Linocut", repo: "someone/linocut", trigger_word: "linocut" },
        { title: "Marker Soft", repo: "someone/marker", trigger_word: "marker style" },
      ]),
    ).toEqual([
      ["marker", "Marker", 0],
      ["linocut", "Linocut", 1],
      ["marker_soft", "Marker Soft", 2],
    ]);
  });
  it("where entries share a title, or a title and a repository with two files", () => {
    expect(
      ran([
        { title: "Same", repo: "a/b", trigger_word: "s1" },
        { title: "Same", repo: "a/c", trigger_word: "s2" },
        { title: "Same!", repo: "a/d", trigger_word: "" },
        { title: "Twins", repo: "a/twins", weights: "one.safetensors" },
        { title: "Twins", repo: "a/twins", weights: "two.safetensors" },
      ]),
    ).toEqual([
      ["same", "Same", 0],
      ["same_c", "Same (c)", 1],
      ["same_d", "Same!", 2],
      ["twins", "Twins", 3],
      ["twins_twins", "Twins (twins)", 4],
    ]);
  });
  it("also at programs that keep LoRAs as files, and at the Hub", () => {
    const file = "lora.safetensors";
    const [one, two, three] = importGallery([
      [
        { title: "One", repo: "a/one", weights: file },
        { title: "Two", repo: "a/many", weights: file },
        { title: "Three", repo: "a/many", weights: "three.safetensors" },
      ],
    ]).imported;
    expect(one).toMatchObject({ entry: { lora: { space: "One", huggingface: "a/one" } }, remarks: [/other entries/] });
    expect(two?.entry.lora).toEqual({ space: "Two", huggingface: `a/many/${file}` });
    expect(three?.entry.lora).toMatchObject({ huggingface: "a/many/three.safetensors", webui: "three" });
  });
  const CASES = cases(60, 2000);
  it(`whatever galleries repeat, ${CASES} times`, () => {
    const some = (...values: readonly (string | null)[]) => fc.constantFrom(...values);
    const entry = fc.record({
      title: some("Ink", "ink", "Ink!", "墨", "Help"),
      repo: some("a/ink", "b/ink", "a/墨", null),
      weights: some("x.safetensors", "y.safetensors", null),
      trigger_word: some("ink", "ink style", "", null),
    });
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 8 }), (list) => {
        const { imported, leftOut } = importGallery([list], ["help"]);
        expect(imported.length + leftOut.length).toBe(list.length);
        // A file without a style is none.
        if (imported.length === 0) return;
        const names = ran(list);
        expect(new Set(names.map(([id]) => id)).size).toBe(imported.length);
        expect(new Set(names.map(([, title]) => String(title).toLowerCase())).size).toBe(imported.length);
        // The entry that runs is of the repository and file that the style was made of.
        for (const [at, [, , index]] of names.entries()) {
          const { huggingface } = imported[at]?.entry.lora ?? {};
          const used = typeof index === "number" ? list[index] : undefined;
          expect(used).toBeDefined();
          if (huggingface !== undefined) expect(`${used?.repo}/${used?.weights}`).toContain(huggingface);
        }
      }),
      { numRuns: CASES },
    );
  });
});

describe("other shapes", () => {
  it.each([
    [
      "null for absent",
      [{ image: null, title: "A", repo: "o/a", weights: null, trigger_word: null, trigger_position: null }],
    ],
    ["titles as names of rows", { A: ["o/a", ""] }],
    ["titles as names of objects", { A: { repo: "o/a" } }],
    ["titles as names of repositories", { A: "o/a" }],
    ["a list within an object", { version: 2, loras: [{ title: "A", repo: "o/a" }] }],
    ["rows", [["A", "o/a"]]],
    ["one entry alone", { title: "A", repo: "o/a" }],
    ["other names of fields", [{ name: "A", repo_id: "https://huggingface.co/o/a/" }]],
  ])("%s", (_what, value) =>
    expect(first(value)).toMatchObject({ id: "a", title: "A", lora: { space: "A", huggingface: "o/a" } }),
  );
  it("of several files that are used together, each with its strength", () => {
    const weights = ["a/ink.safetensors", "b/wash.safetensors", "c/grain.safetensors", "d/more.safetensors"];
    const [mix] = importGallery([[{ title: "Mix", repo: "o/mix", weights, scales: [1, 0.6] }]]).imported;
    expect(mix?.entry.lora).toEqual({
      space: "Mix",
      huggingface: [
        "o/mix/a/ink.safetensors",
        { file: "o/mix/b/wash.safetensors", scale: 0.6 },
        "o/mix/c/grain.safetensors",
      ],
      comfyui: ["ink.safetensors", { file: "wash.safetensors", scale: 0.6 }, "grain.safetensors"],
      sdcpp: ["ink.safetensors", { file: "wash.safetensors", scale: 0.6 }, "grain.safetensors"],
      webui: ["ink", { file: "wash", scale: 0.6 }, "grain"],
    });
    expect(mix?.remarks).toEqual(["“Mix”: it uses 4 files at once, and a style the first 3"]);
    expect(mix && parseStyles([{ file: "s.json", text: withEntries(undefined, [mix.entry]) }])).toHaveLength(1);
  });
  it("of one entry, as far as a style has a place for it", () => {
    const odd = {
      id: 64,
      image: "images/p.png",
      title: "Small Things ",
      repo: "loras_cache/someone_small-things",
      trigger_word: "small things",
      aspect: "landscape",
      prompts: ["raw photo, two small things on a desk", 3],
      adapter_name: "small",
      scale: "0.8",
    };
    const { imported } = importGallery([[odd, { title: "Loud", scale: 7, trigger_position: "sideways" }]]);
    expect(imported[0]?.entry).toMatchObject({
      title: "Small Things",
      lora: { space: "Small Things" },
      defaults: { scale: 0.8, width: 1216, height: 832 },
      examples: ["raw photo, two small things on a desk"],
    });
    expect(imported[0]?.entry.lora).not.toHaveProperty("huggingface");
    expect(imported[0]?.remarks).toEqual([expect.stringContaining("none of the Hub")]);
    expect(imported[1]?.remarks).toEqual([expect.stringContaining("“sideways”"), expect.stringContaining("scale 7")]);
  });
  it.each([
    [", yarn art style", undefined, "yarn art style", "end"],
    [", yarn art style", "prepend", "yarn art style", undefined],
    ["ps1 game screenshot,", "prepend", "ps1 game screenshot", undefined],
    ["a vintage ad of", "prepend", "a vintage ad of", undefined],
    ["pixel, pixel art", "append", "pixel, pixel art", "end"],
  ])("the trigger %j at %s", (trigger_word, trigger_position, trigger, triggerPosition) => {
    const { trigger: made, triggerPosition: at } = first([{ title: "A", trigger_word, trigger_position }]) ?? {};
    expect([made, at]).toEqual([trigger, triggerPosition]);
  });
});

it("tells of each entry why it was left out, and takes the others", () => {
  const list = [
    { title: "Good", repo: "o/good" },
    7,
    { repo: null },
    { title: "Long", trigger_word: "x".repeat(101) },
    { title: "Odd", trigger_word: { word: "x" } },
    { title: "good", repo: "o/good" },
    { title: "Lone" },
    { title: "Lone", trigger_word: "l" },
    { repo: "o/nameless" },
  ];
  const { imported, leftOut } = importGallery([list]);
  expect(imported.map(({ entry }) => entry.title)).toEqual(["Good", "nameless"]);
  expect(leftOut).toEqual([
    "entry 2: is no entry of a gallery",
    "entry 3: has neither a title nor a repository",
    "entry 4 “Long”: its trigger word has more than 100 characters",
    "entry 5 “Odd”: its trigger word is no text",
    "entry 6 “good”: the same as entry 1",
    "entry 7 “Lone”: another entry has this title, and no repository tells them apart",
    "entry 8 “Lone”: another entry has this title, and no repository tells them apart",
  ]);
});
