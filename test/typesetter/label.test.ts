import { expect, it } from "vitest";
import { labelSet } from "../../src/typesetter/overlay/label.ts";

const SIZE = { widthPx: 800, heightPx: 1200 };
const plateOf = (avoid: Parameters<typeof labelSet>[0]["avoid"], text = "Made with AI", size = SIZE) => {
  const { parts } = labelSet({ text, avoid }, size);
  const [plate, line] = parts;
  if (plate?.kind !== "plate" || line?.kind !== "line") throw new Error("no label");
  const { x, y, w, h } = plate.box;
  // The letters stand within their plate.
  expect(line.box.x).toBeGreaterThan(x);
  expect(line.box.y).toBeGreaterThan(y);
  expect(line.box.x + line.box.w).toBeLessThan(x + w);
  expect(line.box.y + line.box.h).toBeLessThan(y + h);
  return plate.box;
};

it("a label stands in the first corner where it covers nothing, from the lower right on", () => {
  const box = { w: 300, h: 200 };
  const corners = [
    { x: 500, y: 1000, ...box },
    { x: 0, y: 1000, ...box },
    { x: 500, y: 0, ...box },
    { x: 0, y: 0, ...box },
  ];
  const places = [0, 1, 2, 3, 4].map((covered) => {
    const { x, y } = plateOf(corners.slice(0, covered));
    return [x > 400 ? "right" : "left", y > 600 ? "lower" : "upper"].join(" ");
  });
  expect(places).toEqual(["right lower", "left lower", "right upper", "left upper", "right lower"]);
});

it("a label stays within any picture, and is never too small to be read in a large one", () => {
  const narrow = plateOf([], "صُنعت بالذكاء الاصطناعي", { widthPx: 64, heightPx: 512 });
  expect(narrow.x).toBeGreaterThanOrEqual(0);
  expect(narrow.x + narrow.w).toBeLessThanOrEqual(64);
  expect(plateOf([], "AI", { widthPx: 4096, heightPx: 4096 }).h).toBeGreaterThan(100);
});
