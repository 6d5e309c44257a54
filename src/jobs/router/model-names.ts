import type { Order } from "../../domain/recipe.ts";
import type { Style } from "../../domain/style.ts";
import { FAMILIES } from "../../families/shared/known.ts";
import { editDistance } from "../../lib/edit-distance.ts";
import type { Backend } from "../../ports/backend.ts";
import type { ModelOffer } from "../../ports/backend-models.ts";

type Offering = Pick<Backend, "models">;

/** What can be asked for in these styles, each title once, in the order of preference. */
export function modelsOn(backends: readonly Offering[], styles: readonly Style[]): readonly ModelOffer[] {
  const offers = backends.flatMap((backend) => styles.flatMap((style) => backend.models?.(style) ?? []));
  const byTitle = new Map<string, ModelOffer>();
  for (const offer of offers) if (!byTitle.has(offer.title)) byTitle.set(offer.title, offer);
  return [...byTitle.values()];
}

/** Where pictures are made elsewhere nobody here has asked what there is: then by what there could be. */
const KNOWN: readonly ModelOffer[] = FAMILIES.flatMap(({ id, kinds }) =>
  kinds.flatMap(({ title, draws }) => (draws ? [{ title, family: id }] : [])),
);

/**
 * An order that names a model as people write it, "z image", "qwen", with that model's own title. One that nothing is meant
 * by keeps it: whoever is asked to draw it says what there is.
 */
export function withModelTitle(order: Order, style: Style, backends: readonly Offering[]): Order {
  const { model: asked } = order.request;
  if (asked === undefined) return order;
  const there = modelsOn(backends, [style]);
  const isKnown = backends.every((backend) => !backend.models || backend.models(style) !== undefined);
  const model = modelCalled(asked, isKnown ? there : [...there, ...KNOWN])?.title;
  return model === undefined || model === asked ? order : { ...order, request: { ...order.request, model } };
}

const keyOf = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");
/** Two letters off in a short name is another name. */
const TYPO_FROM_CHARS = 5;
const TYPO_MAX = 2;

/** By its title, then its family's id, then what begins so, holds it, has all its words, is a typo of it: the first of each. */
export function modelCalled(written: string, offers: readonly ModelOffer[]): ModelOffer | undefined {
  const key = keyOf(written);
  if (key === "") return undefined;
  const words = written
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
  const tests: readonly ((offer: ModelOffer) => boolean)[] = [
    ({ title }) => keyOf(title) === key,
    ({ family }) => keyOf(family ?? "") === key,
    ({ title }) => keyOf(title).startsWith(key),
    ({ title }) => keyOf(title).includes(key),
    ({ title }) => words.every((word) => keyOf(title).includes(word)),
    ({ title }) => key.length >= TYPO_FROM_CHARS && editDistance(key, keyOf(title).slice(0, key.length)) <= TYPO_MAX,
  ];
  return tests.map((test) => offers.find(test)).find((found) => found !== undefined);
}
