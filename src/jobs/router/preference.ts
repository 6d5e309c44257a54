import type { Backend } from "../../ports/backend.ts";

const RANK: Readonly<Record<Backend["where"], number>> = { local: 0, remote: 1, here: 2 };

type Ranked = Pick<Backend, "where" | "paid" | "lastResort">;

/** Without an order of the operator's the lowest is tried first; of the same rank any. */
export const rankOf = ({ where, paid, lastResort }: Ranked): number =>
  RANK[where] + (paid === true ? 0.25 : 0) + (lastResort === true ? 0.5 : 0);

/**
 * By the setting BACKENDS; without it local ones first, then free ones outside, then those that cost money, the last
 * resorts, and what is always here at the end. @throws Error for a name that is not on
 */
export function byPreference<B extends Pick<Backend, "name"> & Ranked>(
  backends: readonly B[],
  wanted: readonly string[],
): readonly B[] {
  if (wanted.length === 0) return backends.toSorted((a, b) => rankOf(a) - rankOf(b));
  return wanted.map((name) => {
    const found = backends.find((backend) => backend.name === name);
    if (!found)
      throw new Error(
        `BACKENDS names "${name}", which is not on. On are: ${backends.map((backend) => backend.name).join(", ")}.`,
      );
    return found;
  });
}
