import type { GroupLog } from "../../ports/group-log.ts";
import type { Engine } from "../../ports/sql.ts";
import { redactorOf } from "../forgetting/redact.ts";
import { WEB_TABLES } from "../forgetting/register.ts";
import { scrubTables } from "../forgetting/scrub.ts";
import { all, effect, type Transactions, type Tx } from "../transaction.ts";
import { GONE } from "./messages.ts";
import { nextRev } from "./rows.ts";

// Members who are forgotten: what they said, what was said to them alone, and replies of ours that repeat them.

interface Found {
  readonly id: string;
}
const saidBy = all<Found, [memberId: string]>("SELECT id FROM web_message WHERE author_id = $1");
const takeAway = effect<[id: string, rev: number]>(
  `UPDATE web_message SET body = '${GONE}', rev = $2, author_id = NULL, author_name = NULL, for_name = NULL, command = NULL,
   heard = 1, held_by = NULL, held_until_ms = NULL, upload_id = NULL, picture = 0, closes_at_ms = NULL WHERE id = $1`,
);
// Nobody is told: they go on seeing, until they leave, what was answered last.
const saidToThem = effect<[memberId: string]>(
  `UPDATE web_message SET body = '${GONE}', for_name = NULL, picture = 0, closes_at_ms = NULL WHERE visible_to = $1`,
);

interface Ours extends Found {
  readonly seq: number;
  readonly forName: string | null;
  readonly body: string;
}
const AT_ONCE = 200;
const ours = all<Ours, [afterSeq: number]>(
  `SELECT id, seq, for_name AS "forName", body FROM web_message
   WHERE author_id IS NULL AND body <> '${GONE}' AND seq > $1 ORDER BY seq LIMIT ${AT_ONCE}`,
);

type Seats = [memberId: string];
const heirs = effect<Seats>(
  `UPDATE web_room SET creator_id = (SELECT min(member_id) FROM web_seat WHERE room = slug AND "left" = 0 AND member_id <> $1)
   WHERE creator_id = $1 AND EXISTS (SELECT 1 FROM web_seat WHERE room = slug AND "left" = 0 AND member_id <> $1)`,
);

/** As lists cut them. */
const SHOWN_CHARS = 30;
/** Scripts that leave no space between words. */
const UNSPACED = "[\\p{sc=Han}\\p{sc=Hira}\\p{sc=Kana}\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmr}\\p{sc=Mymr}]";
const IN_WORD = `[[\\p{L}\\p{N}]--${UNSPACED}]`;
/** Shorter ones stand in too much that is not about them. */
const isTelling = (words: string): boolean => words.length >= (new RegExp(UNSPACED, "v").test(words) ? 2 : 3);
const escaped = (words: string): string => words.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");

type Whom = Parameters<GroupLog["forget"]>[0];

const isCut = ({ length }: string): boolean => length > SHOWN_CHARS;
/** Never with half of an emoji, which would stand nowhere. */
const shown = (words: string): string =>
  isCut(words) ? words.slice(0, SHOWN_CHARS).replace(/[\uD800-\uDBFF]$/u, "") : words;
/** What is cut goes on where a reply has all of it: in the middle of a word, perhaps. */
const endOf = (words: string): string => (isCut(words) ? "" : `(?!${IN_WORD})`);

/** Whether a reply of ours repeats what they are called, or said. */
function repeats({ names, words }: Whom): (message: Ours) => boolean {
  const patterns = [...names, ...words]
    .filter(isTelling)
    .map((each) => new RegExp(`(?<!${IN_WORD})${escaped(shown(each))}${endOf(each)}`, "v"));
  const called = new Set(names);
  return ({ forName, body }) =>
    (forName !== null && called.has(forName)) ||
    textsIn(JSON.parse(body)).some((text) => patterns.some((each) => each.test(text)));
}

/** In JSON itself a line's first word stands behind an "n". */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

export function forgettingIn(
  { act, look }: Transactions,
  { erase }: Pick<Engine, "erase">,
  changed: () => void,
): Pick<GroupLog, "forget"> {
  const takeAll = async (ids: readonly string[]): Promise<void> => {
    for (let at = 0; at < ids.length; at += AT_ONCE) {
      await act(async (tx) => {
        for (const id of ids.slice(at, at + AT_ONCE)) await takeAway(tx, id, await nextRev(tx));
      });
      changed();
    }
  };

  async function repeated(whom: Whom, isSpared: Parameters<GroupLog["forget"]>[1]): Promise<readonly string[]> {
    const isAbout = repeats(whom);
    const found: string[] = [];
    for (let after = 0; ; ) {
      const page = await look(async (tx) => ours(tx, after));
      const about = page.filter(isAbout).map(({ id }) => id);
      const spared = about.length === 0 ? new Set() : await isSpared(about);
      found.push(...about.filter((id) => !spared.has(id)));
      const last = page.at(-1);
      if (!last || page.length < AT_ONCE) return found;
      after = last.seq;
    }
  }

  return {
    async forget(whom, isSpared) {
      const ids = whom.accounts.map(({ id }) => id);
      for (const id of ids) await takeAll((await look(async (tx) => saidBy(tx, id))).map((each) => each.id));
      await act(async (tx) => {
        for (const id of ids) await leaves(tx, id);
      });
      await takeAll(await repeated(whom, isSpared));
      await scrubTables(act, WEB_TABLES, redactorOf(whom));
      await erase?.();
    },
  };
}

async function leaves(tx: Tx, memberId: string): Promise<void> {
  await saidToThem(tx, memberId);
  await heirs(tx, memberId);
}
