import type { BackendFacts } from "./backend.ts";

/** What a chat allows about where its pictures are made. Plain data: it travels with the job. */
export interface RoutePolicy {
  /** Only these, in this order; absent: every one, in the installation's order. */
  readonly backends?: readonly string[];
  /** false: prompts stay on the group's own machines. */
  readonly remote: boolean;
}

export const OPEN_POLICY: RoutePolicy = { remote: true };

/** Why a chat's policy rules a backend out, for people; `undefined` when it does not. */
export function againstPolicy(backend: Pick<BackendFacts, "name" | "where">, policy: RoutePolicy): string | undefined {
  if (policy.backends && !policy.backends.includes(backend.name)) return "is not among the backends of this chat";
  if (!policy.remote && backend.where === "remote") return "is outside, and prompts stay in the house in this chat";
  return undefined;
}

/** In the order of the chat where it has one, else as they are. */
export function byPolicy<B extends Pick<BackendFacts, "name">>(
  backends: readonly B[],
  policy: RoutePolicy,
): readonly B[] {
  const order = policy.backends;
  if (!order) return backends;
  const rank = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
  return backends.toSorted((a, b) => rank(a.name) - rank(b.name));
}
