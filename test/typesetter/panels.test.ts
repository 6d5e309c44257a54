import { describe, expect, it } from "vitest";
import { contrastOf } from "../../src/lib/colour.ts";
import { bounds } from "../../src/typesetter/composition/tree.ts";
import { LAYOUTS } from "../../src/typesetter/layouts/families.ts";
import { readPanels } from "../../src/typesetter/reading/panels.ts";
import { compositionOf, faultsOf, requestOf } from "./layouts.ts";
import { pictureOf } from "./pictures.ts";

const edgesOf = (prompt: string) =>
  readPanels(prompt, (words) => (/black|red/u.test(words) ? "#000000" : undefined)).panels.map(({ edge }) => edge);

describe("reading", () => {
  it.each([
    ["a bridge, at the very bottom a black empty panel", ["bottom"]],
    ["a blank strip along the top, a fox", ["top"]],
    ["a black bar at the bottom, an empty band at the top", ["bottom", "top"]],
    ["un puente, abajo una franja vacía", ["bottom"]],
    ["un pont, une bande vide en bas", ["bottom"]],
    ["eine Brücke, unten ein leeres Feld", ["bottom"]],
    ["uma ponte, embaixo uma faixa vazia", ["bottom"]],
    ["мост, внизу пустая полоса", ["bottom"]],
    ["جسر، في الأسفل مساحة فارغة", ["bottom"]],
    ["一座桥，底部留一块空白区域", ["bottom"]],
    ["पुल, नीचे खाली पट्टी", ["bottom"]],
  ])("%s", (prompt, edges) => expect(edgesOf(prompt)).toEqual(edges));

  it.each([
    ["lettering stands there", 'a black panel with "Friday" at the bottom'],
    ["no edge", "an empty box on a table"],
    ["neither empty nor coloured", "a bar at the bottom of the street"],
    ["lettered", '"empty panel at the bottom"'],
  ])("none where %s", (_why, prompt) => expect(edgesOf(prompt)).toEqual([]));

  it("takes the wish out of the words, and leaves the others", () => {
    const { rest } = readPanels('a fox, at the bottom a blank strip, "Run, fox."', () => undefined);
    expect(rest.replace(/[\s,]+/gu, " ")).toBe('a fox "Run fox."');
    expect(rest).toContain('"Run, fox."');
  });
});

const LONG =
  'Communist party poster, a hammer and sickle over the Earth seen from high above, "WORKERS OF ALL LANDS" large at the top, "UNITE AND FIGHT" below it, at the very bottom a black empty panel';

describe("drawing", () => {
  it.each(LAYOUTS.map(({ name }) => [name]))("%s: no letter on the panel, and none lost", (layout) => {
    const request = requestOf(LONG, layout.length % 2 === 0 ? {} : { widthPx: 1344, heightPx: 768 });
    expect(faultsOf({ request, hasPhoto: false, layout })).toEqual([]);
    const { page } = compositionOf(request, false, layout);
    const { y, h } = bounds(page.lettering.flatMap(({ box }) => box));
    expect(y + h).toBeLessThan(page.heightPx * 0.861);
  });

  it("is black, and at the very bottom", async () => {
    const { data, widthPx, heightPx } = await pictureOf(LONG, { styleId: "rca", seed: 3 });
    const below = data.subarray(widthPx * 3 * Math.ceil(heightPx * 0.88));
    const dark = below.filter((value) => value < 60).length / below.length;
    expect(dark).toBeGreaterThan(0.98);
    const above = data.subarray(widthPx * 3 * Math.floor(heightPx * 0.5), widthPx * 3 * Math.floor(heightPx * 0.8));
    expect(above.filter((value) => value < 60).length / above.length).toBeLessThan(0.9);
  });

  it("keeps apart from a picture of the same colour, and moves the rest down from the top", () => {
    const { page } = compositionOf(requestOf('"Hello", a black empty panel at the top', { seed: 4 }));
    const fills = page.marks.slice(-2).map(({ fill }) => fill ?? "");
    expect(contrastOf(fills[0] ?? "", fills[1] ?? "")).toBeGreaterThan(1.5);
    expect(Math.min(...page.lettering.flatMap(({ box }) => box.map(([, y]) => y)))).toBeGreaterThan(
      page.heightPx * 0.14,
    );
  });
});
