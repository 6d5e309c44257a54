import type { WebGroup } from "../../ports/group-log.ts";
import { all, one, run, type Tx } from "../transaction.ts";

// Who is in which group: `waits_ms` is since when somebody waits to be let in; 0: was shut out and has not asked since.

const addGroup = run<[slug: string, title: string, creatorId: string, nowMs: number]>(
  "INSERT INTO web_room(slug, title, creator_id, made_at_ms) VALUES($1, $2, $3, $4) ON CONFLICT(slug) DO NOTHING",
);
type Seat = [slug: string, memberId: string];
const addSeat = run<Seat>(
  'INSERT INTO web_seat(room, member_id) VALUES($1, $2) ON CONFLICT(member_id, room) DO UPDATE SET "left" = 0',
);
const leaveSeat = run<Seat>('UPDATE web_seat SET "left" = 1 WHERE room = $1 AND member_id = $2');
const title = one<{ readonly title: string }, [slug: string]>("SELECT title FROM web_room WHERE slug = $1");
const seats = all<{ readonly slug: string; readonly title: string; readonly creatorId: string }, [memberId: string]>(
  `SELECT slug, title, creator_id AS "creatorId" FROM web_seat JOIN web_room ON slug = room
   WHERE member_id = $1 AND "left" = 0 ORDER BY title`,
);
const seat = one<{ readonly waitsMs: number | null }, Seat>(
  `SELECT waits_ms AS "waitsMs" FROM web_seat WHERE room = $1 AND member_id = $2 FOR NO KEY UPDATE`,
);
const addWaiting = run<[...Seat, waitsMs: number]>(
  `INSERT INTO web_seat(room, member_id, "left", waits_ms) VALUES($1, $2, 1, $3) ON CONFLICT(member_id, room) DO NOTHING`,
);
const wait = run<[...Seat, waitsMs: number]>("UPDATE web_seat SET waits_ms = $3 WHERE room = $1 AND member_id = $2");
const HERE = "member_id = $1 AND (CAST($2 AS TEXT) IS NULL OR room = $2)";
const shutSeats = all<{ readonly room: string }, [memberId: string, slug: string | null]>(
  `UPDATE web_seat SET "left" = 1, waits_ms = 0 WHERE ${HERE} RETURNING room`,
);
const openSeats = run<[memberId: string, slug: string | null]>(
  `UPDATE web_seat SET "left" = 0, waits_ms = NULL WHERE ${HERE} AND waits_ms IS NOT NULL`,
);
const creator = one<{ readonly id: string }, [slug: string]>("SELECT creator_id AS id FROM web_room WHERE slug = $1");
const setCreator = run<Seat>("UPDATE web_room SET creator_id = $2 WHERE slug = $1");

export const groups = async (tx: Tx, memberId: string): Promise<readonly WebGroup[]> =>
  (await seats(tx, memberId)).map((row) => ({ slug: row.slug, title: row.title, admin: row.creatorId === memberId }));

export const groupOf = async (tx: Tx, slug: string, memberId: string): Promise<WebGroup | undefined> =>
  (await groups(tx, memberId)).find((group) => group.slug === slug);

export const groupTitle = async (tx: Tx, slug: string): Promise<string | undefined> => (await title(tx, slug))?.title;
export const runBy = async (tx: Tx, slug: string): Promise<string | undefined> => (await creator(tx, slug))?.id;

/** As `GroupLog.knock`. */
export async function knock(
  tx: Tx,
  {
    slug,
    memberId,
    newcomersWait,
  }: { readonly slug: string; readonly memberId: string; readonly newcomersWait: boolean },
  nowMs: number,
): Promise<number | undefined> {
  if ((await title(tx, slug)) === undefined) return undefined;
  const sinceMs = Math.max(1, nowMs);
  let known = await seat(tx, slug, memberId);
  if (!known) {
    if (!newcomersWait) return undefined;
    if ((await addWaiting(tx, slug, memberId, sinceMs)) === 1) return sinceMs;
    // They came in, or knocked, at the same moment elsewhere.
    known = await seat(tx, slug, memberId);
  }
  if (!known || known.waitsMs === null) return undefined;
  if (known.waitsMs > 0) return known.waitsMs;
  await wait(tx, slug, memberId, sinceMs);
  return sinceMs;
}

/** As `GroupLog.enter`. */
export async function enter(
  tx: Tx,
  { slug, named, memberId }: { readonly slug: string; readonly named: string; readonly memberId: string },
  nowMs: number,
): Promise<WebGroup> {
  await addGroup(tx, slug, named, memberId, nowMs);
  await addSeat(tx, slug, memberId);
  const group = await groupOf(tx, slug, memberId);
  if (!group) throw new Error("a member was not seated");
  return group;
}

export const leave = async (tx: Tx, slug: string, memberId: string): Promise<void> => {
  await leaveSeat(tx, slug, memberId);
};
export const shutOut = async (tx: Tx, memberId: string, slug: string | undefined): Promise<readonly string[]> =>
  (await shutSeats(tx, memberId, slug ?? null)).map(({ room }) => room);
export const letIn = async (tx: Tx, memberId: string, slug: string | undefined): Promise<boolean> =>
  (await openSeats(tx, memberId, slug ?? null)) > 0;
export const handOver = async (tx: Tx, slug: string, memberId: string): Promise<boolean> =>
  (await groupOf(tx, slug, memberId)) !== undefined && (await setCreator(tx, slug, memberId)) === 1;
