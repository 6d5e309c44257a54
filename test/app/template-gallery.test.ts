import { describe, expect, it } from "vitest";
import { loadTemplates, parseTemplates } from "../../src/app/template-gallery.ts";
import type { TemplateSlot } from "../../src/domain/filled-template.ts";
import { examplesOf, promptOfTemplate, slotMistakes, type Template } from "../../src/domain/template.ts";
import { slotLabel, templateAbout, templateName } from "../../src/domain/template-names.ts";
import { type MessageId, text, verbatim } from "../../src/domain/text.ts";
import { layerOfPrompt } from "../../src/typesetter/overlay/words.ts";
import { readBrief } from "../../src/typesetter/reading/brief.ts";
import { englishWords } from "../words.ts";

const { templates, mistakes } = await loadTemplates();
const named = (id: string): Template => {
  const found = templates.find((template) => template.id === id);
  if (!found) throw new Error(`no template ${id}`);
  return found;
};
describe("our templates", () => {
  it("are ten, each under its own name", () => {
    expect(mistakes).toEqual([]);
    expect(templates.map(({ id }) => id)).toEqual([
      "agenda",
      "benefit",
      "meeting",
      "quote",
      "rally",
      "strike",
      "thank-you",
      "timeline",
      "volunteers",
      "who-does-what",
    ]);
  });

  it.each(templates.map((template) => [template.id, template] as const))(
    "%s: all that is filled in is lettered, and all that is drawn is understood",
    (_id, template) => {
      const filled = examplesOf(template);
      expect(slotMistakes(template, filled)).toEqual([]);
      const brief = readBrief({ prompt: promptOfTemplate(template, filled) });
      const lettered = brief.phrases.map(({ text }) => text).join("\n");
      for (const [slot, words = ""] of Object.entries(filled))
        if (slot === "link") expect(brief.link?.href).toContain(words);
        else for (const line of words.split("\n")) expect(lettered).toContain(line);
      expect(brief.layout).toBeDefined();
      expect(brief.phrases[0]).toMatchObject({ text: filled.title, level: "title" });
      expect(brief.missed).toEqual([]);
    },
  );
});

describe("a template's words", () => {
  it("are missing, too long, or not asked for", () => {
    expect(slotMistakes(named("quote"), { title: " ", when: "now", who: "x".repeat(301) })).toEqual([
      { slot: "title", kind: "missing" },
      { slot: "when", kind: "not-asked" },
      { slot: "who", kind: "too-long", maxChars: 300 },
    ]);
  });

  it("fit on one poster together", () => {
    const long = "x".repeat(300);
    const filled = { title: long, list: "y".repeat(600), when: long, where: long, who: long };
    expect(slotMistakes(named("strike"), filled)).toEqual([
      { slot: "title", kind: "too-much", overChars: promptOfTemplate(named("strike"), filled).length - 1500 },
    ]);
  });

  it("may have quotes in them, of any kind", () => {
    for (const title of ['They say "no"', 'Sie sagen «nein» und "nichts"', "他们说「不」", "it's ours"]) {
      const layer = layerOfPrompt(promptOfTemplate(named("rally"), { title }));
      expect(layer?.words).toEqual([{ text: title, level: "title" }]);
    }
  });

  it("cannot leave the place of a link", () => {
    const prompt = promptOfTemplate(named("rally"), { title: "Rally", link: 'example.org/a "b' });
    expect(layerOfPrompt(prompt)).toMatchObject({ words: [{ text: "Rally" }], link: "https://example.org/ab" });
  });
});

describe("templates that somebody wrote", () => {
  const good = {
    id: "x",
    title: "X",
    description: "d",
    art: "a fist",
    slots: { title: { required: true, example: "e" } },
  };
  const read = (...values: unknown[]) =>
    parseTemplates(values.map((value, at) => ({ file: `${at}.json`, text: JSON.stringify(value) })));
  const mistakesOf = (...values: unknown[]): string => read(...values).mistakes.join("\n");

  it("are told each mistake with its path", () => {
    expect(mistakesOf(good)).toBe("");
    expect(read({ ...good, art: 'a "fist"', colour: 1 }).mistakes).toEqual([
      expect.stringContaining("0.json.art:"),
      expect.stringContaining('0.json: "colour" is not known here'),
    ]);
    expect(mistakesOf({ ...good, slots: { ...good.slots, hour: { example: "e" } } })).toContain("0.json.slots");
    expect(mistakesOf({ ...good, slots: { title: { example: "e" } } })).toContain(
      "0.json.slots.title: every template needs a title that is required",
    );
    expect(mistakesOf(good, good)).toContain('1.json.id: "x" is taken by 0.json');
    expect(parseTemplates([{ file: "a.json", text: "{" }]).mistakes[0]).toContain("a.json: not JSON");
  });

  it("leave the others as they are, and a folder that is not there stops nothing", async () => {
    const { templates: found } = read({ ...good, art: 1 }, good, { ...good, id: "y" });
    expect(found.map(({ id }) => id)).toEqual(["x", "y"]);
    expect(await loadTemplates("test/no-such-folder")).toEqual({
      templates: [],
      mistakes: ["test/no-such-folder: there is no such folder"],
    });
  });

  it("are called as their file has it, ours as in every language", () => {
    const { templates: found } = read({ ...good, id: "rally", title: "Demo" });
    const [demo] = found;
    expect(demo && templateName(demo)).toEqual(verbatim("Demo"));
    for (const template of templates) {
      expect(templateName(template)).toEqual(text(`template.name.${template.id}` as MessageId));
      expect(englishWords(templateName(template))).toBe(template.title);
      expect(englishWords(templateAbout(template)).replace("’", "'")).toBe(template.description);
      for (const [slot, { label }] of Object.entries(template.slots))
        if (label !== undefined) expect(slotLabel(template, slot as TemplateSlot)).not.toEqual(verbatim(label));
    }
  });
});
