import { EDIT_PICTURES_MAX } from "../../domain/recipe.ts";
import type { RouteRules } from "../../domain/route-rules.ts";
import type { BackendFacts } from "../../ports/backend.ts";
import { type BackendSentence, sentence } from "../../ports/backend-sentence.ts";

/** Why the rules of a chat keep a backend out, for people; `undefined` when it does not. */
export function againstRules(backend: Pick<BackendFacts, "where">, rules: RouteRules): BackendSentence | undefined {
  return !rules.remote && backend.where === "remote" ? sentence("backend.lacks.outside") : undefined;
}

/** Those the chat names, in its order; without a choice of the chat's all, as they are. */
export function byRules<B extends Pick<BackendFacts, "name">>(backends: readonly B[], rules: RouteRules): readonly B[] {
  const { backends: order } = rules;
  if (!order) return backends;
  return backends
    .filter(({ name }) => order.includes(name))
    .toSorted((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
}

/** So many pictures can be given to the one of those allowed that takes the most to change one by words; 0: none changes any. */
export const picturesForWords = (
  backends: readonly Pick<BackendFacts, "name" | "where" | "features">[],
  rules: RouteRules,
): number =>
  byRules(backends, rules)
    .filter((backend) => againstRules(backend, rules) === undefined)
    .reduce((most, { features }) => Math.max(most, Math.min(features.edit ?? 0, EDIT_PICTURES_MAX)), 0);
