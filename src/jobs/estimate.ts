import { megapixelsOf, type Order } from "../domain/recipe.ts";
import type { Style } from "../domain/style.ts";
import type { Backend, BackendFacts } from "../ports/backend.ts";
import type { Speed } from "../ports/store.ts";

/** Work of an order: megapixels × steps × pictures; true CFG above 1 is a second pass. */
export function megapixelStepsOf(order: Order): number {
  // Of what is made larger: its megapixels, each once.
  if (order.enlarge) return megapixelsOf(order.enlarge.to);
  const passes = order.request.trueCfg > 1 ? 2 : 1;
  return megapixelsOf(order.request) * order.request.steps * passes * order.count;
}

/** By which what was measured is kept: to make a picture larger says nothing about how quickly one is drawn. */
export const speedNameOf = ({ enlarge }: Order, { name }: Pick<BackendFacts, "name">): string =>
  enlarge ? `${name} enlarging` : name;

/** Before a model has made anything larger there: a megapixel of the larger picture on a 12 GB card, and loading it. */
const ENLARGE_GUESS = { perMegapixelStepMs: 800, overheadMs: 2000 };

/**
 * What an order will take on a backend: from its measured runs once there are any, from the backend's own guess before.
 * `gpuMs` is what is held from the allowance, 0 where it is free; `ms` the time people wait, at least 1. Integers.
 *
 * @param loadMs until its model is in memory: people wait for it, and nobody is charged for it beforehand
 */
export function estimate(
  order: Order,
  backend: BackendFacts,
  speed: Speed | undefined,
  loadMs = 0,
): { readonly ms: number; readonly gpuMs: number } {
  const work = megapixelStepsOf(order);
  const guess = order.enlarge && backend.features.enlarges ? ENLARGE_GUESS : backend.firstGuess;
  const ms = speed ? work * speed.perMegapixelStepMs : work * guess.perMegapixelStepMs + order.count * guess.overheadMs;
  return { ms: Math.max(1, Math.ceil(ms + loadMs)), gpuMs: chargeOf(ms, backend) };
}

/** How long the model that draws an order will be read; 0 where it is in memory, or nothing is known. */
export const loadMsOf = (
  backend: Pick<Backend, "firstGuess" | "readiness">,
  { request }: Pick<Order, "request">,
  style: Style,
): number => (backend.readiness?.(request, style)?.isLoaded === false ? (backend.firstGuess.loadMs ?? 0) : 0);

/** What measured time costs on a backend, in GPU ms: at least 1, and 0 where it is free. */
export const chargeOf = (usedMs: number, backend: Pick<BackendFacts, "costWeight">): number =>
  backend.costWeight === 0 ? 0 : Math.max(1, Math.ceil(usedMs * backend.costWeight));
