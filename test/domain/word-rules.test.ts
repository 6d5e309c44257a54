import { describe, expect, it } from "vitest";
import { isAboutMinors, wordsOf, wordsProblem } from "../../src/domain/word-rules.ts";
import { requestWith } from "../commands/context.ts";

describe("nothing sexual with children in it is drawn", () => {
  it.each([
    "a naked child on a beach",
    "NUDE teenager, oil painting",
    "nudе teenager, with a letter of another script",
    "n\u200bude kid",
    "sexy schoolgirl",
    "topless 15 year old",
    "erotic portrait, aged 16",
    "loli",
    "ein nacktes Kind",
    "nackte Schülerin, 14-jährig",
    "una niña desnuda",
    "adolescente en lencería",
    "une fillette nue",
    "un enfant dénudé",
    "criança pelada",
    "menina sem roupa, pornô",
    "голая девочка",
    "обнажённый подросток",
    "гола дитина",
    "оголена школярка",
    "裸体少女",
    "儿童色情",
    "طفلة عارية",
    "صورة إباحية للأطفال والقاصرات",
  ])("refuses “%s”", (words) => expect(isAboutMinors(words)).toBe(true));

  it.each([
    "children’s rights march",
    "teen center, opening day",
    "sex education in schools, for all teens",
    "school strike for climate",
    "child care is infrastructure",
    "stop child marriage",
    "stop child sexual abuse, call the hotline",
    "girls and boys in front of a school",
    "nude models wanted for the art class, adults only",
    "the naked truth about child poverty",
    "against child pornography: a vigil",
    "a kidney transplant campaign, naked eye",
    "baby blue poster, raised fists",
    "trans kids deserve safety",
    "Kinderrechte sind Menschenrechte",
    "Sexualkunde für Jugendliche",
    "kindness, nackter Beton",
    "educación sexual para adolescentes",
    "huelga estudiantil, menores con derechos",
    "la rentrée des enfants sans-papiers",
    "nous sommes les enfants du quartier",
    "continue, l’avenue des enfants",
    "creches para todas as crianças",
    "детский сад — право каждого ребёнка",
    "голод детей в Газе",
    "дитячий майданчик для всіх, Голосіїв",
    "голова профспілки вчителів і діти",
    "儿童权利游行",
    "少年宫，性别平等",
    "حقوق الأطفال في التعليم",
    "عارض أطفال على المسرح",
    "a woman of 35 years, nude study",
    "2015 years of erotic art",
  ])("draws “%s”", (words) => expect(isAboutMinors(words)).toBe(false));

  it("looks at what is lettered and what a poster says, and not at what should be missing", () => {
    const layer = { words: [{ text: "naked", level: "title" }] } as never;
    expect(isAboutMinors(wordsOf(requestWith({ prompt: "a child", lettering: layer })))).toBe(true);
    const template = { id: "rally", art: "a nude", slots: { title: "Kids" } };
    expect(isAboutMinors(wordsOf(requestWith({ prompt: "a rally", template })))).toBe(true);
    expect(isAboutMinors(wordsOf(requestWith({ prompt: "a child in a park", negativePrompt: "naked" })))).toBe(false);
  });
});

describe("words that a chat has blocked", () => {
  const word = (prompt: string, ...blockedWords: readonly string[]) => {
    const problem = wordsProblem(requestWith({ prompt }), { blockedWords });
    return problem && "values" in problem.text ? problem.text.values : problem?.text;
  };
  it.each<[prompt: string, blocked: string]>([
    ["a gun on a table", "gun"],
    ["A GUN", "gun"],
    ["two guns", "gun*"],
    ["a gún", "gun"],
    ["a Gün", "gun"],
    ["а gun, g\u00adun", "gun"],
    ["riot   police", "riot police"],
    ["ein großes MESSER", "messer"],
    ["огнестрельное Оружие", "оружие"],
    ["一把手枪", "手枪"],
    ["صورة للسلاح هنا", "سلاح"],
  ])("“%s” has “%s”", (prompt, blocked) => expect(JSON.stringify(word(prompt, "x", blocked))).toContain(blocked));
  it.each<[prompt: string, blocked: string]>([
    ["a begun strike", "gun"],
    ["gunnery", "gun"],
    ["riot and police", "riot police"],
    ["anything", "*"],
    ["an ox", ","],
  ])("“%s” has no “%s”", (prompt, blocked) => expect(word(prompt, blocked)).toBeUndefined());
});
