import { type Drawing, editingOf, type Family, type Kind } from "../../families/shared/family.ts";

/** For docs/models.md: a row for each model that draws or changes pictures, and what is known and left alone. */
export function familyTable(families: readonly Family[]): string {
  const rows = families.flatMap((family) => family.kinds.map((kind) => row(family, kind)));
  const head = [
    "| `family` | model | draws | changes by words | steps | cfg | most pixels | licence | beside it |",
    "|---|---|---|---|---|---|---|---|---|",
  ];
  return [...head, ...rows].join("\n");
}

function row(family: Family, kind: Kind): string {
  const { title, draws, edits, licence } = kind;
  const used = draws ?? editingOf(kind);
  const parts = family.parts.map(({ example, source }) => `[${example.split(" ")[0] ?? ""}](${source})`);
  const cells = [
    `\`${family.id}\``,
    title,
    draws ? "yes" : "",
    used && edits ? `up to ${edits.references} picture${edits.references === 1 ? "" : "s"}` : "",
    ...(used ? numbers(used) : ["known, left alone", "", ""]),
    `[${licence.name}](${licence.source})`,
    used ? parts.join(", ") : "",
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
