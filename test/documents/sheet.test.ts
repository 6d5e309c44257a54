import { join } from "node:path";
import sharp from "sharp";
import { expect, it } from "vitest";
import { gridOf } from "../../src/documents/sheet/grid.ts";
import { writeSheet } from "../../src/documents/sheet/sheet.ts";
import { newFolder, pageOf, pictureIn } from "./specs.ts";

it("keeps up to 200 pictures apart on a sheet that programs open", () => {
  for (const count of [1, 3, 5, 48, 49, 200])
    for (const ratio of [0.4, 1, 3])
      for (const isTurned of [false, true]) {
        const { widthPx, heightPx, cells } = gridOf(Array<number>(count).fill(ratio), 260, isTurned);
        expect(Math.max(widthPx, heightPx)).toBeLessThanOrEqual(6000);
        expect(cells).toHaveLength(count);
        cells.forEach(({ picture, caption }, index) => {
          expect(Math.min(picture.w, picture.h)).toBeGreaterThan(100);
          expect(picture.y).toBeGreaterThanOrEqual(260);
          expect(caption.y).toBeGreaterThan(picture.y + picture.h);
          expect(caption.y + caption.h).toBeLessThanOrEqual(heightPx);
          for (const box of [picture, caption]) {
            expect(box.x).toBeGreaterThanOrEqual(0);
            expect(box.x + box.w).toBeLessThanOrEqual(widthPx);
          }
          const next = cells[index + 1];
          if (!next) return;
          const isBelow = next.picture.y >= caption.y + caption.h;
          const isBeside = isTurned
            ? next.picture.x + next.picture.w <= picture.x
            : next.picture.x >= picture.x + picture.w;
          expect(isBelow || isBeside).toBe(true);
        });
      }
});

it("shows what was chosen first, framed, and every picture whole", async () => {
  const folder = await newFolder();
  const path = join(folder, "sheet.jpg");
  const red = await pictureIn(folder, "red", { colour: "#ff0000", number: 1 });
  const blue = await pictureIn(folder, "blue", { colour: "#0000ff", number: 2, widthPx: 200, heightPx: 50 });
  const green = await pictureIn(folder, "green", { colour: "#00ff00", number: 3 });
  const pages = [
    pageOf("Red", { picture: red }),
    pageOf("Only words"),
    pageOf("Blue", { picture: blue }),
    pageOf("Green", { picture: green, chosen: true }),
  ];
  const done: string[] = [];
  const spec = { kind: "sheet", title: "May", subtitle: "3", language: "en", pages } as const;
  expect(await writeSheet(spec, path, (at, of) => done.push(`${at}/${of}`))).toEqual({ mime: "image/jpeg" });
  expect(done).toEqual(["0/3", "1/3", "2/3", "3/3"]);
  const { data, info } = await sharp(path).raw().toBuffer({ resolveWithObject: true });
  /** Leftmost and rightmost pixel of a colour, and how much of the picture's shape is seen. */
  const seen = (channel: number) => {
    let [left, right, top, bottom] = [Infinity, 0, Infinity, 0];
    for (let at = 0, pixel = 0; at < data.length; at += info.channels, pixel++) {
      const is = [0, 1, 2].every((each) =>
        each === channel ? (data[at + each] ?? 0) > 200 : (data[at + each] ?? 0) < 60,
      );
      if (!is) continue;
      const [x, y] = [pixel % info.width, Math.floor(pixel / info.width)];
      [left, right, top, bottom] = [Math.min(left, x), Math.max(right, x), Math.min(top, y), Math.max(bottom, y)];
    }
    return { left, ratio: (right - left) / (bottom - top) };
  };
  const [r, g, b] = [seen(0), seen(1), seen(2)];
  expect(g.left).toBeLessThan(r.left);
  expect(r.left).toBeLessThan(b.left);
  expect(r.ratio).toBeCloseTo(60 / 90, 1);
  expect(b.ratio).toBeCloseTo(4, 0);
  // The frame in the colour of what was decided, at the left edge of the first cell and of no other.
  const rowAt = Math.round(info.height * 0.5);
  const framed = Array.from({ length: info.width }, (_, x) => (rowAt * info.width + x) * info.channels).filter(
    (at) => Math.abs((data[at] ?? 0) - 0x2a) < 20 && Math.abs((data[at + 1] ?? 0) - 0x70) < 20,
  );
  expect(framed.length).toBeGreaterThanOrEqual(8);
  expect(framed.length).toBeLessThanOrEqual(20);
});
