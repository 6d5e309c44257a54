import { describe, expect, it } from "vitest";
import { readBrief } from "../../src/typesetter/reading/brief.ts";
import { clausesOf } from "../../src/typesetter/reading/clauses.ts";

/** Level and text of each line that is lettered; "*": it is one of a list. */
const lettered = (prompt: string): readonly string[] =>
  readBrief({ prompt }).phrases.flatMap(({ text, level, isList }) =>
    text.split("\n").map((line) => `${level}${isList ? "*" : ""}: ${line}`),
  );

describe("title, subtitle, details, small print", () => {
  it.each<readonly [string, string, readonly string[]]>([
    [
      "an agenda, line by line",
      "Tenants meeting\n1. Rent strike\n2. Repairs at No. 1 Mill Road\n3. Votes\nSaturday 5 May, 18:30\nTown Hall, 12 Mill Road\nViSdP: A. Weber",
      [
        "title: TENANTS MEETING",
        "details*: 1. Rent strike",
        "details*: 2. Repairs at No. 1 Mill Road",
        "details*: 3. Votes",
        "details: Saturday 5 May, 18:30",
        "details: Town Hall, 12 Mill Road",
        "small: ViSdP: A. Weber",
      ],
    ],
    [
      "a list inside a line",
      'agenda poster "Plenum: 1. Kasse 2. Wahl 3. Sonstiges"',
      ["title: Plenum", "details*: 1. Kasse", "details*: 2. Wahl", "details*: 3. Sonstiges"],
    ],
    [
      "semicolons",
      '"Demands: lower rents; repairs now; no evictions"',
      ["title: Demands", "details*: lower rents", "details*: repairs now", "details*: no evictions"],
    ],
    [
      "bullets of any kind",
      "Bring along\n- blankets\n* soup\n• songs",
      ["title: BRING ALONG", "details*: • blankets", "details*: • soup", "details*: • songs"],
    ],
    [
      "the picture's name before a colon is no title",
      "Poster: unity is strength, Saturday night, 8 pm",
      ["title: UNITY IS STRENGTH", "details: Saturday night", "details: 8 pm"],
    ],
    [
      "nor is it in Chinese, where a night says when",
      "海报：团结就是力量，夜校每周三晚上七点",
      ["title: 团结就是力量", "details: 夜校每周三晚上七点"],
    ],
    ["alone it is one", "poster", ["title: POSTER"]],
    ["a number is not cut", "know your rights hotline 0800 123 456", ["title: KNOW YOUR RIGHTS HOTLINE 0800 123 456"]],
    [
      "nor is a slogan that is known",
      "an injury to one is an injury to all",
      ["title: AN INJURY TO ONE IS AN INJURY TO ALL"],
    ],
    ["two dates are no list", '"Camp" "1. Mai bis 2. Juni"', ["title: Camp", "details: 1. Mai bis 2. Juni"]],
    [
      "labels choose the level and stay unlettered",
      "Title: Bread for all\nSubtitle: a kitchen for everyone\nFine print: CC BY 4.0",
      ["title: BREAD FOR ALL", "subtitle: a kitchen for everyone", "small: CC BY 4.0"],
    ],
    [
      "English, in one line",
      "poster for our summer party, Saturday 5 May 18:30, Town Hall, free entry, red and gold",
      ["title: SUMMER PARTY", "details: Saturday 5 May 18:30", "details: Town Hall", "details: Free entry"],
    ],
    [
      "a day inside the title",
      "poster for our reading group on Tuesday about Rosa",
      ["title: READING GROUP ABOUT ROSA", "details: Tuesday"],
    ],
    [
      "German",
      "Plakat für unser Sommerfest, 5.–7. Juni, ab 18:30 Uhr, Bürgerhaus, Eintritt frei, woodcut",
      [
        "title: SOMMERFEST",
        "details: 5.–7. Juni",
        "details: Ab 18:30 Uhr",
        "details: Bürgerhaus",
        "details: Eintritt frei",
      ],
    ],
    [
      "Spanish",
      "cartel para nuestra asamblea, viernes 8 de marzo a las 19:00, calle Mayor 5, entrada libre",
      [
        "title: ASAMBLEA",
        "details: Viernes 8 de marzo a las 19:00",
        "details: Calle Mayor 5",
        "details: Entrada libre",
      ],
    ],
    [
      "French",
      "affiche pour notre fête, samedi 3 juin 19h30, 12 rue des Lilas, prix libre",
      ["title: FÊTE", "details: Samedi 3 juin 19h30", "details: 12 rue des Lilas", "details: Prix libre"],
    ],
    [
      "Portuguese, the time inside the title",
      "cozinha solidária toda quarta-feira 19h",
      ["title: COZINHA SOLIDÁRIA", "details: Toda quarta-feira 19h"],
    ],
    [
      "Russian",
      "плакат для нашего собрания, в пятницу 5 мая в 18:30, библиотека, вход свободный",
      ["title: СОБРАНИЯ", "details: В пятницу 5 мая в 18:30", "details: Библиотека", "details: Вход свободный"],
    ],
    [
      "Ukrainian",
      "плакат про наші збори, у п'ятницу 5 травня о 18:30, вхід вільний",
      ["title: ЗБОРИ", "details: У п'ятницу 5 травня о 18:30", "details: Вхід вільний"],
    ],
    [
      "Arabic",
      "ملصق عن يوم العمال، الجمعة 1 مايو 18:30، قاعة البلدية",
      ["title: يوم العمال", "details: الجمعة 1 مايو 18:30", "details: قاعة البلدية"],
    ],
    [
      "Chinese",
      "一张关于读书会的海报，5月5日星期六18:30，人民广场",
      ["title: 读书会", "details: 5月5日星期六18:30", "details: 人民广场"],
    ],
    [
      "Hindi",
      "मजदूर सभा, शनिवार 5 मई 18:30, पुस्तकालय भवन",
      ["title: मजदूर सभा", "details: शनिवार 5 मई 18:30", "details: पुस्तकालय भवन"],
    ],
    ["Chinese quotes", "海报「团结就是力量」《住房是权利》", ["title: 团结就是力量", "subtitle: 住房是权利"]],
    [
      "all that is quoted, by what it says",
      '"Strike!" "Bread and roses" "12 March, 10 €" "www.example.org" "© 2026 A. Weber"',
      [
        "title: Strike!",
        "subtitle: Bread and roses",
        "details: 12 March, 10 €",
        "details: www.example.org",
        "small: © 2026 A. Weber",
      ],
    ],
    [
      "what stands between two emoji",
      "✊ 8M ✊ «Vivas nos queremos» morado",
      ["title: ✊ 8M ✊", "subtitle: Vivas nos queremos"],
    ],
    [
      "a title that says when, before what is to be drawn",
      "cozinha solidária toda quarta 19h, panela e pão, amarelo",
      ["title: COZINHA SOLIDÁRIA", "details: Toda quarta 19h"],
    ],
    ["emoji alone are none", "🦊🦊🦊 «Fox»", ["title: Fox"]],
    ["how it is to look is no text", "swiss, red and black, tenants unite, large letters", ["title: TENANTS UNITE"]],
    ["a march is no month, a sun no Sunday", "march for our lives, sun over the city", ["title: MARCH FOR OUR LIVES"]],
    [
      "a slogan after a colon follows",
      "disability justice: nothing about us without us",
      ["title: DISABILITY JUSTICE", "subtitle: Nothing about us without us"],
    ],
    ["a description after a colon does not", "history month: workers of the steel plant", ["title: HISTORY MONTH"]],
  ])("%s", (_why, prompt, expected) => expect(lettered(prompt)).toEqual(expected));
});

describe("a title stays whole", () => {
  it.each<readonly [string, readonly string[]]>([
    ["Rent is 12.5% higher", ["title: RENT IS 12.5% HIGHER"]],
    ["Rent is 12.50 % higher", ["title: RENT IS 12.50 % HIGHER"]],
    ["$1.50 an hour", ["title: $1.50 AN HOUR"]],
    ["poster for €12.50 an hour", ["title: €12.50 AN HOUR"]],
    ["Dr. King march", ["title: DR. KING MARCH"]],
    ["8.30am picket", ["title: PICKET", "details: 8.30am"]],
    ["rock 'n' roll for workers' rights", ["title: ROCK 'N' ROLL FOR WORKERS' RIGHTS"]],
    ["rock ’n’ roll for workers’ rights", ["title: ROCK ’N’ ROLL FOR WORKERS’ RIGHTS"]],
    ["- strike now", ["title: STRIKE NOW"]],
    ["¿Quién decide?", ["title: ¿QUIÉN DECIDE?"]],
  ])("%s", (prompt, expected) => expect(lettered(prompt)).toEqual(expected));
});

describe("thoughts", () => {
  it.each<readonly [string, readonly string[]]>([
    ["Meeting at 18:30, room 5", ["Meeting at 18:30", "room 5"]],
    ["The U.S. law. No. 1 of two", ["The U.S. law", "No. 1 of two"]],
    ["Dr. Okafor speaks, Prof. Weber too", ["Dr. Okafor speaks", "Prof. Weber too"]],
    ["5.–7. June, 5. Juni", ["5.–7. June", "5. Juni"]],
    ["5, 6 and 7 June", ["5, 6 and 7 June"]],
    ["Rent is 1,000.50 €, too much", ["Rent is 1,000.50 €", "too much"]],
    ["see https://example.org/a,b;c?x=1. Come", ["see https://example.org/a,b;c?x=1", "Come"]],
    ["12 St. Mary's Road, z. B. heute", ["12 St. Mary's Road", "z. B. heute"]],
    ["Ready?! For the march", ["Ready?!", "For the march"]],
    ["团结就是力量，来吧！18:30", ["团结就是力量", "来吧！", "18:30"]],
    ["Что делать? ул. Ленина, д. 5", ["Что делать?", "ул. Ленина", "д. 5"]],
  ])("%s", (line, clauses) => expect(clausesOf(line)).toEqual(clauses));
});
