import fc from "fast-check";
import type { ImageRequest } from "../../src/domain/recipe.ts";

/** Words of every script that is lettered, and of some that are not. */
const WORDS =
  "UNITE bread don’t Łódź Straße nghiệp ẵm ỗ Жильё право їжа Ελευθερία ψωμί السكن خبز ئازادی ﷺ ١٢٣ דיור זכות שָׁלוֹם आवास क्षेत्र ज्ञान बजे বাসস্থান ক্ষ வீடு உரிமை ที่อยู่อาศัย สิทธิ უფლება Բնակարան መኖሪያ 团结就是力量 全世界無產階級 団結すれば力になる ポスター 주거는 권리다 뢣 ✊🏽 🌹 👩‍🌾 🇩🇪 ☭ ★ → № ½ € 18:30 5.–7. U.S. No. 1 Dr. 10€ example.org https://example.org/a/very/long/path?week=12&x=y ᏣᎳᎩ བོད WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW gjpqy ÅÉÎ ( ) — … 「 」 ， ！".split(
    " ",
  );
const LOOKS =
  "constructivist swiss modernist riso woodcut zine deco chalk blueprint sunburst rings tiles chorus broadside horizon split red black gold night fist fox bridge background".split(
    " ",
  );
const WHERE = [
  "",
  " at the top",
  " at the very bottom",
  " small",
  " large narrow",
  " front and centered",
  " in capitals",
];
const SIZES = [
  [384, 512],
  [512, 384],
  [448, 640],
  [640, 256],
  [256, 256],
  [256, 640],
] as const;

const word = fc.oneof(
  { weight: 60, arbitrary: fc.constantFrom(...WORDS) },
  { weight: 1, arbitrary: fc.string({ unit: "grapheme", minLength: 1, maxLength: 8 }) },
);
const phrase = fc
  .array(word, { minLength: 1, maxLength: 5 })
  .map((words) => words.join(" ").replace(/["“”„«»‹›「」]/gu, ""));
const list = fc
  .tuple(phrase, fc.array(phrase, { minLength: 2, maxLength: 3 }), fc.constantFrom("\n1. ", "\n- ", "; ", "\n"))
  .map(([head, items, mark]) =>
    mark === "\n1. "
      ? `${head}${items.map((item, index) => `\n${index + 1}. ${item}`).join("")}`
      : mark === "; "
        ? `${head}: ${items.join("; ")}`
        : `${head}${items.map((item) => `${mark}${item}`).join("")}`,
  );
const quoted = fc
  .tuple(fc.oneof({ weight: 4, arbitrary: phrase }, { weight: 1, arbitrary: list }), fc.constantFrom(...WHERE))
  .map(([text, where]) => `"${text}"${where}`);
const prompt = fc
  .tuple(
    fc.array(fc.constantFrom(...LOOKS), { maxLength: 4 }),
    fc.oneof(
      fc.array(quoted, { minLength: 1, maxLength: 2 }),
      fc.array(fc.oneof(phrase, list), { minLength: 1, maxLength: 2 }),
    ),
    fc.constantFrom("", "", "", "", ", QR code to example.org/rent?week=12"),
  )
  .map(([looks, texts, code]) => `${[looks.join(" "), ...texts].filter((part) => part !== "").join(", ")}${code}`);

/** Posters whose words mix scripts, lists and levels. */
export const mixedRequest: fc.Arbitrary<ImageRequest> = fc
  .record({
    finalPrompt: prompt,
    seed: fc.nat(),
    size: fc.constantFrom(...SIZES),
    loraScale: fc.constantFrom(0, 1, 1.5),
    steps: fc.constantFrom(3, 28),
  })
  .map(({ size: [widthPx, heightPx], finalPrompt, ...rest }) => ({
    prompt: finalPrompt,
    finalPrompt,
    styleId: "rca",
    guidance: 3,
    trueCfg: 1,
    widthPx,
    heightPx,
    ...rest,
  }));
