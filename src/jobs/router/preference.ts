import type { Backend } from "../../ports/backend.ts";

const RANK: Readonly<Record<Backend["where"], number>> = { local: 0, remote: 1, here: 2 };

/**
 * By the setting BACKENDS; without it local ones first, then free ones outside, then those that cost money, the last
 * resorts, and what is always here at the end. @throws Error for a name that is not on
 */
export function byPreference<B extends Pick<Backend, "name" | "where" | "paid" | "lastResort">>(
  backends: readonly B[],
  wanted: readonly string[],
): readonly B[] {
  if (wanted.length === 0) {
    const rankOf = ({ where, paid, lastResort }: B) =>
      RANK[where] + (paid === true ? 0.25 : 0) + (lastResort === true ? 0.5 : 0);
    return backends.toSorted((a, b) => rankOf(a) - rankOf(b));
  }
  return wanted.map((name) => {
    const found = backends.find((backend) => backend.name === name);
    if (!found)
      throw new Error(
        `BACKENDS names "${name}", which is not on. On are: ${backends.map((backend) => backend.name).join(", ")}.`,
      );
    return found;
  });
}
