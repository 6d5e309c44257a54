import { z } from "zod";
import { OFFER_KINDS, type Offer } from "../../src/domain/offer.ts";
import { generateProblem } from "../../src/domain/permissions.ts";
import { text } from "../../src/domain/text.ts";
import { defineButton } from "../../src/ports/command.ts";
import type { Outcome } from "../../src/ports/outcome.ts";

/** What a member chose instead of an order that their allowance did not cover. */
export const button = defineButton({
  about: "chat",
  verb: "offer",
  arg: z.strictObject({ o: z.string(), k: z.enum(OFFER_KINDS) }),
  async run(context, { arg }): Promise<Outcome> {
    const forbidden = generateProblem(context);
    if (forbidden) return { do: "refuse", problem: forbidden };
    const offer = await context.reads.keptOffer(arg.o, arg.k);
    return offer
      ? taken(offer, `offer ${arg.o} ${arg.k}`)
      : { do: "refuse", problem: { code: "expired", text: text("problem.offer-gone") } };
  },
});

/** @param once two presses of one row are one order */
function taken({ kind, order }: Offer, once: string): Outcome {
  switch (kind) {
    case "sketch":
      return { do: "draw", order, once, free: true };
    case "pot":
      return { do: "draw", order, once, from: "pot" };
    case "resample":
    case "steps":
    case "size":
    case "count":
      return { do: "draw", order, once };
    case "later":
      return { do: "defer", order, once };
  }
}
