import { lorasOf, type Style, styleSchema } from "../../domain/style.ts";
import type { Backend } from "../../ports/backend.ts";
import type { ModelOffer } from "../../ports/backend-models.ts";
import type { FleetNow, LaneAbility } from "../../ports/fleet.ts";

const BARE = styleSchema.parse({ id: "none", title: "-" });

/** What this process knows of a backend's models, for those that speak with it through us. `undefined`: nothing. */
export function abilityOf({ features, models }: Pick<Backend, "features" | "models">): LaneAbility | undefined {
  const { edit, enlarges } = features;
  const offers = models?.(BARE);
  const able: LaneAbility = {
    ...(edit === undefined ? {} : { edit }),
    ...(enlarges ? { enlarges } : {}),
    ...(offers && offers.length > 0 ? { models: offers } : {}),
  };
  return Object.keys(able).length === 0 ? undefined : able;
}

/** All that somebody who is there can do in a lane: a job goes to whoever can. */
export function ableIn(now: FleetNow | undefined, lane: string): LaneAbility {
  const all = (now?.workers ?? []).flatMap(({ lanes }) =>
    lanes.flatMap((one) => (one.lane === lane ? (one.able ?? []) : [])),
  );
  const edits = all.flatMap(({ edit }) => edit ?? []);
  const enlarges = all.find((able) => able.enlarges)?.enlarges;
  const models = new Map(all.flatMap((able) => able.models ?? []).map((offer) => [offer.title, offer]));
  return {
    ...(edits.length === 0 ? {} : { edit: Math.max(...edits) }),
    ...(enlarges ? { enlarges } : {}),
    ...(models.size === 0 ? {} : { models: [...models.values()] }),
  };
}

/**
 * A backend as a process knows it that makes no pictures and so never asks the far end: what its models can do is what the workers
 * tell of it.
 */
export function asToldOf(backend: Backend, able: () => LaneAbility): Backend {
  const told = () => {
    const { models: _offers, ...features } = able();
    return features;
  };
  const { models, featuresFor } = backend;
  return {
    ...backend,
    get features() {
      return { ...backend.features, ...told() };
    },
    ...(featuresFor
      ? { featuresFor: (...picture: Parameters<typeof featuresFor>) => ({ ...featuresFor(...picture), ...told() }) }
      : {}),
    ...(models ? { models: (style: Style) => offersFor(able().models, style, backend) ?? models(style) } : {}),
  };
}

/** A style's LoRA is for the models of its family alone. */
const offersFor = (
  offers: readonly ModelOffer[] | undefined,
  style: Style,
  { name }: Pick<Backend, "name">,
): readonly ModelOffer[] | undefined =>
  lorasOf(style, name).length > 0
    ? offers?.filter(({ family }) => family === undefined || family === style.family)
    : offers;
