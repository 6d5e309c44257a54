const MS_PER_S = 1000;
const S_PER_MIN = 60;
const MIN_PER_H = 60;
const H_PER_DAY = 24;

/**
 * An amount of GPU time: always seconds with one decimal, "12.3 s", so that amounts can be compared at a glance. What
 * would round to nothing is "under 0.1 s": it was something.
 */
export const secondsText = (durationMs: number): string =>
  durationMs > 0 && durationMs < 50 ? "under 0.1 s" : `${(durationMs / MS_PER_S).toFixed(1)} s`;

/**
 * A wait in its two largest units: "1 s", "4 s", "2 min 5 s", "3 h 10 min", "1 day 2 h". Rounded up to whole seconds, at
 * least one: a member told "0 s" would look for a picture that is not there.
 */
export function durationText(durationMs: number): string {
  const totalS = Math.max(1, Math.ceil(durationMs / MS_PER_S));
  if (totalS < S_PER_MIN) return `${totalS} s`;
  const totalMin = Math.floor(totalS / S_PER_MIN);
  if (totalMin < MIN_PER_H) return twoUnits(totalMin, "min", totalS % S_PER_MIN, "s");
  const totalH = Math.floor(totalMin / MIN_PER_H);
  if (totalH < H_PER_DAY) return twoUnits(totalH, "h", totalMin % MIN_PER_H, "min");
  const days = Math.floor(totalH / H_PER_DAY);
  return twoUnits(days, days === 1 ? "day" : "days", totalH % H_PER_DAY, "h");
}

const twoUnits = (large: number, largeUnit: string, small: number, smallUnit: string): string =>
  small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;

/** How long ago `atMs` was: "just now" within a minute, else "5 min ago". A clock that went backwards gives "just now". */
export function agoText(atMs: number, nowMs: number): string {
  const agoMs = nowMs - atMs;
  if (agoMs < S_PER_MIN * MS_PER_S) return "just now";
  const wholeMinutesMs = Math.floor(agoMs / (S_PER_MIN * MS_PER_S)) * S_PER_MIN * MS_PER_S;
  return `${durationText(wholeMinutesMs)} ago`;
}

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

/** Days whose name alone says which one is meant. */
const NAMED_DAYS = 6;

/** As `clockText`, for moments that can be years away: "Saturday 13:42 UTC", "3 March 2027 13:42 UTC". */
export function untilText(atMs: number, nowMs: number, timeZone?: string): string {
  if (atMs - nowMs <= NAMED_DAYS * DAY_MS) return clockText(atMs, nowMs, timeZone);
  const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", ...(timeZone === undefined ? {} : { timeZone }) });
  const minuteMs = Math.ceil(atMs / 60_000) * 60_000;
  return `${day.format(minuteMs)} ${clockText(minuteMs, minuteMs, timeZone)}`;
}

const UNITS_MS: readonly (readonly [RegExp, number])[] = [
  [/^m(?:in(?:ute)?s?)?$/u, 60_000],
  [/^h(?:ours?|rs?)?$/u, 3_600_000],
  [/^d(?:ays?)?$/u, DAY_MS],
  [/^w(?:eeks?)?$/u, 7 * DAY_MS],
];

/** "30 min", "2h", "7 days", "1 week" as people write them, up to ten years; `undefined` for anything else. */
export function durationIn(text: string): number | undefined {
  const [, digits = "", unit = ""] = /^(\d{1,5})\s*([a-z]+)$/u.exec(text.trim().toLowerCase()) ?? [];
  const unitMs = UNITS_MS.find(([name]) => name.test(unit))?.[1];
  const durationMs = Number(digits) * (unitMs ?? 0);
  return durationMs > 0 && durationMs <= 3650 * DAY_MS ? durationMs : undefined;
}
