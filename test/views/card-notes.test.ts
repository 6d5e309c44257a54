import { expect, it } from "vitest";
import { text, verbatim } from "../../src/domain/text.ts";
import { jobCard } from "../../src/views/job-card.ts";
import { contextWith, jobWith, pictureOf, rca } from "../commands/context.ts";
import { english } from "../words.ts";

it("the card says what became of unwanted words, and leaves the rest of the notes to Info", () => {
  const notes = [
    text("backend.sketch.note.honest"),
    text("backend.sketch.note.kept-out", { words: "foxes" }),
    text("backend.sketch.note.not-kept-out", { words: "blurry" }),
    text("note.left-out", { words: "truecfg" }),
    text("backend.sketch.note.layout", { layout: "swiss" }),
  ];
  const job = jobWith();
  const picture = pictureOf(job);
  const { token } = contextWith();
  const card = jobCard(
    {
      job,
      pictures: [{ ...picture, recipe: { ...picture.recipe, notes } }],
      ballot: undefined,
      ahead: undefined,
      progress: undefined,
      previewKey: undefined,
      outOfRoom: false,
      styleOf: () => rca,
      spoiler: false,
      backendTitle: verbatim,
    },
    token,
  );
  expect(english(card).text.split("\n").slice(2)).toEqual([
    "Kept out: foxes.",
    "The sketch does not know how to keep this out: blurry.",
    "Left out, since it does nothing here: truecfg.",
  ]);
});
