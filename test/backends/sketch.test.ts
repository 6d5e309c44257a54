import { afterAll, describe, expect, it } from "vitest";
import type { BackendEvent } from "../../src/backend.ts";
import { module } from "../../src/backends/sketch.ts";
import type { ImageRequest } from "../../src/recipe.ts";
import { styleSchema } from "../../src/style.ts";

const quiet = () => undefined;
const opened = module.create(
  {},
  { log: { debug: quiet, info: quiet, warn: quiet, error: quiet }, folder: () => "", nowMs: () => 0 },
);
if (!opened) throw new Error("the sketch is always on");
const sketch = opened;
afterAll(() => sketch.close());

const style = styleSchema.parse({ id: "rca", title: "Art" });
const requestOf = (change: Partial<ImageRequest> = {}): ImageRequest => ({
  prompt: 'poster "UNITE"',
  finalPrompt: 'poster "UNITE"',
  styleId: "rca",
  loraScale: 1,
  guidance: 3,
  trueCfg: 1,
  steps: 28,
  seed: 7,
  widthPx: 256,
  heightPx: 320,
  ...change,
});

async function eventsOf(request: ImageRequest, signal = new AbortController().signal): Promise<BackendEvent[]> {
  const events: BackendEvent[] = [];
  for await (const event of sketch.generate({ request, style, signal })) events.push(event);
  return events;
}

async function pictureOf(request: ImageRequest) {
  const last = (await eventsOf(request)).at(-1);
  if (last?.type !== "image") throw new Error("no picture");
  return last;
}

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
    expect(notes[0]).toBe("a sketch, not a photograph: no model was used");
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

  it("stops within a second when aborted, and draws the next one", async () => {
    const abort = new AbortController();
    const startedMs = performance.now();
    const big = eventsOf(requestOf({ widthPx: 1536, heightPx: 1536 }), abort.signal);
    abort.abort(new Error("enough"));
    await expect(big).rejects.toThrow("enough");
    expect(performance.now() - startedMs).toBeLessThan(1000);
    expect((await pictureOf(requestOf())).bytes.length).toBeGreaterThan(500);
  });

  it("waits its turn when more pictures are asked for than it has workers", async () => {
    const pictures = await Promise.all([1, 2, 3, 4, 5].map((seed) => pictureOf(requestOf({ seed }))));
    expect(pictures.map((picture) => picture.seed)).toEqual([1, 2, 3, 4, 5]);
  });
});
