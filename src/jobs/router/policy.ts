import type { RoutePolicy } from "../../domain/route-policy.ts";
import type { BackendFacts } from "../../ports/backend.ts";

/** Why a chat's policy rules a backend out, for people; `undefined` when it does not. */
export function againstPolicy(backend: Pick<BackendFacts, "where">, policy: RoutePolicy): string | undefined {
  if (!policy.remote && backend.where === "remote") return "is outside, and prompts stay in the house in this chat";
  return undefined;
}

/** Those the chat names, in its order; without a choice of the chat's all, as they are. */
export function byPolicy<B extends Pick<BackendFacts, "name">>(
  backends: readonly B[],
  policy: RoutePolicy,
): readonly B[] {
  const { backends: order } = policy;
  if (!order) return backends;
  return backends
    .filter(({ name }) => order.includes(name))
    .toSorted((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
}
