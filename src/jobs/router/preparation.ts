import type { ImageRequest } from "../../domain/recipe.ts";
import type { RouteRules } from "../../domain/route-rules.ts";
import type { Style } from "../../domain/style.ts";
import type { Backend } from "../../ports/backend.ts";
import type { Readiness } from "../../ports/backend-models.ts";
import { rankOf } from "./preference.ts";

/** What is not known is no better than a model that has to be read. */
const worthOf = (ready: Readiness | undefined): number => (ready ? 2 * Number(ready.fits) + Number(ready.isLoaded) : 0);

/**
 * Of those that nobody prefers to each other the best prepared goes first: it has the style's family, and the model in
 * memory. An order of the operator's or of the chat's stays as it is.
 */
export function bestPrepared(
  candidates: readonly Backend[],
  request: ImageRequest,
  style: Style,
  { isOperators = true, rules }: { readonly isOperators?: boolean; readonly rules: Pick<RouteRules, "backends"> },
): readonly Backend[] {
  if (isOperators || rules.backends) return candidates;
  return candidates.toSorted(
    (a, b) => rankOf(a) - rankOf(b) || worthOf(b.readiness?.(request, style)) - worthOf(a.readiness?.(request, style)),
  );
}
