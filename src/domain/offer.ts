import type { Order } from "./recipe.ts";

/** At most so many for one order, the free one first. */
export const OFFERS_MAX = 4;

/**
 * What a member whose allowance does not cover an order can have instead. `order` is what is then made; `gpuMs` what it costs
 * them. Nothing is offered that would be refused as things stand.
 */
export type Offer = { readonly order: Order; readonly gpuMs: number } & (
  | { readonly kind: "sketch" }
  /** Made larger without a model. */
  | { readonly kind: "resample" }
  /** The same at once, paid by what members gave to be spent here. */
  | { readonly kind: "pot"; readonly leftGpuMs: number }
  | { readonly kind: "steps"; readonly insteadOf: number }
  | { readonly kind: "size"; readonly insteadOf: { readonly widthPx: number; readonly heightPx: number } }
  | { readonly kind: "count"; readonly insteadOf: number }
  /** The same, by itself, as soon as there is enough. */
  | { readonly kind: "later"; readonly atMs: number }
);

export const OFFER_KINDS = [
  "sketch",
  "resample",
  "pot",
  "steps",
  "size",
  "count",
  "later",
] as const satisfies readonly Offer["kind"][];
export type OfferKind = (typeof OFFER_KINDS)[number];
