import type { Text } from "../../domain/text.ts";
import { SEEN, SEERS, seenName, seerName, sightName, sightOf } from "../../features/privacy/sight.ts";
import { SOURCE_LANGUAGE } from "../../messages/catalogue.ts";
import { render } from "../../messages/render.ts";
import { type Register, STORE_TABLES, WEB_TABLES } from "../../rules/forgetting/register.ts";

const said = (words: Text): string => render(words, SOURCE_LANGUAGE);

/** For docs/privacy.md: the same as /privacy says, as a table. */
export function sightTable(): string {
  const head = ["", ...SEEN.map((seen) => said(seenName(seen)))];
  const rows = SEERS.map((seer) => {
    // As it is in a chat that has chosen nothing.
    const sight = sightOf(seer, { pickVisibility: "live" });
    return [said(seerName(seer)), ...SEEN.map((seen) => (sightName(seen, sight[seen]) ? "yes" : "no"))];
  });
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** What the databases hold of a person, and what becomes of it. */
export function keptTable(): string {
  const rows = Object.entries({ ...STORE_TABLES, ...WEB_TABLES } satisfies Register)
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([table, holds]) =>
      "nobody" in holds
        ? `| \`${table}\` | nobody: ${holds.nobody} | stays |`
        : `| \`${table}\` | ${Object.keys(holds.columns)
            .map((column) => `\`${column}\``)
            .join(", ")} | ${holds.goes ? "the row goes" : "stays, nameless"} |`,
    );
  return ["| table | what names somebody | after `/forget me` |", "|---|---|---|", ...rows].join("\n");
}
