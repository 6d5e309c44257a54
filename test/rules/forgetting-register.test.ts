import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { STORE_TABLES, valuesIn, WEB_TABLES } from "../../src/rules/forgetting/register.ts";
import { TABLES } from "../../src/stores/postgres/tables.ts";
import { LATER_STEPS } from "../../src/stores/shared/later-steps.ts";
import { MEMORY, openDatabase } from "../../src/stores/sqlite/database.ts";
import { migrateGroupLog } from "../../src/stores/sqlite/group-log/schema.ts";
import { migrate } from "../../src/stores/sqlite/schema.ts";

interface Column {
  readonly table: string;
  readonly name: string;
  readonly type: string;
}
const COLUMNS = `SELECT m.name AS "table", c.name, c.type FROM sqlite_master m, pragma_table_info(m.name) c
  WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'`;
function columnsOf(make: typeof migrate): readonly Column[] {
  const file = openDatabase(MEMORY);
  onTestFinished(() => file.close());
  make(file);
  return file.query<Column>(COLUMNS).all();
}
const tablesIn = (columns: readonly Column[]) => [...new Set(columns.map(({ table }) => table))].toSorted();
const named = (register: typeof STORE_TABLES, among: boolean) =>
  Object.entries(register)
    .filter(([, holds]) => among || !("among" in holds))
    .map(([table]) => table)
    .toSorted();

/** Texts that say nothing of anybody, with what they say. */
const SILENT: Readonly<Record<string, string>> = {
  "block.member_id": "taken out by itself: a block stays, under a hash",
  "block.member_name": "taken out with it",
  "block.reason": "taken out by itself",
  "decision.decision_id": "an id of ours",
  "decision.kind": "a word of ours",
  "decision.state": "a word of ours",
  "decision.subject_job_id": "an id of ours",
  "decision.votes_tag": "chance",
  "decision.won_image_id": "an id of ours",
  "decision_vote.allowance": "numbers",
  "decision_vote.choices": "ids of options",
  "decision_vote.decision_id": "an id of ours",
  "decision_vote.reason": "taken out by itself",
  "document.claim_id": "chance",
  "document.document_id": "an id of ours",
  "document.file": "taken out with its row",
  "document.state": "a word of ours",
  "hide_press.job_id": "an id of ours",
  "hold.address_key": "taken out by itself",
  "hold.job_id": "an id of ours",
  "hold.state": "a word of ours",
  "job.attached_backend": "a backend",
  "job.attached_key": "a far end's number for its work",
  "job.claim_id": "chance",
  "job.job_id": "an id of ours",
  "job.lane": "a backend",
  "job.said_words": "taken out by itself",
  "job.state": "a word of ours",
  "job_progress.job_id": "an id of ours",
  "job_progress.preview": "a picture that is not finished, gone with its job",
  "link.name": "taken out with its row",
  "meeting.code": "chance",
  "meeting.meeting_id": "an id of ours",
  "meeting.state": "a word of ours",
  "meeting.wall_key": "chance",
  "moderation_step.job_id": "an id of ours",
  "moderation_step.verb": "a word of ours",
  "outbox.chat_id": "of a chat with the bot alone, taken out by itself",
  "outbox.goes_to": "a platform",
  "outbox.kind": "a word of ours",
  "outbox.message_id": "a platform's number for a message of ours",
  "outbox.owner_id": "an id of ours",
  "outbox.platform": "a platform",
  "picture.image_id": "an id of ours",
  "picture.job_id": "an id of ours",
  "picture.sha256": "a sum",
  "shown.image_id": "an id of ours",
  "shown.message_id": "a platform's number for a message of ours",
  "web_device.secret_hash": "taken out with its row",
  "web_look.look": "taken out with its row",
  "web_member.name": "taken out with its row",
  "web_member.name_key": "taken out with its row",
  "web_member.secret_hash": "taken out with its row",
  "web_message.answered": "a word of ours",
  "web_message.command": "taken out with its message",
  "web_message.held_by": "chance",
  "web_message.id": "chance",
  "web_message.nonce": "chance, or an id of ours",
  "web_message.room": "a group",
  "web_message.upload_id": "chance",
  "web_room.slug": "a group",
  "web_room.title": "a group",
  "web_seat.room": "a group",
  "withheld.job_id": "an id of ours",
  "withheld.reason": "taken out by itself",
  "withheld.state": "a word of ours",
  "withheld.why": "a rule, a label or a number",
};

it("names every table, and every text in it, of the store and of the web chat", () => {
  const store = columnsOf(migrate);
  const web = columnsOf(migrateGroupLog);
  expect(named(STORE_TABLES, false).filter((table) => table !== "leader")).toEqual(tablesIn(store));
  expect(named(WEB_TABLES, false)).toEqual([...tablesIn(web), "web_count", "web_front"].toSorted());
  const registers = { ...STORE_TABLES, ...WEB_TABLES };
  const unnamed = [...store, ...web].flatMap(({ table, name, type }) => {
    const holds = registers[table];
    if (type !== "TEXT" || !holds || "nobody" in holds || name in holds.columns) return [];
    return [`${table}.${name}`];
  });
  expect(unnamed.toSorted()).toEqual(Object.keys(SILENT).toSorted());
});

it("names every table that PostgreSQL has besides", () => {
  const texts = [TABLES, ...LATER_STEPS.map((step) => (typeof step === "string" ? step : step.postgres))].join("\n");
  const tables = [...texts.matchAll(/CREATE TABLE (\w+)/g)].map(([, table]) => table ?? "");
  expect(tables.toSorted()).toEqual([...named(STORE_TABLES, true), ...named(WEB_TABLES, true)].toSorted());
});

const root = new URL("../..", import.meta.url).pathname;
const sources = (folder: string): readonly string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => readFileSync(join(root, folder, name), "utf8"));

it("names every kind of small values", () => {
  const code = [...sources("src"), ...sources("adapters")].join("\n");
  const constants = new Map(
    [...code.matchAll(/^const ([A-Z]+) = "([a-z.-]+)";$/gm)].map(([, name, value]) => [name, value]),
  );
  const opened = [
    ...[...code.matchAll(/namespace: "([a-z.-]+)"/g)].map(([, name]) => name),
    ...[...code.matchAll(/\bopen\(([A-Z]+), /g)].map(([, name]) => constants.get(name)),
    ...[...code.matchAll(/timed\.open\("([a-z.-]+)"/g)].map(([, name]) => name),
    ...[...code.matchAll(/(?:deps\.|\b)values\("([a-z.-]+)", /g)].map(([, kind]) => `telegram.${kind}`),
  ];
  expect(opened.length).toBeGreaterThan(25);
  expect(opened.filter((name) => name === undefined || valuesIn(name) === undefined)).toEqual([]);
  expect(valuesIn("something-new")).toBeUndefined();
});
