import { BoundedMap } from "../../lib/bounded-map.ts";
import type { StoreGauges } from "../../ports/gauges.ts";

/** As many are followed one by one. */
export const OWED_FOLLOWED = 1000;

/** How long messages have been owed: no row says since when, so it counts from when this process saw them first. */
export function createOwedAges() {
  const sinceMs = new BoundedMap<number>(2 * OWED_FOLLOWED);
  return {
    /** @returns the longest, by platform, in ms */
    seen({ oldest }: Pick<StoreGauges, "oldest">, steadyMs: number): ReadonlyMap<string, number> {
      const ages = new Map<string, number>();
      for (const { platform, sending } of oldest) {
        const firstMs = sinceMs.get(sending) ?? steadyMs;
        sinceMs.set(sending, firstMs);
        ages.set(platform, Math.max(ages.get(platform) ?? 0, steadyMs - firstMs));
      }
      return ages;
    },
  };
}
