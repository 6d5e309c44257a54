import type { Offer } from "../domain/offer.ts";
import { clock, lines, type Text, text, verbatim } from "../domain/text.ts";
import { amount } from "../domain/time-words.ts";
import type { AllowanceRefusal } from "../ports/payment.ts";
import type { OfferRow, View } from "../ports/view.ts";
import type { SignButton } from "./buttons.ts";
import { needsText } from "./quota.ts";

/** What stands there instead of a wall. */
export const offersView = (short: AllowanceRefusal, rows: readonly OfferRow[]): View => ({
  text: lines(text("offers.title"), needsText(short)),
  tone: "bad",
  offers: rows,
});

/**
 * Each row is pressed once; the button's file makes or defers what it says.
 *
 * @param offered `id`: under which the offers are kept
 */
export const offerRows = (
  offers: readonly Offer[],
  offered: { readonly id: string; readonly token: SignButton; readonly nowMs: number },
): readonly OfferRow[] =>
  offers.map((offer) => ({
    kind: offer.kind,
    ...wordsOf(offer, offered.nowMs),
    price: offer.gpuMs === 0 ? text("offers.free") : amount(offer.gpuMs),
    token: offered.token("offer", "chat", { o: offered.id, k: offer.kind }),
  }));

function wordsOf(offer: Offer, nowMs: number): Pick<OfferRow, "title" | "about"> {
  const { request, count } = offer.order;
  switch (offer.kind) {
    case "sketch":
      return { title: text("button.offer-sketch"), about: text("offers.sketch.about") };
    case "resample":
      return { title: text("button.offer-resample"), about: text("offers.resample.about") };
    case "pot":
      return { title: text("button.offer-pot"), about: text("offers.pot.about", { left: amount(offer.leftGpuMs) }) };
    case "steps":
      return {
        title: text("button.offer-steps"),
        about: text("offers.steps.about", { steps: request.steps, before: offer.insteadOf }),
      };
    case "size":
      return {
        title: text("button.offer-size"),
        about: text("offers.instead", { now: sizeText(request), before: sizeText(offer.insteadOf) }),
      };
    case "count":
      return {
        title: text("button.offer-count"),
        about: text("offers.instead", { now: count, before: offer.insteadOf }),
      };
    case "later":
      return {
        title: text("button.offer-later"),
        about: text("offers.later.about", { time: clock(offer.atMs, nowMs) }),
      };
  }
}

const sizeText = ({ widthPx, heightPx }: { readonly widthPx: number; readonly heightPx: number }): Text =>
  verbatim(`${widthPx}×${heightPx}`);
