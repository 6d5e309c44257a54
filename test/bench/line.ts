/** One measured figure beside its target. */
export interface Line {
  readonly what: string;
  readonly measured: number;
  readonly unit: "jobs/s" | "ms" | "MB" | "flushes";
  readonly target: number;
  readonly better: "more" | "less";
  readonly detail?: string;
}

const WHAT_CHARS = 62;

export const isMet = ({ better, measured, target }: Line): boolean =>
  better === "more" ? measured >= target : measured <= target;

export const rounded = (value: number): number => (value >= 100 ? Math.round(value) : Math.round(value * 10) / 10);

export const heading = `${"".padEnd(WHAT_CHARS)}  ${"measured".padStart(12)}  ${"target".padStart(14)}`;

/** A row of the table. `measuredIn` reads it back. */
export function row(line: Line): string {
  const sign = line.better === "more" ? "≥" : "≤";
  return [
    line.what.padEnd(WHAT_CHARS),
    `${rounded(line.measured)} ${line.unit}`.padStart(12),
    `${sign} ${line.target} ${line.unit}`.padStart(14),
    isMet(line) ? "  kept  " : "  MISSED",
    line.detail ?? "",
  ].join("  ");
}

/** `≤` and `<` alike: older versions of the table wrote both. */
const ROW = /^(\S.*?)\s+(-?[\d.]+) (jobs\/s|ms|MB|flushes)\s+[≥≤<] [\d.]+ \S+\s+(?:kept|MISSED)\b/u;
/** The sketch's closing line of versions that had no table of their own. */
const SKETCH_ROW = /^(\d+×\d+) all: median ([\d.]+) ms/u;

/** What earlier versions called it. */
const RENAMED: Readonly<Record<string, string>> = {
  "comfyui: the same with makePicture around it": "comfyui: the same with the checks around it",
};

/** The figures of a printed table, by what was measured: another commit's table is the only thing we know of it. */
export function measuredIn(table: string): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const text of table.split("\n")) {
    const [, size, medianMs] = SKETCH_ROW.exec(text) ?? [];
    if (size !== undefined) found.set(`sketch ${size}, one core, median`, Number(medianMs));
    const [, what, measured] = ROW.exec(text) ?? [];
    if (what !== undefined) found.set(RENAMED[what] ?? what, Number(measured));
  }
  return found;
}
