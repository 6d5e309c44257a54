import { displayName } from "../../../lib/display-name.ts";
import { looksOf } from "../../../lib/look-alike.ts";
import type { WebMember } from "../../../ports/group-log.ts";
import type { Database } from "../database.ts";

/**
 * What each name looks like. Members from before who look like an earlier one keep what they type to come in, and are shown
 * with a number behind it: "Ada (2)" votes, and nobody takes them for Ada.
 */
export function tellNamesApart(db: Database): void {
  db.exec(
    `CREATE TABLE look (look TEXT PRIMARY KEY, member_id TEXT NOT NULL REFERENCES member) STRICT, WITHOUT ROWID;`,
  );
  const members = db.query<WebMember>("SELECT id, name FROM member ORDER BY made_at_ms, rowid").all();
  const rename = db.query("UPDATE member SET name = ?2 WHERE id = ?1");
  const add = db.query("INSERT INTO look VALUES (?, ?)");
  const taken = new Set<string>();
  for (const { id, name } of members) {
    const shown = free(displayName(name, "?"), taken);
    if (shown !== name) rename.run(id, shown);
    for (const look of looksOf(shown)) {
      taken.add(look);
      add.run(look, id);
    }
  }
}

function free(name: string, taken: ReadonlySet<string>): string {
  const isFree = (candidate: string) => !looksOf(candidate).some((look) => taken.has(look));
  if (isFree(name)) return name;
  let number = 2;
  while (!isFree(`${name} (${number})`)) number += 1;
  return `${name} (${number})`;
}
