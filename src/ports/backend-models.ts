import type { Style } from "../domain/style.ts";

/** A model that a member can ask for. */
export interface ModelOffer {
  /** A product's or a file's name, the same in every language and on every backend: an order names it by this. */
  readonly title: string;
  /** As a style names it; absent: not known. */
  readonly family?: string;
}

/** How well a backend is prepared for one picture. */
export interface Readiness {
  /** It has a model of the style's family, or the one that was asked for. */
  readonly fits: boolean;
  /** The model that would draw is in memory, as far as is known. */
  readonly isLoaded: boolean;
}

/** A model that was recognised on a backend. */
export interface FamilyFound {
  /** As a style names it. */
  readonly family: string;
  /** Which, and by what it was known: "FLUX.1 dev by its name". */
  readonly what: string;
  /** Names of all files that were chosen. */
  readonly files: readonly string[];
  /** Its name and where it stands. */
  readonly licence: string;
  /** Ids of the styles that it draws. */
  readonly styles: readonly string[];
}

/** Where pictures are made; no `models`: it has one. */
interface Offering {
  models?(style: Style): readonly ModelOffer[] | undefined;
}

/** What can be asked for in these styles, each title once, in the order of preference. */
export function modelsOn(backends: readonly Offering[], styles: readonly Style[]): readonly ModelOffer[] {
  const offers = backends.flatMap((backend) => styles.flatMap((style) => backend.models?.(style) ?? []));
  const byTitle = new Map<string, ModelOffer>();
  for (const offer of offers) if (!byTitle.has(offer.title)) byTitle.set(offer.title, offer);
  return [...byTitle.values()];
}

/** @returns isWhole false: one of them does not know yet what it has, so there may be more */
export const modelsThere = (backends: readonly Offering[], styles: readonly Style[]) => ({
  offers: modelsOn(backends, styles),
  isWhole: backends.every((backend) => !backend.models || styles.every((style) => backend.models?.(style))),
});
