import type { ImageRequest, Order } from "../../domain/recipe.ts";
import type { Style } from "../../domain/style.ts";
import { withTrigger } from "../../domain/trigger.ts";
import { askedOf } from "./order.ts";

/** A style's first example with the style's own settings: its gallery picture, and what the doctor asks backends about. */
export function styleRequest(style: Style): ImageRequest {
  const prompt = style.examples[0] ?? style.title;
  const { defaults } = style;
  return {
    prompt,
    finalPrompt: withTrigger(prompt, {
      trigger: style.trigger,
      position: style.triggerPosition,
      scale: defaults.scale,
    }),
    styleId: style.id,
    loraScale: defaults.scale,
    guidance: defaults.cfg,
    trueCfg: 1,
    steps: defaults.steps,
    seed: 1,
    widthPx: defaults.width,
    heightPx: defaults.height,
  };
}

export function styleOrder(style: Style): Order {
  const request = styleRequest(style);
  return { request, count: 1, asked: askedOf(request, style), advice: [], seedFrom: "drawn" };
}
