/** E.g. 0.3.64. */
export type Version = readonly [number, number, number];

export const versionText = (version: Version): string => version.join(".");

/** Missing and odd parts count as 0. */
function compare(version: string, other: Version): number {
  const parts = version.split(".").map((part) => Number.parseInt(part, 10) || 0);
  for (const [index, part] of other.entries()) {
    const difference = (parts[index] ?? 0) - part;
    if (difference !== 0) return difference;
  }
  return 0;
}
export const isBefore = (version: string, other: Version): boolean => compare(version, other) < 0;
export const isAfter = (version: string, other: Version): boolean => compare(version, other) > 0;
