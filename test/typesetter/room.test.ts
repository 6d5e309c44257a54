import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { layerOfPrompt, wordsOf } from "../../src/typesetter/overlay/words.ts";
import { promptWithRoom } from "../../src/typesetter/reading/room.ts";

const ROOM = ", plain empty area at the top";
const told = (prompt: string): string => promptWithRoom(prompt, { place: "top" }).replace(ROOM, "");

describe("what a model is told where the typesetter letters", () => {
  it.each([
    ['a poster that says "RENT STRIKE"', "a poster"],
    [
      'A red fist over a city with the words "RENT STRIKE" in big bold letters at the top, sunrise',
      "A red fist over a city, sunrise",
    ],
    ['a worker holding a sign that says "STRIKE", snow', "a worker holding a sign, snow"],
    ['RENT STRIKE poster that says "RENT STRIKE", a crowd', "poster, a crowd"],
    ['doves over the sea, "No borders" and "Saturday 14:00" below', "doves over the sea"],
    ["cat on a bike, title 'Critical mass', subtitle 'Friday 18:00'", "cat on a bike"],
    ['"RENT STRIKE" with a red fist', "with a red fist"],
    ['un cartel que dice "HUELGA" con un puño rojo sobre la ciudad', "un cartel con un puño rojo sobre la ciudad"],
    ['un puño rojo con el texto "HUELGA" en letras grandes arriba, fondo amarillo', "un puño rojo, fondo amarillo"],
    ["une affiche avec le slogan « Grève des loyers » en haut, un poing levé", "une affiche, un poing levé"],
    ["eine Faust vor einem Haus, darauf steht „Mietstreik“ in großen roten Buchstaben", "eine Faust vor einem Haus"],
    ['um cartaz que diz "GREVE GERAL" em letras grandes no topo, punho vermelho', "um cartaz, punho vermelho"],
    ["красный кулак над городом с надписью «ЗАБАСТОВКА» вверху, рассвет", "красный кулак над городом, рассвет"],
    ["червоний кулак над містом з написом «СТРАЙК» зверху", "червоний кулак над містом"],
    ['قبضة حمراء فوق المدينة مكتوب عليها "إضراب عام" في الأعلى', "قبضة حمراء فوق المدينة"],
    ["一只红色的拳头，上面写着“罢工”，城市背景", "一只红色的拳头， 城市背景"],
    ['लाल मुट्ठी शहर के ऊपर, जिस पर "हड़ताल" लिखा हो', "लाल मुट्ठी शहर के ऊपर"],
  ])("%s", (prompt, wanted) => {
    expect(told(prompt)).toBe(wanted);
  });

  it("says where room is to be left, and draws something where words were all there was", () => {
    expect(promptWithRoom('"RENT STRIKE"', { place: "bottom" })).toBe(
      "plain background with simple shapes, plain empty area at the bottom",
    );
    expect(promptWithRoom("a red fist", { place: "auto" })).toBe(
      "a red fist, plenty of plain empty space around the subject",
    );
  });

  it("keeps a single word that is also part of the picture", () => {
    expect(told('a fox in the snow, title "fox"')).toBe("a fox in the snow");
  });

  it("says nothing of a code that the typesetter draws", () => {
    const prompt = 'a red fist, "Strike", QR code to example.org';
    const layer = layerOfPrompt(prompt);
    expect(layer?.link).toBe("https://example.org");
    expect(layer && promptWithRoom(prompt, layer)).toBe("a red fist, plenty of plain empty space around the subject");
  });

  const QUOTES = ['"X"', "“X”", "„X“", "«X»", "「X」"] as const;
  const FRAMES = [
    "a poster that says X, a crowd",
    "X at the top and X in small letters below, two doves",
    "X",
    "ein Plakat mit der Aufschrift X und einer Faust",
    "плакат с надписью X, рассвет",
    "a bridge X over X water X",
    "红色的拳头，上面写着X，城市",
  ] as const;
  // Single quotes are an apostrophe between letters, Chinese ones too.
  it("never has the quoted words in it, however they are quoted", () => {
    const words = fc.stringMatching(/^[A-Z][a-z]{2,6}( [A-Z]{2,6}){1,3}$/);
    fc.assert(
      fc.property(
        fc.record({ words, quote: fc.constantFrom(...QUOTES), frame: fc.constantFrom(...FRAMES) }),
        ({ words: said, quote, frame }) => {
          const prompt = frame.replaceAll("X", quote.replace("X", said));
          const rest = promptWithRoom(prompt, { place: "auto" });
          expect(rest.toLowerCase()).not.toContain(said.toLowerCase());
          expect(rest).not.toMatch(/["“”„«»「」]|says|Aufschrift|надписью|写着/u);
        },
      ),
    );
  });
});

describe("the words of a layer", () => {
  it("are those that were typed, with their levels", () => {
    expect(wordsOf("Rent strike\nTogether we stay\nSaturday 14:00, Union Hall\nPrinted by the tenants' union")).toEqual(
      [
        { text: "Rent strike", level: "title" },
        { text: "Together we stay", level: "subtitle" },
        { text: "Saturday 14:00, Union Hall", level: "details" },
        { text: "Printed by the tenants' union", level: "small" },
      ],
    );
  });

  it("keep a list a list, and a title as it was written", () => {
    expect(wordsOf("Poster for our agenda\n- Welcome\n- Rent")).toEqual([
      { text: "Poster for our agenda", level: "title" },
      { text: "• Welcome\n• Rent", level: "details", list: true },
    ]);
  });

  it("have no override of their direction, and nothing that no font has", () => {
    expect(wordsOf("Rent\u202e strike \u{13000}")).toEqual([{ text: "Rent strike", level: "title" }]);
    expect(wordsOf("\u{13000}\u{13001}")).toEqual([]);
    expect(wordsOf(" \n ")).toEqual([]);
  });

  it("come from what a prompt quotes, and stand where it says", () => {
    expect(layerOfPrompt('a fist, "Strike" at the bottom, "Friday 10:00"')).toEqual({
      lettering: 1,
      words: [
        { text: "Strike", level: "title" },
        { text: "Friday 10:00", level: "details" },
      ],
      place: "bottom",
    });
    expect(layerOfPrompt("a fist")).toBeUndefined();
  });
});
