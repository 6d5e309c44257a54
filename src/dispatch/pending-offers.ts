import { z } from "zod";
import type { Offer, OfferKind } from "../domain/offer.ts";
import { orderSchema } from "../domain/recipe.ts";
import type { PictureFiles } from "../ports/picture-files.ts";
import { createPendingRecipes } from "./pending-recipes.ts";

/** What members were offered, between the answer and its buttons. */
export interface PendingOffers {
  /** Newest first; the oldest beyond five is let go. */
  add(inputId: string, offered: { readonly id: string; readonly offers: readonly Offer[] }): Promise<void>;
  get(inputId: string, id: string, kind: OfferKind): Promise<Offer | undefined>;
}

const priced = { order: orderSchema, gpuMs: z.int() };
const offersSchema = z.array(
  z.discriminatedUnion("kind", [
    z.object({ kind: z.enum(["sketch", "resample"]), ...priced }),
    z.object({ kind: z.literal("pot"), leftGpuMs: z.int(), ...priced }),
    z.object({ kind: z.enum(["steps", "count"]), insteadOf: z.int(), ...priced }),
    z.object({
      kind: z.literal("size"),
      insteadOf: z.object({ widthPx: z.int(), heightPx: z.int() }),
      ...priced,
    }),
    z.object({ kind: z.literal("later"), atMs: z.number(), ...priced }),
  ]),
) satisfies z.ZodType<Offer[]>;

export function createPendingOffers(files: Pick<PictureFiles, "saveInput" | "input">): PendingOffers {
  const texts = createPendingRecipes(files);
  return {
    add: (inputId, { id, offers }) => texts.add(inputId, { id, json: JSON.stringify(offers) }),
    async get(inputId, id, kind) {
      const json = await texts.get(inputId, id);
      // Written by another version: as if it had been let go.
      const offers = json === undefined ? undefined : offersSchema.safeParse(JSON.parse(json));
      return offers?.data?.find((offer) => offer.kind === kind);
    },
  };
}
