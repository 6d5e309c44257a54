import type { Order } from "../../domain/recipe.ts";
import type { RouteRules } from "../../domain/route-rules.ts";
import type { Text } from "../../domain/text.ts";
import type { Backend } from "../../ports/backend.ts";
import { named } from "../../ports/backend-sentence.ts";
import type { Circuits } from "../router/circuits.ts";
import type { Plan } from "../router/plan.ts";
import { againstRules, byRules } from "../router/route-rules.ts";

type Enlarge = NonNullable<Order["enlarge"]>;

/**
 * Who makes a picture larger, of those the chat allows: what drew it by rules, else whoever has a model for that. None is nothing to
 * complain about, and nothing is said of those that have no such model: the resampler is always there.
 */
export function planEnlarging(
  enlarge: Enlarge,
  among: { readonly backends: readonly Backend[]; readonly restOf: Circuits["restOf"]; readonly rules: RouteRules },
): Plan {
  if (enlarge.free) return { candidates: [], passedOver: [] };
  const allowed = byRules(among.backends, among.rules);
  const redraws = allowed.filter((backend) => canRedraw(backend, enlarge) && !among.restOf(backend));
  if (redraws.length > 0) return { candidates: redraws, passedOver: [] };
  const candidates: Backend[] = [];
  const passedOver: Text[] = [];
  for (const backend of allowed.filter(({ features }) => features.enlarges !== undefined)) {
    const lacks =
      againstRules(backend, among.rules) ??
      backend.cannotEnlarge?.(enlarge.from, enlarge.to) ??
      among.restOf(backend)?.reason;
    if (lacks === undefined) candidates.push(backend);
    else if (candidates.length === 0) passedOver.push(named(lacks, backend.title));
  }
  return { candidates, passedOver };
}

const canRedraw = (backend: Pick<Backend, "name" | "redraws">, { drawnBy }: Enlarge): boolean =>
  drawnBy !== undefined && backend.name === drawnBy.backend && backend.redraws?.(drawnBy.model) === true;
