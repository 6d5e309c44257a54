import { describe, expect, it } from "vitest";
import { createEngine, type EngineEvent, type EngineSetup } from "../../../src/backends/onnx/engine/engine.ts";
import type { DrawOrder } from "../../../src/backends/onnx/engine/messages.ts";
import { systemClock } from "../../../src/lib/clock.ts";

const options = {
  folder: "good",
  provider: "cpu",
  threads: 1,
  spinning: false,
  mapped: true,
  loras: [],
} as const;
const orderOf = (prompt: string): DrawOrder => ({
  prompt,
  negativePrompt: "",
  guidance: 3,
  trueCfg: 1,
  steps: 2,
  seed: 1,
  noise: "f32",
  widthPx: 64,
  heightPx: 64,
  loras: [],
  out: "none",
});

function open(change: Partial<EngineSetup> = {}) {
  const script = new URL("./engine-that-misbehaves.ts", import.meta.url);
  const engine = createEngine({ options: () => options, clock: systemClock, idleMs: 0, script, ...change });
  const draw = (prompt: string, signal = new AbortController().signal, tell: (event: EngineEvent) => void = () => {}) =>
    engine.draw(orderOf(prompt), signal, tell);
  return { ...engine, engine, draw };
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe("an engine's process", () => {
  it("fails one picture by its own death, of any kind, and makes the next", async () => {
    const { engine, draw, close } = open();
    for (const [prompt, why] of [
      ["crashes", "died"],
      ["is killed", "killed_outside"],
    ] as const) {
      await expect(draw(prompt)).rejects.toMatchObject({ why });
      expect(await draw("draws")).toMatchObject({ widthPx: 64 });
    }
    const { pid = 0 } = engine;
    expect(isAlive(pid)).toBe(true);
    await close();
    expect(isAlive(pid)).toBe(false);
    await expect(draw("draws")).rejects.toMatchObject({ why: "stopped" });
  });

  it("says odd things: that picture fails, in words", async () => {
    const { draw, close } = open();
    await expect(draw("says odd things")).rejects.toMatchObject({ why: "broken" });
    expect(await draw("draws")).toMatchObject({ widthPx: 64 });
    await close();
  });

  it("is killed in the middle of a step that nothing interrupts, and the next waits until it is gone", async () => {
    const { engine, draw, close } = open();
    const control = new AbortController();
    const reason = new Error("a member cancelled");
    const cancelled = draw("works for long", control.signal, ({ type }) => {
      if (type === "step") setTimeout(() => control.abort(reason), 50);
    });
    await expect(cancelled).rejects.toBe(reason);
    const { pid = 0 } = engine;
    expect(await draw("draws")).toMatchObject({ widthPx: 64 });
    expect(engine.pid).not.toBe(pid);
    expect(isAlive(pid)).toBe(false);
    await close();
  });

  it("stays where it stops between steps", async () => {
    const { engine, draw, close } = open({ patienceMs: 20_000 });
    const control = new AbortController();
    const cancelled = draw("stops between steps", control.signal, ({ type }) => {
      if (type === "step") control.abort(new Error("enough"));
    });
    await expect(cancelled).rejects.toThrow("enough");
    const { pid } = engine;
    await draw("draws");
    expect(engine.pid).toBe(pid);
    await close();
  });

  it("ends when nobody asks for long, and starts again", async () => {
    let later = () => {};
    const after = (_ms: number, run: () => void) => {
      later = run;
      return () => {
        later = () => {};
      };
    };
    const { engine, draw, close } = open({ idleMs: 1000, clock: { after } });
    const events: string[] = [];
    await draw("draws", undefined, ({ type }) => void events.push(type));
    const { pid = 0 } = engine;
    later();
    await expect.poll(() => isAlive(pid)).toBe(false);
    await draw("draws", undefined, ({ type }) => void events.push(type));
    expect(events).toEqual(["loading", "step", "loading", "step"]);
    await close();
  });

  it("whose model cannot be loaded says why, and tries anew", async () => {
    let folder = "bad";
    const { draw, close } = open({ options: () => ({ ...options, folder }) });
    await expect(draw("draws")).rejects.toThrow("model_index.json is missing");
    folder = "good";
    expect(await draw("draws")).toMatchObject({ widthPx: 64 });
    await close();
  });
});
