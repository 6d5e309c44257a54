import { describe, expect, it } from "vitest";
import { tinyPng } from "../../src/backends/fake/png.ts";
import type { LetteringLayer } from "../../src/domain/lettering.ts";
import { recipeFields } from "../../src/features/pictures/info.ts";
import type { Outcome } from "../../src/ports/outcome.ts";
import { english } from "../words.ts";
import { contextWith, fileOf, jobWith, orderWith, pictureOf, subjectOf } from "./context.ts";
import { press, pressed, type Said, typed } from "./parts.ts";

const wordsLayer: LetteringLayer = { lettering: 1, words: [{ text: "Rent strike", level: "title" }], place: "auto" };
const job = jobWith({ order: orderWith({ lettering: wordsLayer }) });
const subject = subjectOf(job);
const other = pictureOf(jobWith({ jobId: "bbbbbbbbbbbbbbbb" }), 0, { number: 20 });
/** Where an editor takes so many pictures; the command answers the picture of `job`. */
const where = (most: number, over: Parameters<typeof contextWith>[0] = {}) =>
  contextWith({
    about: { of: "job", subject },
    ...over,
    reads: {
      picturesForWords: () => most,
      job: async () => job,
      pictureByNumber: async (number) => (number === other.number ? other : undefined),
      ...over.reads,
    },
  });
const requestOf = (said: Said) => (said.do === "draw" ? said.order.request : said);
const file = (name: string) => fileOf(tinyPng(640, 960, name));

describe("/edit with words", () => {
  it("changes the picture itself, without its letters, which are set over it again", async () => {
    const said = await typed("/edit make the sky red, keep the letters", where(3));
    expect(requestOf(said)).toMatchObject({
      prompt: "make the sky red, keep the letters",
      // No word of a style whose LoRA is not in play.
      finalPrompt: "make the sky red, keep the letters",
      loraScale: 0,
      edit: { keys: [subject.pictures[0]?.imageId] },
      widthPx: 832,
      heightPx: 1216,
      lettering: wordsLayer,
    });
    expect(requestOf(said)).not.toHaveProperty("init");
    expect(said).toMatchObject({
      order: { lineage: { kind: "edit", change: "by words: “make the sky red, keep the letters”" }, seedFrom: "drawn" },
    });
  });

  it("takes the style's word where its LoRA is asked for by name", async () =>
    expect(requestOf(await typed("/edit make the sky red scale:0.8", where(3)))).toMatchObject({
      loraScale: 0.8,
      finalPrompt: "rca style, make the sky red",
    }));

  it("is told that its size is large only where somebody chose it", async () => {
    const adviceOf = (said: Said) => (said.do === "draw" ? said.order.advice : [said]).join("\n");
    const large = where(3, { about: undefined, attachments: [fileOf(tinyPng(1024, 1472, "a"))] });
    expect(requestOf(await typed("/edit make it red", large))).toMatchObject({ widthPx: 1024, heightPx: 1472 });
    expect(adviceOf(await typed("/edit make it red", large))).not.toContain("on a side");
    expect(adviceOf(await typed("/edit make it red size:1024x1472", large))).toContain("1024×1472 is more than 1024");
  });

  it("says of its style what was sent", () => {
    const styleIn = (finalPrompt: string) => {
      const { recipe } = subject.pictures[0] ?? other;
      const fields = recipeFields({ ...recipe, request: { ...recipe.request, finalPrompt } });
      return english(fields).find(({ name }) => name === "Style")?.value;
    };
    expect(styleIn("make the sky red")).toBe("RCA");
    expect(styleIn("RCA style, make the sky red")).toBe("RCA, with its word “rca style”");
  });

  it("speaks of a file and of another picture, in the order they were given", async () => {
    const said = await typed("/edit put them together picture_2:20", where(3, { attachments: [file("a")] }));
    expect(said).toMatchObject({
      order: { request: { edit: { keys: [subject.pictures[0]?.imageId, "given 2", other.imageId] } } },
    });
    const bytes = said.do === "draw" ? said.editBytes : undefined;
    expect(bytes?.map((each) => each !== undefined)).toEqual([false, true, false]);
  });

  it.each<[string, Parameters<typeof typed>, RegExp]>([
    [
      "more pictures than it takes",
      ["/edit x picture_2:20 picture_3:20", where(2)],
      /You gave 3 pictures; .* 2 at most/,
    ],
    ["a picture of another chat", ["/edit x picture_2:99", where(3)], /There is no picture #99/],
    ["what draws anew", ["/edit x how:words style:chalk", where(3)], /say how:prompt/],
    ["nothing that could", ["/edit x how:words", where(0)], /No model here can change a picture by words/],
    [
      "several files and nothing that could",
      ["/edit x", where(0, { attachments: [file("a"), file("b")] })],
      /No model here/,
    ],
    [
      "several files and no words",
      ["/edit", where(3, { attachments: [file("a"), file("b")] })],
      /Say what should become/,
    ],
  ])("with %s is refused in a sentence", async (_why, given, expected) =>
    expect(await typed(...given)).toMatchObject({ do: "refuse", problem: { text: expect.stringMatching(expected) } }),
  );

  it("is a prompt as before with how:prompt, with a style or change, and where nothing changes pictures", async () => {
    for (const line of ["/edit a blue fox how:prompt", "/edit a blue fox change:0.4", "/edit a blue fox style:chalk"])
      expect(requestOf(await typed(line, where(3)))).toMatchObject({ prompt: "a blue fox", seed: 7 });
    const without = await typed("/edit a blue fox", where(0));
    expect(requestOf(without)).not.toHaveProperty("edit");
    expect(without).toMatchObject({
      order: { advice: [expect.stringMatching(/^No model here changes pictures by words: it is drawn anew/)] },
    });
  });
});

describe("the form of Edit", () => {
  const formOf = (said: Said | Outcome) => (said.do === "form" ? said.form.fields : []);
  const values = { cfg: "3", steps: "28", seed: "7", scale: "0.9", size: "poster", negative: "", prompt: "a red fox" };

  it("asks what to change first where something can, else says that nothing can", async () => {
    const [first, second] = formOf(await press("edit", where(1), subject));
    expect([first?.name, second?.name]).toEqual(["words", "prompt"]);
    const [only] = formOf(await press("edit", where(0), subject));
    expect(only).toMatchObject({
      name: "prompt",
      summary: expect.stringMatching(/^no model here changes pictures by words/),
    });
  });

  it("changes the picture by what was said there, and only with numbers that were changed", async () => {
    const sent = (more: object) => pressed("redo", where(1), { ...subject, values: { ...values, ...more } });
    const said = await sent({ words: "a red sky", steps: "12" });
    expect(said).toMatchObject({
      do: "draw",
      order: { request: { prompt: "a red sky", steps: 12, seed: 4242, edit: { keys: [expect.any(String)] } } },
    });
    expect(await sent({ words: "a red sky", prompt: "a blue fox" })).toMatchObject({ do: "refuse" });
    expect(await sent({ words: " ", prompt: "a blue fox" })).toMatchObject({ order: { request: { seed: 7 } } });
  });
});

it("what words changed is rerolled, varied and made again from the same picture", async () => {
  const edit = { keys: ["input/aaaaaaaaaaaaaaaa"] };
  const changed = subjectOf(jobWith({ order: orderWith({ edit, loraScale: 0, prompt: "make the sky red" }) }));
  for (const verb of ["reroll", "subtle", "again"])
    expect(await pressed(verb, where(1), changed)).toMatchObject({ order: { request: { edit } } });
  const about = { of: "job", subject: changed } as const;
  expect(requestOf(await typed("/edit make it blue how:prompt", where(1, { about })))).toMatchObject({ edit });
  // A start is drawn over, so what it was changed from is none of its matter.
  expect(requestOf(await typed("/edit a blue fox change:0.4", where(1, { about })))).not.toHaveProperty("edit");
});
