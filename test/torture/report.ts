/** A line of the table, and what was promised of it. */
export type Row<R> = readonly [label: string, value: (result: R) => number, promised?: number];

/** Prints the table; false: something promised was not kept. */
export function report<R>(title: string, rows: readonly Row<R>[], result: R): boolean {
  console.log(`\n${title}`);
  for (const [label, value, promised] of rows)
    console.log(
      `  ${label.padEnd(32)}${String(value(result)).padStart(8)}${promised === undefined ? "" : `   promised ${promised}`}`,
    );
  return rows.every(([, value, promised]) => promised === undefined || value(result) === promised);
}

/** The first few different lines of what went wrong. */
export const complain = (lines: readonly string[]): void => console.log([...new Set(lines)].slice(0, 20).join("\n"));
