import sharp from "sharp";
import { afterAll, describe, expect, it } from "vitest";
import { createRouter } from "../../src/jobs/router/router.ts";
import { systemClock } from "../../src/lib/clock.ts";
import type { BackendEvent } from "../../src/ports/backend.ts";
import { moduleServices } from "../fakes/module-services.ts";
import { atThisPaceMs } from "../pace.ts";
import { english } from "../words.ts";
import { openSketch, picturesOf, requestOf, style } from "./sketch-rig.ts";

const sketch = await openSketch();
afterAll(() => sketch.close());
const { eventsOf, pictureOf } = picturesOf(sketch);

describe("the sketch backend", () => {
  it("gives rising progress and then exactly one PNG of the size asked for", async () => {
    const events = await eventsOf(requestOf());
    const fractions = events.flatMap((event) => (event.type === "progress" ? [event.fraction] : []));
    expect(fractions.length).toBeGreaterThan(1);
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
    expect(events.filter((event) => event.type === "image")).toHaveLength(1);
    const { bytes, notes } = await pictureOf(requestOf());
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    expect([...bytes.subarray(1, 4)]).toEqual([0x50, 0x4e, 0x47]);
    expect([view.getUint32(16), view.getUint32(20)]).toEqual([256, 320]);
    expect(english(notes[0])).toBe("a sketch, not a photograph: no model was used");
  });

  it("gives the same bytes for the same request, others for another seed", async () => {
    const [one, again, other] = await Promise.all([
      pictureOf(requestOf()),
      pictureOf(requestOf()),
      pictureOf(requestOf({ seed: 8 })),
    ]);
    expect(Buffer.from(again.bytes).equals(one.bytes)).toBe(true);
    expect(Buffer.from(other.bytes).equals(one.bytes)).toBe(false);
  });

  it("draws what it drew twice as large: the same page, with edges that no resampling has", async () => {
    const request = requestOf();
    const { bytes, model } = await pictureOf(request);
    expect([sketch.redraws?.(model), sketch.redraws?.("sketch 1")]).toEqual([true, false]);
    const [from, to] = [
      { widthPx: 256, heightPx: 320 },
      { widthPx: 512, heightPx: 640 },
    ];
    const signal = AbortSignal.timeout(20_000);
    const events = await Array.fromAsync(sketch.enlarge?.({ request, style, picture: bytes, from, to, signal }) ?? []);
    const image = events.at(-1);
    if (image?.type !== "image") throw new Error("no image");
    expect(await sharp(image.bytes).metadata()).toMatchObject({ width: 512, height: 640 });
    const small = (picture: Uint8Array) => sharp(picture).resize(32, 40).greyscale().raw().toBuffer();
    const [one, other] = [await small(bytes), await small(image.bytes)];
    const apart = one.reduce((sum, value, at) => sum + Math.abs(value - (other[at] ?? 0)), 0) / one.length;
    expect(apart).toBeLessThan(4);
  });

  it("leaves out what is not wanted where it can, says what it did, and never refuses", async () => {
    const plain = requestOf({ prompt: "a fox", finalPrompt: "a fox", guidance: 5 });
    const asked = { ...plain, negativePrompt: "foxes, blurry", trueCfg: 3 };
    const order = { request: asked, count: 1, asked: ["negative", "truecfg"], advice: [], seedFrom: "drawn" } as const;
    const router = createRouter({ backends: [sketch], clock: systemClock, log: moduleServices().log });
    expect(router.plan({ ...order, asked: [...order.asked], advice: [] }, style).candidates).toEqual([sketch]);
    const [before, after] = [await pictureOf(plain), await pictureOf(asked)];
    expect(Buffer.from(after.bytes).equals(before.bytes)).toBe(false);
    expect(english(after.notes)).toEqual(
      expect.arrayContaining([
        "Kept out, as you asked: foxes.",
        "The sketch does not know how to keep this out: blurry.",
        "Left out, since it does nothing here: truecfg.",
      ]),
    );
  });

  it("tells what was asked for and is not in the picture", async () => {
    const { missed, notes } = await pictureOf(requestOf({ finalPrompt: 'a platypus, no flags, "UNITE"' }));
    expect(english(missed)).toEqual(["No sign known for: platypus."]);
    expect(english(notes)).toContain("Lettered: “UNITE”.");
  });

  it("stops within a second when aborted, and draws the next one", async () => {
    const abort = new AbortController();
    const startedMs = performance.now();
    const big = eventsOf(requestOf({ widthPx: 1536, heightPx: 1536 }), abort.signal);
    abort.abort(new Error("enough"));
    await expect(big).rejects.toThrow("enough");
    expect(performance.now() - startedMs).toBeLessThan(atThisPaceMs(1000));
    expect((await pictureOf(requestOf())).bytes.length).toBeGreaterThan(500);
  });

  it("screens a member's photo into the poster, and refuses what is no picture", async () => {
    const photo = await sharp({ create: { width: 80, height: 60, channels: 3, background: "#7799bb" } })
      .composite([{ input: Buffer.from('<svg width="40" height="40"><circle cx="20" cy="20" r="18"/></svg>') }])
      .jpeg()
      .toBuffer();
    const withInit = async (initBytes: Uint8Array) => {
      const request = requestOf({ init: { key: "k", strength: 0.2 } });
      const events: BackendEvent[] = [];
      for await (const event of sketch.generate({ request, style, initBytes, signal: new AbortController().signal }))
        events.push(event);
      return events.at(-1);
    };
    const plain = await pictureOf(requestOf());
    const drawn = await withInit(photo);
    expect(drawn?.type).toBe("image");
    expect(drawn?.type === "image" && Buffer.from(drawn.bytes).equals(plain.bytes)).toBe(false);
    await expect(withInit(Buffer.from("no picture"))).rejects.toMatchObject({ name: "BackendError", code: "rejected" });
  });

  it("fails pictures under way when it is closed, and closes twice", async () => {
    const other = await openSketch();
    const picture = other.generate({
      request: requestOf({ widthPx: 1536, heightPx: 1536 }),
      style,
      signal: new AbortController().signal,
    });
    const first = picture[Symbol.asyncIterator]().next();
    await Promise.all([other.close(), expect(first).rejects.toThrow()]);
    await other.close();
  });

  it("waits its turn when more pictures are asked for than it has workers", async () => {
    const pictures = await Promise.all([1, 2, 3, 4, 5].map((seed) => pictureOf(requestOf({ seed }))));
    expect(pictures.map((picture) => picture.seed)).toEqual([1, 2, 3, 4, 5]);
  });
});
