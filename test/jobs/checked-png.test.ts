import { randomBytes } from "node:crypto";
import { deflateSync, inflateSync } from "node:zlib";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { bombPng, tinyPng } from "../../src/backends/fake/png.ts";
import { checkedPng } from "../../src/jobs/checked-png.ts";
import type { PixelReader } from "../../src/jobs/pixels/pixel-reader.ts";
import { sniffImage } from "../../src/lib/image-kind.ts";
import { createYieldQueue } from "../../src/lib/yield-queue.ts";
import type { Backend } from "../../src/ports/backend.ts";
import { pngChunk } from "../fakes/hostile-files.ts";
import { pixels } from "../fakes/pixels.ts";

/** Larger than what is glanced at. */
const SIZE = { widthPx: 200, heightPx: 140 };
const model = { name: "far", drawnBy: "model" } as const;
const program = { name: "own", drawnBy: "program" } as const;

/** How often a picture was decoded. */
function counted(): { readonly pixels: Pick<PixelReader, "read">; readonly decoded: () => number } {
  let decoded = 0;
  const read: PixelReader["read"] = (...order) => {
    decoded += 1;
    return pixels.read(...order);
  };
  return { pixels: { read }, decoded: () => decoded };
}

const checked = (
  bytes: Uint8Array,
  backend: Pick<Backend, "name" | "drawnBy"> = model,
  reader: Pick<PixelReader, "read"> = pixels,
  signal = AbortSignal.timeout(20_000),
) => checkedPng(backend, bytes, SIZE, { yields: createYieldQueue(), pixels: reader, signal });

type Shape = Parameters<typeof sharp>[1];
const raw = (data: Uint8Array, channels: 3 | 4 = 3) =>
  sharp(data, { raw: { width: SIZE.widthPx, height: SIZE.heightPx, channels } } satisfies Shape);
const LINE_BYTES = SIZE.widthPx * 3 + 1;
/** Each line begins with its filter: 0, none. */
const lines = randomBytes(LINE_BYTES * SIZE.heightPx);
for (let at = 0; at < lines.length; at += LINE_BYTES) lines[at] = 0;
const header = Buffer.alloc(13);
header.writeUInt32BE(SIZE.widthPx, 0);
header.writeUInt32BE(SIZE.heightPx, 4);
header.set([8, 2, 0, 0, 0], 8);
const noise = Buffer.concat([
  Buffer.from("89504e470d0a1a0a", "hex"),
  pngChunk("IHDR", header),
  pngChunk("IDAT", deflateSync(lines)),
  pngChunk("IEND", Buffer.alloc(0)),
]);

/** The file with its pixels replaced by what `change` makes of them, and all checksums right again. */
function withPixels(png: Buffer, change: (packed: Buffer) => Buffer): Buffer {
  const at = png.indexOf("IDAT");
  const length = png.readUInt32BE(at - 4);
  const packed = png.subarray(at + 4, at + 4 + length);
  return Buffer.concat([png.subarray(0, at - 4), pngChunk("IDAT", change(packed)), png.subarray(at + 8 + length)]);
}
const spoilt = (at: number): Buffer => {
  const bytes = Buffer.from(noise);
  bytes[at] = (bytes[at] ?? 0) ^ 0x10;
  return bytes;
};

describe("a PNG that is not whole", () => {
  it.each([
    ["is cut short", noise.subarray(0, -20)],
    ["lacks its end", noise.subarray(0, -12)],
    ["lacks its pixels", Buffer.concat([noise.subarray(0, 33), pngChunk("IEND", Buffer.alloc(0))])],
    ["has one bit wrong in its pixels", spoilt(noise.length - 40)],
    ["has one bit wrong in its header", spoilt(19)],
    ["has one bit wrong in a checksum", spoilt(noise.length - 14)],
  ])("is refused by its chunks, of whomever, and not decoded: it %s", async (_why, bytes) => {
    for (const backend of [model, program]) {
      const { pixels: reader, decoded } = counted();
      await expect(checked(bytes, backend, reader)).rejects.toMatchObject({
        name: "BackendError",
        code: "bad_response",
      });
      expect(decoded()).toBe(0);
    }
  });

  it.each([
    ["breaks off inside its pixels", withPixels(noise, (packed) => packed.subarray(0, packed.length / 2))],
    [
      "has too few lines",
      withPixels(noise, (packed) => deflateSync(inflateSync(packed).subarray(0, LINE_BYTES * 100))),
    ],
    ["holds something else than pixels", withPixels(noise, () => randomBytes(500))],
  ])("is refused where a model drew it, though every checksum is right: it %s", async (_why, bytes) => {
    await expect(checked(bytes)).rejects.toMatchObject({ name: "BackendError", code: "bad_response" });
  });

  it("is taken without what stands behind its end", async () => {
    const png = await checked(Buffer.concat([noise, Buffer.from("<script>")]));
    expect(Buffer.from(png).equals(Buffer.from(await checked(noise)))).toBe(true);
    expect(Buffer.from(png).includes("script")).toBe(false);
  });
});

describe("a picture that unpacks to more than it should", () => {
  it("is refused by its header, before anybody decodes it", async () => {
    const { pixels: reader, decoded } = counted();
    await expect(checked(bombPng(), model, reader)).rejects.toThrow("20000×20000 instead of 200×140");
    expect(decoded()).toBe(0);
  });
  it("is read no further than its lines", async () => {
    const more = withPixels(noise, (packed) => deflateSync(Buffer.concat([inflateSync(packed), Buffer.alloc(32e6)])));
    expect(more.length).toBeLessThan(noise.length + 100_000);
    expect(Buffer.from(await checked(more)).length).toBe(more.length);
  });
});

describe("what is decoded", () => {
  it("is what a model drew, once; what a program drew is as it is", async () => {
    const { pixels: reader, decoded } = counted();
    await checked(noise, program, reader);
    expect(decoded()).toBe(0);
    await checked(noise, model, reader);
    expect(decoded()).toBe(1);
  });
  it.each(["jpeg", "webp"] as const)("is every %s, which becomes a PNG of the same pixels", async (format) => {
    const bytes = await sharp(noise)[format]().toBuffer();
    const { pixels: reader, decoded } = counted();
    const png = await checked(bytes, program, reader);
    expect(sniffImage(png)).toBe("image/png");
    expect((await sharp(png).raw().toBuffer()).equals(await sharp(bytes).raw().toBuffer())).toBe(true);
    expect(decoded()).toBe(1);
  });
  it("is nothing any more once it was taken back", async () => {
    const reason = new Error("taken back");
    await expect(checked(noise, model, pixels, AbortSignal.abort(reason))).rejects.toBe(reason);
  });
  it("is not the backend's fault where the worker breaks", async () => {
    const broken = { read: () => Promise.reject(new Error("no threads left")) };
    await expect(checked(noise, model, broken)).rejects.toMatchObject({ name: "Error", message: "no threads left" });
  });
});

/** A colour, each pixel up to so much beside it by chance. */
const colour = (red: number, green: number, blue: number, wobble = 0): Promise<Buffer> => {
  const data = Buffer.alloc(SIZE.widthPx * SIZE.heightPx * 3);
  for (let at = 0; at < data.length; at += 1)
    data[at] = ([red, green, blue][at % 3] ?? 0) + Math.round(Math.random() * 2 * wobble) - wobble;
  return raw(data).png().toBuffer();
};
/** All of one colour but for the last pixel. */
const withOneMore = async (value: number): Promise<Buffer> => {
  const data = Buffer.alloc(SIZE.widthPx * SIZE.heightPx * 3, 10);
  data[data.length - 1] = value;
  return raw(data).png().toBuffer();
};

describe("a picture of a single colour", () => {
  it.each([
    ["black", async () => colour(0, 0, 0)],
    ["grey", async () => colour(128, 128, 128)],
    ["one colour", async () => colour(200, 30, 90)],
    ["one colour within 2/255", async () => colour(200, 30, 90, 2)],
    [
      "one colour as a JPEG",
      async () =>
        sharp(await colour(0, 0, 0))
          .jpeg()
          .toBuffer(),
    ],
    [
      "nothing but transparent",
      async () =>
        raw(Buffer.alloc(SIZE.widthPx * SIZE.heightPx * 4, Buffer.from([9, 200, 5, 0])), 4)
          .png()
          .toBuffer(),
    ],
    [
      "grey in 16 bits",
      async () =>
        sharp(await colour(90, 90, 90))
          .toColourspace("grey16")
          .png()
          .toBuffer(),
    ],
  ])("is none where a model drew it: %s", async (_what, made) => {
    const bytes = await made();
    const error: unknown = await checked(bytes).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: "bad_response",
      elsewhere: true,
      memberText: { about: "backend.error.one-colour" },
    });
    // Drawn by a program, it is what was meant.
    await expect(checked(bytes, program)).resolves.toBeDefined();
  });
  it.each([
    ["a little more than 2/255 around it", async () => colour(200, 30, 90, 3)],
    ["two colours", async () => tinyPng(SIZE.widthPx, SIZE.heightPx, "two")],
    ["one pixel of another", async () => withOneMore(15)],
  ])("is not %s", async (_what, made) => {
    await expect(checked(await made())).resolves.toBeDefined();
  });
});
