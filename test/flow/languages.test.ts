import { expect, it } from "vitest";
import { fakeBackend } from "../../src/backends/fake.ts";
import { settingsKeyOf } from "../../src/domain/place.ts";
import { verbatim } from "../../src/domain/text.ts";
import { addCatalogue, catalogueOf } from "../../src/messages/catalogue.ts";
import { render } from "../../src/messages/render.ts";
import { parseOutcome, parseProblem } from "../../src/rules/rows.ts";
import { group } from "./harness.ts";

it("a card that is kept changes its language with the chat's, reasons and all", async () => {
  const spanish = catalogueOf("es");
  addCatalogue("es", {
    ...spanish,
    messages: new Map([
      ...spanish.messages,
      ["backend.error.offline", "{place} no responde."],
      ["button.undo", "Deshacer"],
    ]),
  });
  const first = fakeBackend({
    name: "first",
    mood: "offline",
    facts: { title: verbatim("the far one"), where: "local" },
  });
  const { chat, picture, app } = await group({ backends: () => [first, fakeBackend({ name: "second" })] });
  await chat.type("ana", "/rca a red fox");
  const { ref, view } = await picture();
  expect(view.text).toContain("the far one does not answer.");
  await app.services.memory.configure(settingsKeyOf(ref.place), { language: "es" }, Date.now());
  await chat.press("ana", ref.messageId, "Delete");
  await chat.waitFor(() => chat.messages.get(ref.messageId)?.view.buttons?.flat()[0]?.label === "Deshacer");
  await chat.press("ana", ref.messageId, "Deshacer");
  await chat.waitFor(() => chat.messages.get(ref.messageId)?.view.text.includes("the far one no responde."));
  expect(chat.messages.get(ref.messageId)?.view.text).not.toContain("does not answer");
});

it("what was stored as words is shown as it stands, in every language", () => {
  const problem = parseProblem('{"code":"no_backend","text":"No picture this time: it is busy."}');
  expect(render(problem.text, "es")).toBe("No picture this time: it is busy.");
  const outcome = parseOutcome('{"backend":"a","route":["A is resting: it is busy"],"usedGpuMs":1,"tookMs":1}');
  expect(outcome.route.map((why) => render(why, "ru"))).toEqual(["A is resting: it is busy"]);
});
