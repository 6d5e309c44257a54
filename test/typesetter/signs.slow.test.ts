import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Resvg } from "@resvg/resvg-js";
import { expect, it } from "vitest";
import { z } from "zod";
import { concepts, nouns } from "../../src/typesetter/lexicon/lexicon.ts";
import { iconNamed } from "../../src/typesetter/signs/icons.ts";

const SIDE_PX = 96;
const require = createRequire(import.meta.url);
const setSchema = z.object({ icons: z.record(z.string(), z.object({ body: z.string() })) });

const pixelsOf = (inside: string, width: number, height: number): Buffer =>
  new Resvg(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${SIDE_PX}" height="${SIDE_PX}" viewBox="0 0 ${width} ${height}" color="#000">${inside}</svg>`,
    { font: { loadSystemFonts: false } },
  ).render().pixels;

it("a sign's one path looks as its icon does", () => {
  const named = [
    ...new Set([...Object.values(concepts()).flatMap(({ pictures }) => pictures), ...Object.values(nouns())]),
  ];
  const sets = new Map<string, z.output<typeof setSchema>>();
  const different = named.filter((name) => {
    const [prefix = "", own = ""] = name.split(":");
    const set =
      sets.get(prefix) ??
      setSchema.parse(JSON.parse(readFileSync(require.resolve(`@iconify-json/${prefix}/icons.json`), "utf8")));
    sets.set(prefix, set);
    const { d, width, height, evenOdd } = iconNamed(name);
    const rule = evenOdd ? ' fill-rule="evenodd"' : "";
    const ours = pixelsOf(`<path d="${d}"${rule}/>`, width, height);
    const theirs = pixelsOf(set.icons[own]?.body ?? "", width, height);
    let sum = 0;
    for (let at = 3; at < ours.length; at += 4) sum += Math.abs((ours[at] ?? 0) - (theirs[at] ?? 0)) > 40 ? 1 : 0;
    // Edges of paths that touch are smoothed a little otherwise.
    return sum > SIDE_PX;
  });
  expect(different).toEqual([]);
});
