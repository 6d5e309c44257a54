import { createHash, randomBytes } from "node:crypto";
import { looksOf } from "../../../lib/look-alike.ts";
import type { GroupLog, WebGroup, WebMember } from "../../../ports/group-log.ts";
import type { Database } from "../database.ts";

const DEVICES_MAX = 10;
const newSecret = (): string => randomBytes(24).toString("base64url");
const hashOf = (secret: string): string => createHash("sha256").update(secret).digest("hex");

type Members = Pick<
  GroupLog,
  | "join"
  | "addDevice"
  | "memberBySecret"
  | "memberById"
  | "memberByName"
  | "memberSinceMs"
  | "knock"
  | "enter"
  | "leave"
  | "shutOut"
  | "letIn"
  | "handOver"
  | "runBy"
  | "groups"
  | "groupOf"
  | "groupTitle"
>;

/** Who there is, and who is in which group. */
export function membersOf(db: Database, nowMs: () => number): Members {
  const byNameKey = db.query<WebMember>("SELECT id, name FROM member WHERE name_key = ?");
  const bySecret = db.query<WebMember>(
    `SELECT id, name FROM member WHERE secret_hash = ?1
     UNION ALL SELECT id, name FROM device JOIN member ON id = member_id WHERE device.secret_hash = ?1`,
  );
  const addDevice = db.query("INSERT INTO device VALUES (?, ?, ?)");
  const dropDevices = db.query(
    `DELETE FROM device WHERE member_id = ?1 AND secret_hash NOT IN
       (SELECT secret_hash FROM device WHERE member_id = ?1 ORDER BY made_at_ms DESC, rowid DESC LIMIT ?2)`,
  );
  const byId = db.query<WebMember>("SELECT id, name FROM member WHERE id = ?");
  const since = db.query<{ readonly atMs: number }>("SELECT made_at_ms AS atMs FROM member WHERE id = ?");
  const addMember = db.query("INSERT INTO member VALUES (?, ?, ?, ?, ?)");
  const alike = db.query<{ readonly name: string }>(
    "SELECT name FROM look JOIN member ON id = member_id WHERE look = ? LIMIT 1",
  );
  const addLook = db.query("INSERT INTO look VALUES (?, ?)");
  const addGroup = db.query("INSERT INTO room VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING");
  const addSeat = db.query("INSERT INTO seat (room, member_id) VALUES (?, ?) ON CONFLICT DO UPDATE SET left = 0");
  const leaveSeat = db.query("UPDATE seat SET left = 1 WHERE room = ? AND member_id = ?");
  const title = db.query<{ readonly title: string }>("SELECT title FROM room WHERE slug = ?");
  const seats = db.query<{ readonly slug: string; readonly title: string; readonly admin: number }>(
    `SELECT slug, title, creator_id = ?1 AS admin FROM seat JOIN room ON slug = room
     WHERE member_id = ?1 AND left = 0 ORDER BY title`,
  );
  const seat = db.query<{ readonly waitsMs: number | null }>(
    "SELECT waits_ms AS waitsMs FROM seat WHERE room = ? AND member_id = ?",
  );
  const wait = db.query(
    `INSERT INTO seat (room, member_id, left, waits_ms) VALUES (?1, ?2, 1, ?3)
     ON CONFLICT DO UPDATE SET waits_ms = excluded.waits_ms`,
  );
  const HERE = "member_id = ?1 AND (?2 IS NULL OR room = ?2)";
  const shutOut = db.query<{ readonly room: string }>(
    `UPDATE seat SET left = 1, waits_ms = 0 WHERE ${HERE} RETURNING room`,
  );
  const letIn = db.query(`UPDATE seat SET left = 0, waits_ms = NULL WHERE ${HERE} AND waits_ms IS NOT NULL`);
  const creator = db.query<{ readonly id: string }>("SELECT creator_id AS id FROM room WHERE slug = ?");
  const setCreator = db.query("UPDATE room SET creator_id = ?2 WHERE slug = ?1");
  const groups = (memberId: string): readonly WebGroup[] =>
    seats.all(memberId).map((row) => ({ slug: row.slug, title: row.title, admin: row.admin === 1 }));
  const groupOf = (slug: string, memberId: string) => groups(memberId).find((group) => group.slug === slug);
  const memberOf = (row: WebMember | undefined): WebMember | undefined => row && { id: row.id, name: row.name };

  return {
    join: (name, nameKey, secret) =>
      db.tx(() => {
        const holder = secret === undefined ? undefined : bySecret.get(hashOf(secret));
        // Somebody can be shown under another name than they came in with.
        const known = holder?.name === name ? holder : byNameKey.get(nameKey);
        if (known) {
          if (holder?.id !== known.id || secret === undefined) return { refused: "taken" };
          return { member: { id: known.id, name: known.name }, secret };
        }
        const looks = looksOf(name);
        const [like] = looks.flatMap((look) => alike.get(look) ?? []);
        if (like) return { refused: "alike", like: like.name };
        const fresh = newSecret();
        const member = { id: `web:${randomBytes(9).toString("base64url")}`, name };
        addMember.run(member.id, name, nameKey, hashOf(fresh), nowMs());
        for (const look of looks) addLook.run(look, member.id);
        return { member, secret: fresh };
      }),
    addDevice: (memberId) =>
      db.tx(() => {
        const member = memberOf(byId.get(memberId));
        if (!member) return undefined;
        const secret = newSecret();
        addDevice.run(hashOf(secret), memberId, nowMs());
        dropDevices.run(memberId, DEVICES_MAX);
        return { member, secret };
      }),
    memberBySecret: (secret) => memberOf(bySecret.get(hashOf(secret))),
    memberById: (id) => memberOf(byId.get(id)),
    memberByName: (nameKey) => memberOf(byNameKey.get(nameKey)),
    memberSinceMs: (id) => since.get(id)?.atMs,
    knock: (slug, memberId, newcomersWait) =>
      db.tx(() => {
        if (title.get(slug) === undefined) return undefined;
        const known = seat.get(slug, memberId);
        if (known ? known.waitsMs === null : !newcomersWait) return undefined;
        if (known?.waitsMs) return known.waitsMs;
        const sinceMs = Math.max(1, nowMs());
        wait.run(slug, memberId, sinceMs);
        return sinceMs;
      }),
    enter: (slug, named, memberId) =>
      db.tx(() => {
        addGroup.run(slug, named, memberId, nowMs());
        addSeat.run(slug, memberId);
        return groupOf(slug, memberId)!;
      }),
    leave(slug, memberId) {
      leaveSeat.run(slug, memberId);
    },
    shutOut: (memberId, slug) => shutOut.all(memberId, slug ?? null).map(({ room }) => room),
    letIn: (memberId, slug) => letIn.run(memberId, slug ?? null) > 0,
    handOver: (slug, memberId) =>
      db.tx(() => groupOf(slug, memberId) !== undefined && setCreator.run(slug, memberId) === 1),
    runBy: (slug) => creator.get(slug)?.id,
    groups,
    groupOf,
    groupTitle: (slug) => title.get(slug)?.title,
  };
}
