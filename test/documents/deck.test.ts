import { join } from "node:path";
import { expect, it } from "vitest";
import { writeDeck } from "../../src/documents/deck/deck.ts";
import { CONTRAST_MIN, coloursOf } from "../../src/documents/look/colours.ts";
import { contrastOf } from "../../src/lib/colour.ts";
import { MORE_SCRIPTS, SIX_SCRIPTS } from "../typesetter/script-words.ts";
import { readPdf } from "./pdf-reader.ts";
import { newFolder, pageOf, pictureIn } from "./specs.ts";

const nothing = () => undefined;
const spoken = (text: string): string => text.replace(/\s+/gu, " ").trim();

it("is read as it was said: title, items, pictures described, outcome, credits", async () => {
  const folder = await newFolder();
  const path = join(folder, "deck.pdf");
  const tall = await pictureIn(folder, "A fist over a rising sun");
  const wide = await pictureIn(folder, "A red hand", { widthPx: 160, heightPx: 90 });
  const done: string[] = [];
  const drawn = await writeDeck(
    {
      kind: "deck",
      title: "Rent & <strike>, 12 May",
      subtitle: "9 took part",
      language: "en-GB",
      pages: [
        pageOf("Which poster, and how many copies of it on which paper by Thursday?", {
          picture: tall,
          chosen: true,
          outcome: ["5 of 7 approve.", "200 copies on A4, 20 on A3: the print shop needs it by Thursday, before noon."],
          credits: ["Asked by Rosa"],
          notes: ["Said to nobody."],
        }),
        pageOf("Strike fund", { picture: wide }),
        pageOf("Any other business", { outcome: ["Nothing."] }),
      ],
    },
    path,
    (at, of) => done.push(`${at}/${of}`),
  );
  expect(drawn).toEqual({ mime: "application/pdf", pages: 4 });
  expect(done).toEqual(["0/4", "1/4", "2/4", "3/4", "4/4"]);
  const { pages, ...file } = await readPdf(path, true);
  expect(file).toMatchObject({
    isTagged: true,
    info: { Title: "Rent & <strike>, 12 May", Language: "en-GB" },
    xmpTitle: "Rent & <strike>, 12 May",
    outline: [
      "Which poster, and how many copies of it on which paper by Thursday?",
      "Strike fund",
      "Any other business",
    ],
  });
  const read = pages.map(({ tagged }) => tagged.map(({ role, alt, text }) => [role, alt ?? spoken(text)]));
  expect(read).toEqual([
    [
      ["H1", "Rent & <strike>, 12 May"],
      ["P", "9 took part"],
    ],
    [
      ["H2", "Which poster, and how many copies of it on which paper by Thursday?"],
      ["Figure", "A fist over a rising sun"],
      ["P", "5 of 7 approve."],
      ["P", "200 copies on A4, 20 on A3: the print shop needs it by Thursday, before noon."],
      ["P", "Asked by Rosa"],
    ],
    [
      ["H2", "Strike fund"],
      ["Figure", "A red hand"],
    ],
    [
      ["H2", "Any other business"],
      ["P", "Nothing."],
    ],
  ]);
  for (const { widthPt, heightPt, fonts } of pages) {
    expect([widthPt, heightPt]).toEqual([960, 540]);
    expect(fonts.length).toBeGreaterThan(0);
    for (const font of fonts) expect(font).toEqual({ name: expect.stringMatching(/^[A-Z]{6}\+/u), isEmbedded: true });
  }
  const [, figure] = pages[1]?.tagged ?? [];
  const [left = 0, bottom = 0, right = 0, top = 0] = figure?.bbox ?? [];
  expect((right - left) / (top - bottom)).toBeCloseTo(60 / 90, 3);
});

it("gives back the words of every script, whichever way it runs", async () => {
  const scripts = Object.values({ ...SIX_SCRIPTS, ...MORE_SCRIPTS }).map((words) => words.split("\n"));
  const pages = [
    ...scripts.map(([heading = "", ...outcome]) => pageOf(heading, { outcome })),
    // Ligatures, a mark on a letter, Latin and figures between.
    pageOf("الاجتماع القادم: لا إضراب بلا مُلصق", { outcome: ["طباعة 200 نسخة A4 في Union Hall يوم \u2068Rosa\u2069"] }),
  ];
  for (const language of ["en", "ar"]) {
    const path = join(await newFolder(), "scripts.pdf");
    await writeDeck({ kind: "deck", title: "Титул", subtitle: "", language, pages }, path, nothing);
    const read = (await readPdf(path)).pages.slice(1).map(({ tagged }) => tagged.map(({ text }) => spoken(text)));
    const said = pages.map(({ heading, outcome }) =>
      [heading, ...outcome].map((text) => text.replace(/[\u2068\u2069]/gu, "")),
    );
    expect(read).toEqual(said);
  }
});

it("is readable in the colours of any brand", () => {
  for (const ground of ["#ffffff", "#000000", "#777777", "#ff0000", "#ffee00", "#17324d", "#8a8a8a", "#00b050"])
    for (const ink of ["#ffffff", "#000000", "#ff0000", "#17324d", ground]) {
      const { ink: written, quiet, accent, onAccent } = coloursOf({ colours: { ink, ground } });
      expect(contrastOf(written, ground), `${ink} on ${ground}`).toBeGreaterThanOrEqual(CONTRAST_MIN);
      expect(contrastOf(quiet, ground), `quiet ${ink} on ${ground}`).toBeGreaterThanOrEqual(CONTRAST_MIN);
      expect(contrastOf(onAccent, accent)).toBeGreaterThanOrEqual(CONTRAST_MIN);
    }
  const own = coloursOf(undefined);
  for (const colour of [own.ink, own.quiet])
    expect(contrastOf(colour, own.ground)).toBeGreaterThanOrEqual(CONTRAST_MIN);
  expect(contrastOf(own.onAccent, own.accent)).toBeGreaterThanOrEqual(CONTRAST_MIN);
});
