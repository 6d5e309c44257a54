import { module } from "../../src/backends/sketch.ts";
import type { ImageRequest } from "../../src/domain/recipe.ts";
import { styleSchema } from "../../src/domain/style.ts";
import type { Backend, BackendEvent } from "../../src/ports/backend.ts";
import { moduleServices } from "../fakes/module-services.ts";

/** The sketch as the program loads it. The caller closes it. */
export async function openSketch(): Promise<Backend> {
  const opened = await module.create({}, moduleServices());
  if (!opened) throw new Error("the sketch is always on");
  return opened;
}

export const style = styleSchema.parse({ id: "rca", title: "Art" });
export const requestOf = (change: Partial<ImageRequest> = {}): ImageRequest => ({
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

/** Asks `sketch` for pictures. */
export function picturesOf(sketch: Backend) {
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
  return { eventsOf, pictureOf };
}
