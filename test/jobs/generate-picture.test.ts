import { setTimeout as pauseMs } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { fakeBackend } from "../../src/backends/fake.ts";
import { recipeSchema } from "../../src/domain/recipe.ts";
import { verbatim } from "../../src/domain/text.ts";
import { generatePicture } from "../../src/jobs/generate-picture.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { createYieldQueue } from "../../src/lib/yield-queue.ts";
import type { Backend, BackendEvent, GenerateInput } from "../../src/ports/backend.ts";
import { someRequest, someStyle } from "../contracts/backend.ts";
import { pixels } from "../fakes/pixels.ts";
import { atThisPaceMs } from "../pace.ts";

const backendWith = (generate: (input: GenerateInput) => AsyncGenerator<BackendEvent>): Backend => ({
  ...fakeBackend(),
  cancelWithinMs: 300,
  generate,
});
const watching = { attached: async () => {}, happened: () => {} };

/** Starts one, takes it back at once. */
async function takenBack(backend: Backend): Promise<{ readonly error: unknown; readonly afterMs: number }> {
  const cancel = new AbortController();
  const input = { request: someRequest, style: someStyle, signal: cancel.signal };
  const work = generatePicture(backend, input, watching, {
    clock: systemClock,
    yields: createYieldQueue(),
    pixels,
  }).catch((thrown: unknown) => thrown);
  await pauseMs(20);
  const startedAtMs = performance.now();
  cancel.abort(new Error("taken back"));
  return { error: await work, afterMs: performance.now() - startedAtMs };
}

describe("a picture that is taken back", () => {
  it("is over when its backend has let go of it: the next one would meet it there", async () => {
    let gone = false;
    const { error } = await takenBack(
      backendWith(async function* ({ signal }) {
        try {
          yield { type: "progress", fraction: 0 };
          await pauseMs(10_000, undefined, { signal });
        } finally {
          await pauseMs(80);
          gone = true;
        }
      }),
    );
    expect(error).toMatchObject({ message: "taken back" });
    expect(gone).toBe(true);
  });

  it("is over within the declared time where its backend hangs", async () => {
    const { error, afterMs } = await takenBack(
      backendWith(async function* () {
        yield { type: "progress", fraction: 0 };
        await new Promise(() => {});
      }),
    );
    expect(error).toMatchObject({ message: "taken back" });
    expect(afterMs).toBeGreaterThan(250);
    expect(afterMs).toBeLessThan(atThisPaceMs(3000));
  });
});

const SET_AHEAD_MS = 48 * 3_600_000;
/** The clock is set to another day while its picture is being made. */
async function madeWhileSet(says?: number): Promise<number> {
  let setMs = 0;
  const clock = { ...systemClock, nowMs: () => systemClock.nowMs() + setMs };
  const honest = fakeBackend(says === undefined ? {} : { usedMs: says });
  const backend = backendWith(async function* (input) {
    setMs = SET_AHEAD_MS;
    yield* honest.generate(input);
  });
  const input = { request: someRequest, style: someStyle, signal: new AbortController().signal };
  return (await generatePicture(backend, input, watching, { clock, yields: createYieldQueue(), pixels })).usedMs;
}

describe("what a picture is charged", () => {
  it("is the time that passed, and not what the clock was set by", async () => {
    // The machine may be busy; the clock was set by more than the longest picture may take.
    expect(await madeWhileSet()).toBeLessThan(fakeBackend().timeoutMs);
  });

  it("is what the engine says, and no more than a picture may take", async () => {
    expect(await madeWhileSet(2000)).toBe(2000);
    expect(await madeWhileSet(SET_AHEAD_MS)).toBe(fakeBackend().timeoutMs);
  });
});

describe("what a card says of a picture", () => {
  const recipeOf = async (backend: Backend) => {
    const input = { request: someRequest, style: someStyle, signal: new AbortController().signal };
    const deps = { clock: systemClock, yields: createYieldQueue(), pixels };
    return recipeSchema.parse((await generatePicture(backend, input, watching, deps)).recipe);
  };

  it("is kept with its recipe: what is missing, and that no model's numbers count", async () => {
    const missed = Array.from({ length: 9 }, (_, index) => verbatim(`missing ${index}`));
    const backend = backendWith(async function* (input) {
      for await (const event of fakeBackend().generate(input))
        yield event.type === "image" ? { ...event, missed } : event;
    });
    const { missed: kept, typeset } = await recipeOf({ ...backend, typeset: true });
    expect([kept, typeset]).toEqual([missed.slice(0, 6), true]);
  });

  it("is nothing where nothing is missing", async () => {
    const recipe = await recipeOf(fakeBackend());
    expect([recipe.missed, recipe.typeset]).toEqual([undefined, undefined]);
  });
});
