import { createHash, randomBytes } from "node:crypto";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { View } from "../../src/ports/view.ts";
import type { Body, NewMessage, StoredMessage, Typed, WebMember, WebRoom } from "./shapes.ts";

const MIGRATIONS = [
  `CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
   CREATE TABLE member (id TEXT PRIMARY KEY, name TEXT NOT NULL, name_key TEXT NOT NULL UNIQUE,
     secret_hash TEXT NOT NULL UNIQUE, made_at_ms INTEGER NOT NULL) STRICT;
   CREATE TABLE room (slug TEXT PRIMARY KEY, title TEXT NOT NULL, creator_id TEXT NOT NULL, made_at_ms INTEGER NOT NULL) STRICT;
   CREATE TABLE seat (room TEXT NOT NULL REFERENCES room, member_id TEXT NOT NULL REFERENCES member,
     left INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (member_id, room)) STRICT;
   CREATE TABLE message (seq INTEGER PRIMARY KEY AUTOINCREMENT, rev INTEGER NOT NULL UNIQUE, id TEXT NOT NULL UNIQUE,
     room TEXT NOT NULL REFERENCES room, at_ms INTEGER NOT NULL, author_id TEXT, author_name TEXT, visible_to TEXT,
     for_name TEXT, body TEXT NOT NULL, nonce TEXT NOT NULL UNIQUE, command TEXT, heard INTEGER NOT NULL DEFAULT 1) STRICT;
   CREATE INDEX message_room_seq ON message (room, seq);
   CREATE INDEX message_room_rev ON message (room, rev);
   CREATE INDEX message_unheard ON message (seq) WHERE heard = 0;`,
  "ALTER TABLE message ADD COLUMN answered TEXT;",
];

const REMOVED = JSON.stringify({ removed: true } satisfies Body);

const hashOf = (secret: string): string => createHash("sha256").update(secret).digest("hex");

type Row = Readonly<Record<string, string | number | null>>;

function messageOf(row: Row): StoredMessage {
  const text = (name: string) => (row[name] === null ? undefined : String(row[name]));
  const optional = {
    authorId: text("author_id"),
    authorName: text("author_name"),
    visibleTo: text("visible_to"),
    forName: text("for_name"),
  };
  return {
    seq: Number(row["seq"]),
    rev: Number(row["rev"]),
    id: String(row["id"]),
    room: String(row["room"]),
    atMs: Number(row["at_ms"]),
    ...(Object.fromEntries(
      Object.entries(optional).filter(([, value]) => value !== undefined),
    ) as Partial<StoredMessage>),
    // The border: only this file writes these columns.
    body: JSON.parse(String(row["body"])) as Body,
    ...(row["answered"] === null
      ? {}
      : { answered: String(row["answered"]) as NonNullable<StoredMessage["answered"]> }),
    ...(row["command"] === null ? {} : { command: JSON.parse(String(row["command"])) as Typed }),
  };
}

/** What others hear of a line that turned out to be between its author and us: that it is gone. */
export function withdrawn({ id, seq, rev, room, atMs }: StoredMessage): StoredMessage {
  return { id, seq, rev, room, atMs, body: { removed: true } };
}

/**
 * The web chat's own memory, as Discord's servers are Discord's: rooms, members and every message, in one SQLite file.
 * What a call returns is on the disk. Synchronous, so nothing else happens inside a transaction.
 */
export class RoomLog {
  readonly #db: DatabaseSync;
  readonly #nowMs: () => number;
  readonly #statements = new Map<string, StatementSync>();
  /** Names this database: a tab that remembers another one starts afresh. */
  readonly epoch: string;
  #rev: number;

  /** @param path a file, or `:memory:` in tests */
  constructor(path: string, nowMs: () => number) {
    this.#db = new DatabaseSync(path);
    this.#nowMs = nowMs;
    this.#db.exec("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=5000");
    this.#migrate();
    this.epoch = this.#remember("epoch", () => randomBytes(9).toString("base64url"));
    this.#rev = Number(this.#one("SELECT coalesce(max(rev), 0) AS rev FROM message")?.["rev"]);
  }

  /** Of the newest post or edit. */
  get rev(): number {
    return this.#rev;
  }

  /** Random bytes of this database's own, for deriving cookies. */
  get salt(): string {
    return this.#remember("salt", () => randomBytes(32).toString("base64url"));
  }

  close(): void {
    this.#statements.clear();
    if (this.#db.isOpen) this.#db.close();
  }

  get open(): boolean {
    return this.#db.isOpen;
  }

  /** The member with this name when the secret is theirs, a new one when the name is free, else `undefined`. */
  join(name: string, nameKey: string, secret: string | undefined): { member: WebMember; secret: string } | undefined {
    return this.#inTransaction(() => {
      const row = this.#one("SELECT id, name, secret_hash FROM member WHERE name_key = ?", nameKey);
      if (row) {
        if (secret === undefined || hashOf(secret) !== row["secret_hash"]) return undefined;
        return { member: { id: String(row["id"]), name: String(row["name"]) }, secret };
      }
      const fresh = randomBytes(24).toString("base64url");
      const member = { id: `web:${randomBytes(9).toString("base64url")}`, name };
      this.#run("INSERT INTO member VALUES (?, ?, ?, ?, ?)", member.id, name, nameKey, hashOf(fresh), this.#nowMs());
      return { member, secret: fresh };
    });
  }

  memberBySecret(secret: string): WebMember | undefined {
    const row = this.#one("SELECT id, name FROM member WHERE secret_hash = ?", hashOf(secret));
    return row && { id: String(row["id"]), name: String(row["name"]) };
  }

  memberById(id: string): WebMember | undefined {
    const row = this.#one("SELECT id, name FROM member WHERE id = ?", id);
    return row && { id: String(row["id"]), name: String(row["name"]) };
  }

  /** Sits the member down in a room; who names a room first made it and runs it. */
  enter(slug: string, title: string, memberId: string): WebRoom {
    return this.#inTransaction(() => {
      this.#run("INSERT INTO room VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", slug, title, memberId, this.#nowMs());
      this.#run("INSERT INTO seat (room, member_id) VALUES (?, ?) ON CONFLICT DO UPDATE SET left = 0", slug, memberId);
      return this.roomOf(slug, memberId)!;
    });
  }

  leave(slug: string, memberId: string): void {
    this.#run("UPDATE seat SET left = 1 WHERE room = ? AND member_id = ?", slug, memberId);
  }

  rooms(memberId: string): readonly WebRoom[] {
    const sql = `SELECT slug, title, creator_id = ?1 AS admin FROM seat JOIN room ON slug = room
      WHERE member_id = ?1 AND left = 0 ORDER BY title`;
    return this.#all(sql, memberId).map((row) => ({
      slug: String(row["slug"]),
      title: String(row["title"]),
      admin: row["admin"] === 1,
    }));
  }

  /** `undefined`: no such room, or the member is not in it. */
  roomOf(slug: string, memberId: string): WebRoom | undefined {
    return this.rooms(memberId).find((room) => room.slug === slug);
  }

  roomTitle(slug: string): string | undefined {
    const row = this.#one("SELECT title FROM room WHERE slug = ?", slug);
    return row && String(row["title"]);
  }

  /**
   * Adds a message, once: the same nonce returns what was stored first (`fresh` is false then).
   *
   * @param heard false for a command the core has yet to hear
   */
  add(message: NewMessage, heard: boolean): { readonly message: StoredMessage; readonly fresh: boolean } {
    return this.#inTransaction(() => {
      const before = this.#one("SELECT * FROM message WHERE nonce = ?", message.nonce);
      if (before) return { message: messageOf(before), fresh: false };
      this.#run(
        `INSERT INTO message (rev, id, room, at_ms, author_id, author_name, visible_to, for_name, body, nonce, command, heard)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        this.#rev + 1,
        message.id,
        message.room,
        this.#nowMs(),
        message.authorId ?? null,
        message.authorName ?? null,
        message.visibleTo ?? null,
        message.forName ?? null,
        JSON.stringify(message.body),
        message.nonce,
        message.command ? JSON.stringify(message.command) : null,
        heard ? 1 : 0,
      );
      this.#rev += 1;
      return { message: this.message(message.id)!, fresh: true };
    });
  }

  message(id: string): StoredMessage | undefined {
    const row = this.#one("SELECT * FROM message WHERE id = ?", id);
    return row && messageOf(row);
  }

  /** The changed message; `undefined` when there is none of ours with this id. Saying the same again changes nothing. */
  edit(id: string, view: View): { readonly message: StoredMessage; readonly changed: boolean } | undefined {
    return this.#inTransaction(() => {
      const before = this.#one("SELECT * FROM message WHERE id = ? AND author_id IS NULL", id);
      if (!before || before["body"] === REMOVED) return undefined;
      const body = JSON.stringify({ view } satisfies Body);
      if (body === before["body"]) return { message: messageOf(before), changed: false };
      this.#run("UPDATE message SET body = ?, rev = ? WHERE id = ?", body, this.#rev + 1, id);
      this.#rev += 1;
      return { message: this.message(id)!, changed: true };
    });
  }

  /** Takes a message's content away for good; its place stays, so that every tab hears of it. */
  remove(id: string): StoredMessage | undefined {
    return this.#inTransaction(() => {
      this.#run("UPDATE message SET body = ?, rev = ? WHERE id = ?", REMOVED, this.#rev + 1, id);
      this.#rev += 1;
      return this.message(id);
    });
  }

  /**
   * Decides who sees a command line: everyone once anything public answered it, else its author alone once anything
   * private did. "shown": it was answered by nothing so far, and people shall not wait. `undefined`: nothing changes.
   */
  settle(id: string, how: "public" | "private" | "shown"): StoredMessage | undefined {
    return this.#inTransaction(() => {
      const before = this.message(id);
      if (!before?.command || before.authorId === undefined || before.answered === "public") return undefined;
      const { answered, authorId, visibleTo } = before;
      if (how !== "public" && answered !== undefined) return undefined;
      if (how === "shown" && visibleTo === undefined) return undefined;
      const next = how === "shown" ? null : how === "private" && visibleTo === undefined ? "withdrawn" : how;
      this.#run("UPDATE message SET answered = ? WHERE id = ?", next, id);
      // Already in front of everyone: no tab has anything to learn.
      if (how === "public" && visibleTo === undefined) return undefined;
      const sees = how === "private" ? authorId : null;
      this.#run("UPDATE message SET visible_to = ?, rev = ? WHERE id = ?", sees, this.#rev + 1, id);
      this.#rev += 1;
      return this.message(id);
    });
  }

  /** Commands that were stored but perhaps never heard, oldest first. */
  unheard(): readonly StoredMessage[] {
    return this.#all("SELECT * FROM message WHERE heard = 0 ORDER BY seq").map(messageOf);
  }

  markHeard(id: string): void {
    this.#run("UPDATE message SET heard = 1 WHERE id = ?", id);
  }

  /** The newest messages the member may see, oldest first; `beforeSeq` pages back. */
  newest(room: string, memberId: string, limit: number, beforeSeq?: number): readonly StoredMessage[] {
    const sql = `SELECT * FROM message WHERE room = ? AND seq < ? AND (visible_to IS NULL OR visible_to = ?)
      ORDER BY seq DESC LIMIT ?`;
    return this.#all(sql, room, beforeSeq ?? Number.MAX_SAFE_INTEGER, memberId, limit)
      .map(messageOf)
      .reverse();
  }

  /** What changed since `rev`, in the order in which it changed. A withdrawn line comes as removed to all but its author. */
  changedSince(room: string, memberId: string, rev: number, limit: number): readonly StoredMessage[] {
    const sql = `SELECT * FROM message WHERE room = ? AND rev > ?
      AND (visible_to IS NULL OR visible_to = ? OR answered = 'withdrawn') ORDER BY rev LIMIT ?`;
    return this.#all(sql, room, rev, memberId, limit)
      .map(messageOf)
      .map((message) =>
        message.visibleTo === undefined || message.visibleTo === memberId ? message : withdrawn(message),
      );
  }

  /** Public messages of ours that show a picture, newest first. */
  withPictures(room: string, limit: number): readonly StoredMessage[] {
    const sql = `SELECT * FROM message WHERE room = ? AND author_id IS NULL AND visible_to IS NULL
      AND json_extract(body, '$.view.image.key') IS NOT NULL AND json_extract(body, '$.view.progress') IS NULL
      ORDER BY seq DESC LIMIT ?`;
    return this.#all(sql, room, limit).map(messageOf);
  }

  uploadIds(): ReadonlySet<string> {
    const sql =
      "SELECT json_extract(body, '$.upload.id') AS id FROM message WHERE json_extract(body, '$.upload.id') IS NOT NULL";
    return new Set(this.#all(sql).map((row) => String(row["id"])));
  }

  #migrate(): void {
    const done = Number(this.#one("PRAGMA user_version")?.["user_version"]);
    for (const [index, step] of MIGRATIONS.entries())
      if (index >= done) this.#inTransaction(() => this.#db.exec(`${step} PRAGMA user_version = ${index + 1}`));
  }

  #remember(key: string, make: () => string): string {
    this.#run("INSERT INTO meta VALUES (?, ?) ON CONFLICT DO NOTHING", key, make());
    return String(this.#one("SELECT value FROM meta WHERE key = ?", key)?.["value"]);
  }

  #inTransaction<T>(body: () => T): T {
    const rev = this.#rev;
    this.#db.exec("BEGIN IMMEDIATE");
    try {
      const result = body();
      this.#db.exec("COMMIT");
      return result;
    } catch (cause) {
      if (this.#db.isTransaction) this.#db.exec("ROLLBACK");
      this.#rev = rev;
      throw cause;
    }
  }

  #statement(sql: string): StatementSync {
    const statement = this.#statements.get(sql) ?? this.#db.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  #one(sql: string, ...values: readonly (string | number | null)[]): Row | undefined {
    return this.#statement(sql).get(...values) as Row | undefined;
  }

  #all(sql: string, ...values: readonly (string | number | null)[]): readonly Row[] {
    return this.#statement(sql).all(...values) as readonly Row[];
  }

  #run(sql: string, ...values: readonly (string | number | null)[]): void {
    this.#statement(sql).run(...values);
  }
}
