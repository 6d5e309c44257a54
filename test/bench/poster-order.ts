import type { DrawOrder } from "../../src/typesetter/worker-messages.ts";

/** A poster as it is usually asked for, on a layout. */
export function posterOrder(layout: string, seed: number, widthPx: number, heightPx: number): DrawOrder {
  const prompt = 'a fox and a bridge, "Bread and roses", "Sunday at ten, Town Hall"';
  const request = {
    prompt,
    finalPrompt: prompt,
    styleId: "sketch",
    loraScale: 1,
    guidance: 3,
    trueCfg: 1,
    steps: 28,
    seed,
    widthPx,
    heightPx,
  };
  return { request, trigger: "", initBytes: undefined, layout };
}
