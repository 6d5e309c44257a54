import { describe, expect, it } from "vitest";
import { understand } from "../../src/typesetter/reading/understanding.ts";
import { COLOURS, MOODS } from "../../src/typesetter/reading/words.ts";
import { atThisPaceMs } from "../pace.ts";
import { conceptsOf, planOf } from "./signs-of.ts";

describe("which thing a word means", () => {
  it.each([
    ["the longest phrase before its words", "critical mass bike ride", ["cyclist"]],
    ["a party by its neighbours: politics", "the communist party", ["communist-party"]],
    ["a party by its neighbours: a feast", "a birthday party", ["party"]],
    ["a bar that is none", "candy bar", []],
    ["the keys of a house", "house keys", ["key"]],
    ["a style that is no art", "art deco, a lighthouse", ["lighthouse"]],
    ["a month, and no demonstration", "since march 2025", ["march-month"]],
    ["an ambiguous word that means nothing alone", "the board", []],
    ["an inflected word by the neighbours of its base", "strikes in the bowling alley", []],
    ["what rises, beside a measure: a growth", "temperatures rising", ["growth"]],
    ["what rises, and is none", "a phoenix rising", ["phoenix"]],
    ["what rises alone", "rising tide", []],
    ["no house of housing", "housing for all", ["housing"]],
    ["a noun that was looked at", "a fox", ["fox"]],
    ["its plural", "two foxes", ["foxes"]],
    ["a bridge and a key, of the lexicon", "a bridge and a key", ["bridge", "key"]],
    ["a German compound by its last part", "die Eisenfaust", ["fist"]],
    ["a Spanish word that English has too", "pan y rosas en la mesa", ["bread-and-roses"]],
    ["one word alone, by the language that knows it", "Friedenstaube", ["dove"]],
    ["two scripts in one prompt", "голубь, a fist", ["dove", "fist"]],
    ["a possessive", "the workers' flag", ["worker", "flag"]],
    ["Arabic with its article and a preposition", "للعمال", ["worker"]],
    ["a Chinese word of one character", "河边有花", ["river", "flower"]],
    ["a Chinese noun that is counted", "一朵花和一只鸟", ["flower", "bird"]],
    ["no character of another Chinese word", "提高水平", []],
    ["no character of a Japanese word", "手紙を書く", []],
    ["nothing of a word that nobody knows", "a flummoxed grommet", []],
    ["nothing of object members", "constructor toString __proto__ hasOwnProperty", []],
  ])("%s: %s", (_why, prompt, concepts) => expect(conceptsOf(prompt).toSorted()).toEqual([...concepts].toSorted()));

  it("reads a rose as a flower after an article, and as an ink without", () => {
    expect(conceptsOf("a rose")).toEqual(["rose"]);
    expect(conceptsOf("rose and gold")).toEqual([]);
    expect(understand("rose and gold").colours).toEqual([COLOURS["rose"], COLOURS["gold"]]);
    expect(understand("сердце").colours).toEqual([]);
  });

  it("takes a person's name for no thing", () => {
    expect(conceptsOf("reading group about Rosa Luxemburg, bell hooks and Joe Hill")).toEqual(["reading-group"]);
    expect(conceptsOf("a talk with Angela Bridge on Friday")).toEqual(conceptsOf("a talk on Friday"));
    expect(understand("a talk with Angela Brown on Friday").colours).toEqual([]);
    expect(conceptsOf("Land Back, Mountains And River")).toContain("mountain");
  });
});

describe("what is denied is not drawn", () => {
  it.each([
    ["en", "a dove, no flags", ["dove"]],
    ["en, a list", "a dove without any flags or fists", ["dove"]],
    ["en, then something else", "not a fist but a rose in a vase", ["rose"]],
    ["en, instead", "a heart instead of a fist", ["love"]],
    ["es", "paloma sin banderas ni puños", ["dove"]],
    ["es, none", "paloma, ninguna bandera", ["dove"]],
    ["fr", "une colombe, pas de drapeau", ["dove"]],
    ["fr, a list", "une colombe sans drapeau ni poing", ["dove"]],
    ["de", "eine Taube ohne Fahne und Faust", ["dove"]],
    ["de, none", "Taube, keine Fahnen", ["dove"]],
    ["pt", "uma pomba sem bandeiras nem punhos", ["dove"]],
    ["ru", "голубь без флагов, кулак", ["dove", "fist"]],
    ["ar", "حمامة بدون علم", ["dove"]],
    ["zh", "鸽子，不要旗帜", ["dove"]],
    ["hi", "झंडे के बिना कबूतर", ["dove"]],
    ["hi, after it", "कबूतर, झंडा नहीं", ["dove"]],
  ])("%s: %s", (_language, prompt, concepts) => expect(conceptsOf(prompt)).toEqual(concepts));

  it.each([
    ["a phrase that begins with a negation", "No human is illegal, open hands", ["no-human-is-illegal", "hands"]],
    ["a negation of something else", "do not miss our strike", ["strike"]],
    ["a phrase that denies nothing", "not only a fist", ["fist"]],
    ["a negation before a comma", "no justice, open hands", ["hands"]],
  ])("but not by %s: %s", (_why, prompt, concepts) =>
    expect(conceptsOf(prompt)).toEqual(expect.arrayContaining(concepts)),
  );

  it("keeps out the recipe's unwanted words, and their signs of other things", () => {
    expect(conceptsOf("a fist and a rose", "fists")).toEqual(["rose"]);
    const { signs } = planOf("black lives matter", "fist");
    expect(signs).toEqual([]);
    expect(planOf("a strike", "fist").signs[0]?.picture).not.toMatch(/fist/u);
  });
});

describe("what is large", () => {
  it.each([
    ["what is named first", "a rose, a dove and a star", "rose"],
    ["a movement's phrase", "roses and a dove for the rent strike", "rent-strike"],
    ["what is asked to be", "a rose and a giant star", "star"],
    ["the same in Spanish", "una rosa y una estrella enorme", "star"],
    ["what is no mood", "night, a lighthouse", "lighthouse"],
  ])("%s: %s", (_why, prompt, concept) => expect(conceptsOf(prompt)[0]).toBe(concept));

  it("three share a composition, and what has no place is told", () => {
    const { signs, leftOut } = planOf("a rose, a dove, a star, a bridge");
    expect(signs).toHaveLength(3);
    expect(leftOut.map(({ words }) => words)).toEqual(["bridge"]);
  });

  it("one sign stands for two things where both have it", () => {
    const { signs } = planOf("black lives matter, a fist");
    expect(signs.map(({ things }) => things.length)).toEqual([2]);
  });

  it("seeds vary the signs, the best most often", () => {
    const of = Array.from({ length: 60 }, (_, seed) => planOf("a fist", "", seed).signs[0]?.picture);
    const best = of.filter((picture) => picture === "game-icons:fist").length;
    expect(new Set(of).size).toBe(3);
    expect(best).toBeGreaterThan(25);
    expect(best).toBeLessThan(50);
  });
});

describe("colours and moods", () => {
  const [red, black, white, blue, navy, sky] = ["red", "black", "white", "blue", "navy", "sky"].map(
    (id) => COLOURS[id],
  );
  it.each([
    ["en", "a fist, red on black", [red], black],
    ["en, shaded", "a fist on a dark blue background, red", [red], navy],
    ["es", "puño rojo sobre fondo negro", [red], black],
    ["fr", "poing rouge sur fond noir", [red], black],
    ["de", "rote Faust auf weiß", [red], white],
    ["de, one word", "Faust, hellblauer Hintergrund, rot", [red], sky],
    ["pt", "punho vermelho, fundo preto", [red], black],
    ["ru", "красный кулак на чёрном фоне", [red], black],
    ["ar", "حمامة بيضاء على خلفية زرقاء", [white], blue],
    ["zh", "红色拳头，黑色背景", [red], black],
    ["of a flag's phrase", "a red flag on black", [red], black],
    ["hi", "लाल झंडा, काली पृष्ठभूमि", [red], black],
  ])("%s: %s", (_language, prompt, colours, background) => {
    const read = understand(prompt);
    expect(read.colours).toEqual(colours);
    expect(read.background).toBe(background);
  });

  it.each([
    ["a river, and no yellow", "黄河"],
    ["a party's name", "the green party"],
    ["a network", "una red de apoyo para la huelga"],
    ["a sickle, and no grey", "серп"],
    ["a park, and no green", "Grünfläche"],
    ["gold coins", "de l'or et du pain"],
  ])("no colour: %s", (_why, prompt) => {
    const { colours, background } = understand(prompt);
    expect(colours).toEqual([]);
    expect(background).toBeUndefined();
  });

  it.each([
    ["en", "a solemn evening", "solemn"],
    ["es", "un cartel alegre", "joyful"],
    ["fr", "une affiche festive", "festive"],
    ["de", "fröhliche Farben", "joyful"],
    ["pt", "um cartaz solene", "solemn"],
    ["ru", "траурный плакат", "mourning"],
    ["ar", "ملصق احتفالي", "festive"],
    ["zh", "庄严的海报", "solemn"],
    ["hi", "गंभीर पोस्टर", "solemn"],
  ])("mood, %s: %s", (_language, prompt, mood) => expect(understand(prompt).mood).toBe(MOODS[mood]));
});

describe("what a poster cannot be", () => {
  it.each([
    ["a chart", "a bar chart of rents", ["chart"]],
    ["a map", "a map of the neighbourhood", ["map"]],
    ["a portrait of somebody", "portrait of Rosa Luxemburg", ["portrait"]],
    ["in Spanish", "retrato de Rosa Luxemburgo", ["portrait"]],
    ["none of them", "a talk about Rosa Luxemburg", []],
  ])("%s", (_why, prompt, impossible) => expect(understand(prompt).impossible).toEqual(impossible));
});

describe("hostile prompts", () => {
  it.each([
    ["one endless word", "w".repeat(1500)],
    ["one endless German word", `der ${"streik".repeat(240)} für`],
    ["a wall of possessives", `worker${"'s".repeat(700)}`],
    ["negations only", "no not without ".repeat(100)],
    ["the same phrase without end", "no human is illegal ".repeat(70)],
    ["Han without end", "团结就是力量".repeat(240)],
    ["Arabic prefixes", "ولبفك".repeat(280)],
    ["joiners and marks", "क\u200d\u093c".repeat(480)],
    ["lone surrogates", "\ud800 fist \udfff"],
    ["marks", ",.;:".repeat(370)],
  ])("%s are read in no time", (_why, prompt) => {
    planOf("warm up");
    const startedAtMs = performance.now();
    expect(planOf(prompt).signs.length).toBeLessThanOrEqual(3);
    // Beside other work a few times longer than the milliseconds it takes.
    expect(performance.now() - startedAtMs).toBeLessThan(atThisPaceMs(250));
  });
});
