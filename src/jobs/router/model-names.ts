import type { Order } from "../../domain/recipe.ts";
import type { Style } from "../../domain/style.ts";
import { modelMeant } from "../../families/shared/model-names.ts";
import type { Backend } from "../../ports/backend.ts";
import { modelsThere } from "../../ports/backend-models.ts";

/**
 * An order that names a model as people write it, "z image", "qwen", with that model's own title. One that nothing is meant
 * by keeps it: whoever is asked to draw it says what there is.
 */
export function withModelTitle(order: Order, style: Style, backends: readonly Pick<Backend, "models">[]): Order {
  const { model: asked } = order.request;
  if (asked === undefined) return order;
  const model = modelMeant(asked, modelsThere(backends, [style]))?.title;
  return model === undefined || model === asked ? order : { ...order, request: { ...order.request, model } };
}

/** The same, whatever draws it. */
export function withoutModel({ modelFrom: _from, ...order }: Order): Order {
  const { model: _model, ...request } = order.request;
  return { ...order, request };
}
