import type { Drawing, Family, Kind } from "../../families/shared/family.ts";

/** For docs/models.md: a row for each model that draws, and what is known and left alone. */
export function familyTable(families: readonly Family[]): string {
  const rows = families.flatMap((family) => family.kinds.map((kind) => row(family, kind)));
  const head = [
    "| `family` | model | steps | cfg | most pixels | licence | beside it |",
    "|---|---|---|---|---|---|---|",
  ];
  return [...head, ...rows].join("\n");
}

function row(family: Family, { title, draws, licence }: Kind): string {
  const parts = family.parts.map(({ example, source }) => `[${example.split(" ")[0] ?? ""}](${source})`);
  const cells = [
    `\`${family.id}\``,
    title,
    ...(draws ? numbers(draws) : ["known, left alone", "", ""]),
    `[${licence.name}](${licence.source})`,
    draws ? parts.join(", ") : "",
  ];
  return `| ${cells.join(" | ")} |`;
}

const numbers = ({ steps, guidance, sizes }: Drawing): readonly string[] => [
  String(steps.usual),
  guidance.by === "none"
    ? "none"
    : `${guidance.strength.usual}${guidance.by === "second-pass" ? " (second pass)" : ""}`,
  `${(sizes.mostPixels / 1_000_000).toFixed(1)} million`,
];
