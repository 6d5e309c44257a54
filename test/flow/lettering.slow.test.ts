import { afterAll, expect, it } from "vitest";
import { createSetter, type Setter } from "../../src/jobs/lettering/setter.ts";
import { openSketch } from "../backends/sketch-rig.ts";
import { group } from "./harness.ts";
import { difference, keptOf, lettered, wordsIn } from "./lettered.ts";

/** One for all tests: its threads start once. */
const typesetter = createSetter();
afterAll(() => typesetter.close());
const setter = (): Setter => ({ over: (...words) => typesetter.over(...words), close: async () => {} });

it("the typesetter's words change, and not one pixel of the rest", async () => {
  const { first, chat, picture, backend, group: made } = await lettered({ setter });
  const before = await keptOf(made.app, first);
  expect(wordsIn(before.set)).toBe("Rent strike");
  const set = await difference(before.original, before.plain, [before.set]);
  expect(set.all).toBeGreaterThan(200);
  expect(set.outside).toBe(0);
  await chat.type("bo", "/caption No eviction\nTuesday 7 pm picture:1 place:top");
  const after = await keptOf(made.app, await picture(2));
  expect(backend.calls).toHaveLength(1);
  expect(after.plain).toEqual(before.plain);
  expect(wordsIn(after.set)).toBe("No eviction Tuesday 7 pm");
  const changed = await difference(before.original, after.original, [before.set, after.set]);
  expect(changed.all).toBeGreaterThan(200);
  expect(changed.outside).toBe(0);
});

it("other words over a poster of the sketch are its own, with the same seed", async () => {
  const made = await group({ backends: () => [sketch], setter });
  await made.chat.type("ana", '/rca a fist "Rent strike" seed:7 width:256 height:256');
  await made.picture();
  await made.chat.type("bo", "/caption No eviction picture:1");
  const { row, plain } = await keptOf(made.app, await made.picture(2));
  expect(row?.recipe).toMatchObject({ typeset: true, request: { seed: 7, prompt: "a fist “No eviction”" } });
  expect(plain).toBeUndefined();
});

const sketch = await openSketch();
