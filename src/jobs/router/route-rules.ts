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
