import type { ImageRequest, Order } from "../../domain/recipe.ts";
import type { Style } from "../../domain/style.ts";
import { examplesOf, promptOfTemplate, type Template } from "../../domain/template.ts";
import { withTrigger } from "../../domain/trigger.ts";
import { askedOf, finalPromptOf } from "./order.ts";

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

/** A template with its own examples, small: its gallery picture. */
export function templateRequest(template: Template, style: Style): ImageRequest {
  const prompt = promptOfTemplate(template, examplesOf(template));
  return {
    ...styleRequest(style),
    prompt,
    promptLines: prompt,
    finalPrompt: finalPromptOf(prompt, style, style.defaults.scale),
    ...PREVIEW_SIZES[template.shape],
  };
}

/** Half of what the shape is drawn in. */
const PREVIEW_SIZES = {
  poster: { widthPx: 448, heightPx: 640 },
  slide: { widthPx: 704, heightPx: 384 },
  square: { widthPx: 512, heightPx: 512 },
} as const satisfies Readonly<Record<Template["shape"], unknown>>;

export const previewSizeOf = ({ shape }: Pick<Template, "shape">) => PREVIEW_SIZES[shape];

export function styleOrder(style: Style): Order {
  const request = styleRequest(style);
  return { request, count: 1, asked: askedOf(request, style), advice: [], seedFrom: "drawn" };
}
