// What every table and every kind of small values holds of a person. A table that is not named here fails a test: nothing can be
// stored that being forgotten does not find. What is read from here is what is gone through.

/**
 * "ids": of accounts, alone or within a key. "name": what somebody is called, and nothing says who. "own": what `whose` is called.
 * "json": all of that at its places.
 */
export type Holding = "ids" | "name" | "own" | "json";

export interface TableHolds {
  /** What one row is found by. */
  readonly key: readonly string[];
  readonly columns: Readonly<Record<string, Holding>>;
  /** The column that says whose the row is: others can be called the same. */
  readonly whose?: string;
  /** A row that names somebody goes; else only what it names them by. */
  readonly goes?: true;
  /** Only where several processes have the database. */
  readonly among?: true;
}
/** Why there is nothing of anybody in it. */
interface HoldsNobody {
  readonly nobody: string;
}

export type Register = Readonly<Record<string, TableHolds | HoldsNobody>>;

const whole = (key: readonly string[], columns: TableHolds["columns"]): TableHolds => ({ key, columns, goes: true });
const among = (holds: TableHolds): TableHolds => ({ ...holds, among: true });
const parts = (key: readonly string[], columns: TableHolds["columns"], whose?: string): TableHolds => ({
  key,
  columns,
  ...(whose === undefined ? {} : { whose }),
});

/** Of the store. What one's own rows hold beside that, words and pictures, is taken out before: see `own-jobs.ts`. */
export const STORE_TABLES: Register = {
  backend_slot: { nobody: "which computer waits for a backend" },
  block: parts(["number"], { scope: "ids", by_member_id: "ids", by_name: "own" }, "by_member_id"),
  bucket: whole(["member_id"], { member_id: "ids" }),
  circuit: { nobody: "how a backend does" },
  decision: parts(["decision_id"], { chat_key: "ids", settings_key: "ids", outcome: "json", body: "json" }),
  decision_vote: parts(["seq"], { member_id: "ids", name: "own" }, "member_id"),
  document: parts(["document_id"], { chat_key: "ids", member_id: "ids", spec: "json", problem: "json" }),
  fingerprint: { nobody: "what a picture looks like; it goes with its picture" },
  // Taken out by itself, at the very end.
  forgetting: { nobody: "who is being forgotten, until that is done" },
  gift: parts(["seq"], { pot_id: "ids", member_id: "ids", name: "own" }, "member_id"),
  hide_press: whole(["job_id", "member_id"], { member_id: "ids" }),
  hold: parts(["job_id", "member_id"], { member_id: "ids", pot_key: "ids", name: "own" }, "member_id"),
  inbox: whole(["update_id"], { update_id: "ids", outcome: "json" }),
  job: parts(
    ["job_id"],
    {
      member_id: "ids",
      chat_key: "ids",
      community_key: "ids",
      outcome: "json",
      problem: "json",
      body: "json",
    },
    "member_id",
  ),
  job_progress: whole(["job_id"], { progress: "json", so_far: "json" }),
  // Whose values: see `VALUES`.
  key_value: { nobody: "small values of each kind" },
  leader: { nobody: "which computer leads" },
  link: whole(["member_id"], { member_id: "ids", person_id: "ids" }),
  meeting: parts(["meeting_id"], { chat_key: "ids", settings_key: "ids", body: "json" }),
  moderation_step: parts(["seq"], { by_member_id: "ids", by_name: "own" }, "by_member_id"),
  outbox: parts(["seq"], { by_name: "own", by_member_id: "ids", message: "json" }, "by_member_id"),
  picture: parts(
    ["seq"],
    {
      chat_key: "ids",
      settings_key: "ids",
      member_id: "ids",
      deleted_by: "name",
      body: "json",
    },
    "member_id",
  ),
  picture_count: parts(["chat_key"], { chat_key: "ids" }),
  row_lock: among(whole(["key"], { key: "ids" })),
  shown: whole(["chat_key", "message_id"], { chat_key: "ids", message: "json" }),
  speed: { nobody: "how fast a backend is" },
  turn: { nobody: "whose turn it is at a backend, as a number" },
  withheld: parts(["job_id"], {}),
  worker: { nobody: "which computers make pictures" },
};

/** Of the web chat. Its members, and what they said, are taken out before: see `group-log/forget.ts`. */
export const WEB_TABLES: Register = {
  web_count: { nobody: "counters" },
  web_device: whole(["secret_hash"], { member_id: "ids" }),
  web_front: { nobody: "which computers show the chat" },
  web_look: whole(["look"], { member_id: "ids" }),
  web_message: parts(["seq"], {
    author_id: "ids",
    author_name: "own",
    visible_to: "ids",
    for_name: "name",
    body: "json",
  }),
  web_meta: { nobody: "the name of the log" },
  web_present: among(whole(["front", "room", "member_id"], { member_id: "ids" })),
  web_room: parts(["slug"], { creator_id: "ids" }),
  web_seat: whole(["room", "member_id"], { member_id: "ids" }),
  web_word: among(whole(["seq"], { word: "json" })),
  // Last: others point at it.
  web_member: whole(["id"], { id: "ids" }),
};

/** "goes": a value that names somebody, by its key or in it, is theirs. "stays": it is a chat's, without what names them. */
export type ValueHolds = "goes" | "stays" | HoldsNobody;

/** By namespace; of a module's by what it begins with. */
const VALUES: Readonly<Record<string, ValueHolds>> = {
  "chat-approvals": "stays",
  "chat-brands": "stays",
  "chat-logos": "stays",
  "chat-settings": "stays",
  core: { nobody: "keys of the installation" },
  languages: "goes",
  "link-codes": "goes",
  "meeting-codes": "goes",
  "retention-graces": "stays",
  "seed-locks": "stays",
};
/** What adapters note is about one message, one member or one chat with a bot: whoever it names, it can be asked for anew. */
const OF_PLATFORMS: ValueHolds = "goes";
const PLATFORM = /^(discord|loopback|telegram|web)\./;

/** `undefined`: nobody has said. */
export const valuesIn = (namespace: string): ValueHolds | undefined =>
  PLATFORM.test(namespace) ? OF_PLATFORMS : VALUES[namespace.replace(/\..*$/, "")];
