import { describe, expect, it } from "vitest";
import type { Job, Picture } from "../../src/domain/job.ts";
import { text, verbatim } from "../../src/domain/text.ts";
import { LANGUAGES } from "../../src/messages/catalogue.ts";
import { jobCard } from "../../src/views/job-card.ts";
import { factsLine } from "../../src/views/picture.ts";
import { jobWith, orderWith, pictureOf } from "../commands/context.ts";
import { english } from "../words.ts";

const advice = [
  text("advice.cfg", { cfg: 8, max: 5 }),
  text("advice.long", { parts: 90, limit: 77, past: "fox" }),
  text("advice.long.estimated", { parts: 90, limit: 77, past: "fox" }),
  text("advice.size", { width: 1536, height: 1536, max: 1024 }),
  text("advice.lettering", { example: "Ready" }),
];
const job = jobWith({ order: orderWith({}, { advice }) });
const made = (over: Partial<Picture["recipe"]>): Picture => {
  const picture = pictureOf(job);
  return { ...picture, recipe: { ...picture.recipe, ...over } };
};
const cardOf = (pictures: readonly Picture[], language = "en", of: Job = job): string => {
  const card = jobCard(
    {
      job: of,
      ownerIds: [of.memberId],
      pictures,
      vote: undefined,
      ahead: undefined,
      progress: undefined,
      previewKey: undefined,
      outOfRoom: false,
      unserved: false,
      styleOf: () => ({ id: "woodcut", title: "Woodcut" }),
      spoiler: false,
      reroll: { by: "everyone" },
      canSketch: false,
      nowMs: 0,
      backendTitle: () => text("backend.sketch.title"),
    },
    () => "token",
  );
  return english(card.text, language);
};

describe("the card of a picture set in type", () => {
  const sketch = made({ typeset: true, missed: [text("backend.sketch.missed.things", { things: "bridge" })] });

  it.each(LANGUAGES)("has no number of a model, and nothing of how models read, in %s", (language) => {
    const card = cardOf([sketch], language);
    const numbers = [text("card.fact.cfg", { cfg: 3 }), text("card.fact.steps", { steps: 28 })].map((one) =>
      english(one, language),
    );
    for (const words of [...numbers, ...advice.slice(0, 4).map((one) => english(one, language))])
      expect(card).not.toContain(words);
    expect(card).not.toMatch(/cfg|token|encoder/iu);
    expect(card).toContain(english(advice[4], language));
    expect(card).toContain(english(text("backend.sketch.missed.things", { things: "bridge" }), language));
  });

  it("calls a style that comes with Placard by its name in the reader's language", () => {
    expect(cardOf([sketch], "de")).toContain("#12 · Holzschnitt ·");
  });

  it("of a model keeps them", () => {
    const card = cardOf([made({})]);
    expect(card).toMatch(/cfg 3 .*28 steps/u);
    expect(card).toContain("Your prompt is long");
  });

  it("says what is missing once for a batch", () => {
    const lines = cardOf([sketch, sketch]).split("\n");
    expect(lines.filter((line) => line === "Not drawn: bridge.")).toHaveLength(1);
  });

  it("is listed without them, too", () => {
    expect(english(factsLine(sketch, "RCA"))).not.toMatch(/cfg|steps/u);
    expect(english(factsLine(made({}), "RCA"))).toMatch(/cfg 3 .*28 steps/u);
  });

  it("shows what somebody wrote as it is", () =>
    expect(cardOf([made({ typeset: true, missed: [verbatim("<b>")] })])).toContain("<b>"));
});
