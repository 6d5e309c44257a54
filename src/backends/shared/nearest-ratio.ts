/** Of a far end's own sizes or ratios the one whose shape is nearest: as far from twice as wide as from twice as high. */
export function nearestRatio<T>(
  asked: { readonly widthPx: number; readonly heightPx: number },
  offered: readonly T[],
  ratioOf: (offer: T) => number,
): T | undefined {
  const distance = (offer: T) => Math.abs(Math.log(ratioOf(offer) / (asked.widthPx / asked.heightPx)));
  return offered.toSorted((a, b) => distance(a) - distance(b))[0];
}
