const DAY_MS = 86_400_000;

/**
 * A moment for people in this machine's time zone, which is named, for members live in others: "13:42 UTC", and further
 * away than a day "Saturday 13:42 UTC". Rounded up to the minute: at the time told it is true.
 */
export function clockText(atMs: number, nowMs: number, timeZone?: string): string {
  const parts = new Intl.DateTimeFormat("en-GB", {
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(atMs - nowMs > DAY_MS ? { weekday: "long" as const } : {}),
    hour: "2-digit",
    minute: "2-digit",
    timeZoneName: "short",
  });
  return parts.format(Math.ceil(atMs / 60_000) * 60_000).replace(",", "");
}
