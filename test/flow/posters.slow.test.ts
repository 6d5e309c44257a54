import { decodeQR } from "qr/decode.js";
import { afterAll, expect, it } from "vitest";
import { fakeBackend } from "../../src/backends/fake.ts";
import { createSetter, type Setter } from "../../src/jobs/lettering/setter.ts";
import { openSketch } from "../backends/sketch-rig.ts";
import { group } from "./harness.ts";
import { keptOf, pixelsOf, wordsIn } from "./lettered.ts";

const LINE =
  "/poster template:rally title:No rent rise when:Saturday 14:00 where:Market square link:example.org/rally size:384x576";

/** One for all tests: its threads start once. */
const typesetter = createSetter();
const sketch = await openSketch();
afterAll(() => typesetter.close());
const setter = (): Setter => ({ over: (...words) => typesetter.over(...words), close: async () => {} });

async function scanned(bytes: Uint8Array | undefined): Promise<string> {
  const { data, widthPx, heightPx } = await pixelsOf(bytes);
  return decodeQR({ width: widthPx, height: heightPx, data: new Uint8Array(data) });
}

it("a poster of the sketch, its link read from its pixels; and over a model's picture as well", async () => {
  const model = fakeBackend({ name: "model", facts: { where: "local", drawnBy: "program" } });
  const made = await group({ backends: () => [model, sketch], setter });
  await made.chat.type("ana", LINE);
  await made.picture(2);
  const kept = await Promise.all(made.pictures().map((message) => keptOf(made.app, message)));
  const over = kept.find(({ plain }) => plain !== undefined);
  const drawn = kept.find(({ row }) => row?.recipe.typeset);
  expect(await scanned(drawn?.original)).toBe("https://example.org/rally");
  expect(await scanned(over?.original)).toBe("https://example.org/rally");
  expect(wordsIn(over?.set)).toContain("No rent rise");
  expect(model.calls[0]?.request.finalPrompt).not.toMatch(/rent rise|market|example\.org/iu);
  expect(drawn?.row?.recipe.request).toMatchObject({ widthPx: 384, heightPx: 576 });
  expect(made.chat.violations).toEqual([]);
});
