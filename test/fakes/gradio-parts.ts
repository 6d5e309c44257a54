import { tinyPng } from "../../src/backends/fake/png.ts";
import type { GradioFunction } from "./gradio-app.ts";

/** What a run is to draw, read from its inputs by their names. */
export function pictureOf(
  fn: GradioFunction,
  data: readonly unknown[],
  trigger: string,
  growPx: number,
  draw: typeof tinyPng = tinyPng,
) {
  const value = (name: string) => data[fn.inputs.findIndex((slot) => slot.name === name)];
  const [widthPx, heightPx] = [Number(value("width")), Number(value("height")) + growPx];
  // A random seed is another one each time.
  const seed = value("randomize_seed") === true ? Math.floor(Math.random() * 2 ** 32) : Number(value("seed"));
  return {
    steps: Math.ceil(Number(value("steps"))),
    seed,
    /** `at`: the step it is unfinished at. The same request gives the same bytes. */
    bytes: (at: number) => draw(widthPx, heightPx, `${trigger} ${JSON.stringify(data)} ${seed} ${at}`),
  };
}

/** As Gradio writes what changed since the frame before: per output a list of edits. */
export const differences = (before: readonly unknown[], after: readonly unknown[]): readonly unknown[] =>
  after.map((value, at) => edits(before[at], value));

function edits(before: unknown, after: unknown): readonly unknown[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (typeof before !== "object" || typeof after !== "object" || before === null || after === null)
    return [["replace", [], after]];
  return Object.entries(after)
    .filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(Reflect.get(before, key)))
    .map(([key, value]) => ["replace", [key], value]);
}

/** false: stopped before the time was over. */
export async function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  const stopped = untilStopped(signal).then(() => false);
  if (ms === 0) return Promise.race([stopped, new Promise<boolean>((resolve) => setImmediate(resolve, true))]);
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(resolve, ms, true);
  return Promise.race([stopped, promise]).finally(() => clearTimeout(timer));
}

export function untilStopped(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  const { promise, resolve } = Promise.withResolvers<void>();
  signal.addEventListener("abort", () => resolve(), { once: true });
  return promise;
}
