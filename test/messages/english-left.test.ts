import { expect, it, onTestFinished } from "vitest";
import { text } from "../../src/domain/text.ts";
import { addCatalogue, catalogueOf } from "../../src/messages/catalogue.ts";
import { render } from "../../src/messages/render.ts";
import { englishLeft } from "./english-left.ts";

const shown = (language: string) => [
  render(text("quota.queue-full", { open: 3 }), language),
  render(text("card.deleted", { number: 12, name: "Ana" }), language),
  render(text("button.reroll"), language),
  "Ana: a green hill",
];

it.each(["es", "ar"])("finds nothing in %s, and each sentence that it lacks", (language) => {
  expect(englishLeft(shown(language), language)).toEqual([]);
  const own = catalogueOf(language);
  const lacks = ["button.reroll", "card.deleted", "quota.queue-full"];
  const messages = new Map([...own.messages].filter(([id]) => !lacks.includes(id)));
  onTestFinished(addCatalogue(language, { ...own, messages }));
  const found = englishLeft(shown(language), language).map((line) => line.split(":")[0] ?? "");
  expect(found).toEqual(expect.arrayContaining(lacks));
});

it("says nothing of what is the same on purpose", () => {
  const own = catalogueOf("es");
  const messages = new Map(own.messages).set("card.deleted", "Deleted on purpose");
  onTestFinished(addCatalogue("es", { ...own, messages, same: { ...own.same, "card.deleted": "for this test" } }));
  expect(englishLeft(["Deleted on purpose"], "es")).toEqual([]);
});
