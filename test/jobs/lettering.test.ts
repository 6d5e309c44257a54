import { describe, expect, it } from "vitest";
import { tinyPng } from "../../src/backends/fake/png.ts";
import type { LetteringLayer } from "../../src/domain/lettering.ts";
import { setOver, toldWithRoom } from "../../src/jobs/lettering/lettered-picture.ts";
import { createSetter, type Setter } from "../../src/jobs/lettering/setter.ts";
import { startingPicture } from "../../src/jobs/starting-picture.ts";
import { someRequest, someStyle } from "../contracts/backend.ts";
import { createTestClock } from "../fakes/clock.ts";
import { recordedLog } from "../fakes/module-services.ts";
import { difference, wordsIn } from "../flow/lettered.ts";

const LAYER: LetteringLayer = { lettering: 1, words: [{ text: "Rent strike", level: "title" }], place: "bottom" };
const PICTURE = tinyPng(256, 192, "a picture");

const hanging: Setter = {
  over: (_picture, _words, signal) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    }),
  close: async () => {},
};

function setting(setter: Setter) {
  const clock = createTestClock();
  const { log, logged } = recordedLog();
  const never = new AbortController();
  return { clock, logged, never, set: () => setOver(PICTURE, { layer: LAYER }, { setter, clock, log }, never.signal) };
}

describe("words set over a picture", () => {
  it("stand where they were asked for, and the rest of its pixels is as it was", async () => {
    const setter = createSetter();
    const { set, clock } = setting(setter);
    const lettered = await set();
    await setter.close();
    clock.stop();
    expect(wordsIn(lettered?.set)).toBe("Rent strike");
    expect(lettered?.set.place).toBe("bottom");
    expect((await difference(PICTURE, lettered?.png, [lettered?.set])).outside).toBe(0);
  });

  it("are given up when they take too long, and nobody waits any more", async () => {
    const { clock, logged, set } = setting(hanging);
    clock.freeze();
    const setAt = set();
    await new Promise(setImmediate);
    clock.advanceMs(10_001);
    expect(await setAt).toBeUndefined();
    clock.stop();
    expect(logged.join()).toContain("lettering.failed");
  });

  it("end with the job that is taken back", async () => {
    const { clock, never, set, logged } = setting(hanging);
    const setAt = set().catch((error: unknown) => error);
    never.abort(new Error("taken back"));
    expect(await setAt).toMatchObject({ message: "taken back" });
    clock.stop();
    expect(logged).toEqual([]);
  });
});

describe("what a model is told", () => {
  it("is the prompt without its quotes, the trigger word once, and nothing of the layer", async () => {
    const request = {
      ...someRequest,
      prompt: 'a fist "Rent strike"',
      promptLines: 'a fist\n"Rent strike"',
      lettering: LAYER,
    };
    const told = await toldWithRoom(request, someStyle, LAYER);
    expect(told).not.toHaveProperty("lettering");
    expect(told).not.toHaveProperty("promptLines");
    expect(told.prompt).toMatch(/^a fist, plain empty area at the bottom$/u);
    expect(told.finalPrompt).toBe(someStyle.trigger === "" ? told.prompt : `${someStyle.trigger}, ${told.prompt}`);
  });
});

describe("what a picture starts from", () => {
  const imageId = `${"a".repeat(16)}.0`;
  const files = { original: async () => PICTURE, plain: async () => undefined, input: async () => undefined };

  it("is one of ours without its words, else as it is", async () => {
    const plain = tinyPng(16, 16, "plain");
    expect(await startingPicture(imageId, { ...files, plain: async () => plain })).toBe(plain);
    expect(await startingPicture(imageId, files)).toBe(PICTURE);
    expect(await startingPicture("input/x", { ...files, input: async () => plain })).toBe(plain);
  });
});
