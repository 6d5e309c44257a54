import { offersIdOf } from "../domain/ids.ts";
import type { Order } from "../domain/recipe.ts";
import type { Terms } from "../domain/terms.ts";
import type { AllowanceRefusal } from "../ports/payment.ts";
import type { OfferRow } from "../ports/view.ts";
import { offerRows } from "../views/offers.ts";
import { offersFor } from "./offers.ts";
import type { Services } from "./services.ts";

/**
 * What a member can have instead of an order, as rows whose buttons find it again: wherever it is shown, a press does the same.
 *
 * @param kept `inputId`: where it is kept; `of`: what it is an answer to, once
 */
export async function keptOffers(
  services: Services,
  order: Order,
  {
    terms,
    short,
    ...kept
  }: {
    readonly terms: Terms;
    readonly short: AllowanceRefusal;
    readonly inputId: string;
    readonly of: string;
  },
): Promise<readonly OfferRow[]> {
  const offers = await offersFor(services, order, { terms, short });
  if (offers.length === 0) return [];
  const id = offersIdOf(kept.of);
  // Before they are shown: one may be taken at once.
  await services.pendingOffers.add(kept.inputId, { id, offers });
  return offerRows(offers, { id, token: services.token, nowMs: services.nowMs() });
}
