/** How a picture came about, in the words of IPTC's list. Source: cv.iptc.org/newscodes/digitalsourcetype. */
export const SOURCE_TYPES = [
  "trainedAlgorithmicMedia",
  "compositeWithTrainedAlgorithmicMedia",
  "algorithmicMedia",
] as const;
export type SourceType = (typeof SOURCE_TYPES)[number];

/** Of several pictures on one sheet. */
export function sourceTypeOfSeveral(made: readonly (SourceType | undefined)[]): SourceType | undefined {
  const types = new Set(made);
  const [first] = types;
  if (types.size <= 1) return first;
  return made.some(isAi) ? "compositeWithTrainedAlgorithmicMedia" : undefined;
}

/** A model had a part in it. */
export const isAi = (type: SourceType | undefined): boolean => type !== undefined && type !== "algorithmicMedia";
