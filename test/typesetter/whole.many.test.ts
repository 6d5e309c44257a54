import { afterAll, expect, it } from "vitest";
import { cases } from "../many.ts";
import { livelyShare, pixelsOf, signFaults } from "../referees/composition.ts";
import { openPaper } from "./paper.ts";

// By the pixels alone: no layout, plan or measure of the program is asked, but for which icon it put where.

const LOOKS =
  "swiss modernist riso woodcut zine deco chalk blueprint sunburst rings tiles chorus broadside horizon split".split(
    " ",
  );
const PROMPTS = [
  'a fist, "Bread and roses", "Sunday at ten, Mill Lane"',
  'a fist, a house and a bicycle, "Rent is too damn high", "Saturday 5 May, 14:00"',
  'a megaphone, "UNITE" at the top',
  'a key, a tree and a bus, "Summer party, we sing, we dance, we eat together until late" at the bottom',
  '"STRIKE"',
];
/** Half of a poster, a square, a slide, a slim one. */
const SIZES = [
  [416, 608],
  [512, 512],
  [608, 416],
  [256, 512],
] as const;

/** Of a lower third's squares, so many have something in them at least. A sheet with its title at the top has most air. */
const LIVELY_LEAST = 0.08;

interface Poster {
  readonly name: string;
  readonly prompt: string;
  readonly styleId: string;
  readonly seed: number;
  readonly size: (typeof SIZES)[number];
}

const posters = SIZES.flatMap((size) =>
  PROMPTS.flatMap((prompt) => [
    ...LOOKS.flatMap((look) =>
      [1, 2, 3].map((seed) => ({ name: look, prompt: `${look} poster, ${prompt}`, styleId: "no_style", seed, size })),
    ),
    // Its twelve layouts, one a seed.
    ...Array.from({ length: 12 }, (_, index) => ({
      name: "rca",
      prompt: `RCA style, ${prompt}`,
      styleId: "rca",
      seed: index + 1,
      size,
    })),
  ]),
).filter((_, index) => index % cases(97, 3) === 0);

const paper = openPaper();
afterAll(() => paper.close());

const drawn = ({ prompt, styleId, seed, size: [widthPx, heightPx] }: Poster) =>
  paper.draw(
    {
      prompt,
      finalPrompt: prompt,
      styleId,
      loraScale: 1,
      guidance: 3,
      trueCfg: 1,
      steps: 28,
      seed,
      widthPx,
      heightPx,
    },
    styleId === "rca" ? "RCA style" : "",
  );

it(`${posters.length} posters: no dead lower third, and every sign stands whole`, { timeout: 600_000 }, async () => {
  const faults: string[] = [];
  for (const poster of posters) {
    const { png, signs } = await drawn(poster);
    const pixels = await pixelsOf(png);
    const lively = livelyShare(pixels);
    const told = [
      ...(lively < LIVELY_LEAST ? [`lower third ${lively.toFixed(3)}`] : []),
      ...signFaults(pixels, signs, poster.name === "horizon"),
    ];
    faults.push(...told.map((fault) => `${poster.prompt} seed ${poster.seed} ${poster.size.join("×")}: ${fault}`));
  }
  expect(faults).toEqual([]);
});

it("an empty panel that is asked for is empty, and there is no dead third above it", async () => {
  for (const seed of [1, 4, 9, 12].slice(0, cases(1, 4))) {
    const prompt =
      'RCA style, a hammer and sickle, the Earth, "UNITE" at the top, at the very bottom a black empty panel';
    const { png, signs } = await drawn({ name: "rca", prompt, styleId: "rca", seed, size: SIZES[0] });
    const pixels = await pixelsOf(png);
    const panel = {
      ...pixels,
      data: pixels.data.subarray(Math.ceil(pixels.height * 0.88) * pixels.width * 3),
      height: Math.floor(pixels.height * 0.12),
    };
    // Ink wears.
    expect(livelyShare(panel)).toBeLessThan(0.1);
    expect(livelyShare(pixels, 0.86)).toBeGreaterThan(LIVELY_LEAST);
    expect(signFaults(pixels, signs)).toEqual([]);
  }
});
