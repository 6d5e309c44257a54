import type { SpendKind } from "../domain/chat-settings.ts";
import type { Order } from "../domain/recipe.ts";
import type { Terms } from "../domain/terms.ts";
import type { Price } from "./price.ts";
import type { Services } from "./services.ts";

/**
 * Whether this member's orders may have to be put to the vote here before they cost anything. Who runs the chat passes them alone:
 * read while it is decided, since a platform may have to be asked for it.
 */
export const asksFirst = (terms: Pick<Terms, "place" | "rules" | "isAdmin">): boolean =>
  terms.place.group && terms.rules.spend !== "direct" && terms.rules.voteOn.length > 0 && !terms.isAdmin;

/** Whether it is one of those that the chat wants to vote on. What is free is nobody's to vote on. */
export function isPutToVote(
  { router }: Pick<Services, "router">,
  { order, lane, estimateGpuMs }: Pick<Price, "order" | "lane" | "estimateGpuMs">,
  { rules }: Pick<Terms, "rules">,
): boolean {
  if (estimateGpuMs === 0) return false;
  const isPaid = router.backends.some(({ name, paid }) => name === lane && paid === true);
  const kinds = kindsOf(order, isPaid);
  return rules.voteOn.some((kind) => kinds.includes(kind));
}

const kindsOf = ({ lineage, count }: Order, isPaid: boolean): readonly SpendKind[] => [
  ...(lineage?.kind === "vary" || lineage?.kind === "edit" || lineage?.kind === "upscale" ? [lineage.kind] : []),
  ...(count > 1 ? (["batch"] as const) : []),
  ...(isPaid ? (["paid"] as const) : []),
];
