const DAY_MS = 86_400_000;

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
