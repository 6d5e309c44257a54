import { describe, expect, it } from "vitest";
import { readBrief } from "../../src/typesetter/reading/brief.ts";
import { compositionOf, requestOf } from "./layouts.ts";

const last = (prompt: string) => readBrief({ prompt }).phrases.at(-1);

describe("places of the lettering", () => {
  it.each([
    ["en", 'a fist, "A" at the very bottom', "bottom"],
    ["es", 'un puño, "A" arriba', "top"],
    ["es", 'un puño, "A" abajo', "bottom"],
    ["fr", 'un poing, "A" en bas', "bottom"],
    ["fr", 'un poing, au centre "A"', "centre"],
    ["de", 'eine Faust, "A" unten', "bottom"],
    ["de", 'eine Faust, oben "A"', "top"],
    ["pt", 'um punho, "A" embaixo', "bottom"],
    ["ru", 'кулак, "A" внизу', "bottom"],
    ["ru", 'кулак, "A" по центру', "centre"],
    ["ar", 'قبضة، "A" في الأسفل', "bottom"],
    ["zh", '拳头，底部"A"', "bottom"],
    ["hi", 'मुट्ठी, "A" नीचे', "bottom"],
  ])("%s: %s", (_language, prompt, position) => expect(last(prompt)?.position).toBe(position));

  it.each([
    ["en", 'a fist, "A" on the left', "left"],
    ["es", 'un puño, "A" a la derecha', "right"],
    ["fr", 'un poing, "A" à gauche', "left"],
    ["de", 'eine Faust, "A" links', "left"],
    ["pt", 'um punho, "A" à direita', "right"],
    ["ru", 'кулак, "A" слева', "left"],
    ["ar", 'قبضة، "A" على اليمين', "right"],
    ["zh", '拳头，"A"左边', "left"],
    ["hi", 'मुट्ठी, "A" दाएँ', "right"],
  ])("side, %s: %s", (_language, prompt, side) => expect(last(prompt)?.side).toBe(side));

  it.each([
    ["es", 'un puño, "A" grande', "large"],
    ["fr", 'un poing, "A" en petits caractères', "small"],
    ["de", 'eine Faust, "A" ganz klein', "small"],
    ["ru", 'кулак, крупно "A"', "large"],
    ["zh", '拳头，小字"A"', "small"],
  ])("size, %s: %s", (_language, prompt, size) => expect(last(prompt)?.size).toBe(size));

  it.each(["left", "right"] as const)("a page of its height has the lettering at its %s edge", (side) => {
    const { page } = compositionOf(requestOf(`swiss, a fist, "Hi" on the ${side}`));
    const [line] = page.lettering;
    const [left = 0, right = 0] = [line?.box[0]?.[0], line?.box[1]?.[0]];
    expect(side === "left" ? left : page.widthPx - right).toBeLessThan(page.widthPx * 0.1);
    expect(side === "left" ? page.widthPx - right : left).toBeGreaterThan(page.widthPx * 0.2);
  });

  it.each(["left", "right"] as const)("a wide page has the lettering on its %s side", (side) => {
    for (const seed of [1, 2, 3, 4]) {
      const { page } = compositionOf(
        requestOf(`swiss, a fist, "Hi" on the ${side}`, { widthPx: 1536, heightPx: 640, seed }),
      );
      const middle = ((page.lettering[0]?.box[0]?.[0] ?? 0) + (page.lettering[0]?.box[1]?.[0] ?? 0)) / 2;
      expect(middle < page.widthPx / 2).toBe(side === "left");
    }
  });
});

describe("titles where nothing is quoted", () => {
  it.each([
    ["en", "poster for our reading group about Rosa Luxemburg", "READING GROUP ABOUT ROSA LUXEMBURG"],
    ["es", "un cartel para nuestra huelga general", "HUELGA GENERAL"],
    ["fr", "affiche pour notre grève, un poing", "GRÈVE"],
    ["de", "Plakat für unser Straßenfest", "STRASSENFEST"],
    ["ru", "плакат для нашего собрания", "СОБРАНИЯ"],
    ["at the end", "Communist party poster", "COMMUNIST PARTY"],
    ["nothing else", "poster", "POSTER"],
  ])("%s: %s", (_language, prompt, title) =>
    expect(readBrief({ prompt }).phrases.map(({ text }) => text)).toEqual([title]),
  );

  it("has a slogan after a colon beneath it", () =>
    expect(
      readBrief({ prompt: "disability justice: nothing about us without us" }).phrases.map(({ text }) => text),
    ).toEqual(["DISABILITY JUSTICE", "Nothing about us without us"]));
});
