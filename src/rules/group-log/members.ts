import { createHash, randomBytes } from "node:crypto";
import { looksOf } from "../../lib/look-alike.ts";
import type { Joined, WebMember } from "../../ports/group-log.ts";
import { one, run, type Tx } from "../transaction.ts";

// Who there is.

const DEVICES_MAX = 10;
const newSecret = (): string => randomBytes(24).toString("base64url");
const hashOf = (secret: string): string => createHash("sha256").update(secret).digest("hex");

const byNameKey = one<WebMember, [nameKey: string]>("SELECT id, name FROM web_member WHERE name_key = $1");
const bySecretHash = one<WebMember, [secretHash: string]>(
  `SELECT id, name FROM web_member WHERE secret_hash = $1
   UNION ALL SELECT id, name FROM web_device JOIN web_member ON id = member_id WHERE web_device.secret_hash = $1`,
);
const byId = one<WebMember, [id: string]>("SELECT id, name FROM web_member WHERE id = $1");
const since = one<{ readonly atMs: number }, [id: string]>(`SELECT made_at_ms AS "atMs" FROM web_member WHERE id = $1`);
const alike = one<{ readonly name: string }, [look: string]>(
  "SELECT name FROM web_look JOIN web_member ON id = member_id WHERE look = $1 LIMIT 1",
);
type NewMember = [id: string, name: string, nameKey: string, secretHash: string, nowMs: number];
const addMember = run<NewMember>(
  "INSERT INTO web_member(id, name, name_key, secret_hash, made_at_ms) VALUES($1, $2, $3, $4, $5)",
);
const addLook = run<[look: string, memberId: string]>("INSERT INTO web_look(look, member_id) VALUES($1, $2)");
const addSecret = run<[secretHash: string, memberId: string, nowMs: number]>(
  "INSERT INTO web_device(secret_hash, member_id, made_at_ms) VALUES($1, $2, $3)",
);
const dropSecrets = run<[memberId: string, newest: string, kept: number]>(
  `DELETE FROM web_device WHERE member_id = $1 AND secret_hash NOT IN (SELECT secret_hash FROM web_device WHERE member_id = $1
   ORDER BY CASE WHEN secret_hash = $2 THEN 0 ELSE 1 END, made_at_ms DESC, secret_hash LIMIT $3)`,
);
/** One newcomer after the other: names that look alike have no row in common to meet at. */
const oneNewcomer = run<[]>("UPDATE web_count SET last = last + 1 WHERE name = 'member'");

const plain = (row: WebMember | undefined): WebMember | undefined => row && { id: row.id, name: row.name };

export const memberById = async (tx: Tx, id: string): Promise<WebMember | undefined> => plain(await byId(tx, id));
export const memberByName = async (tx: Tx, nameKey: string): Promise<WebMember | undefined> =>
  plain(await byNameKey(tx, nameKey));
export const memberBySecret = async (tx: Tx, secret: string): Promise<WebMember | undefined> =>
  plain(await bySecretHash(tx, hashOf(secret)));
export const memberSinceMs = async (tx: Tx, id: string): Promise<number | undefined> => (await since(tx, id))?.atMs;

/** As `GroupLog.join`. */
export async function join(
  tx: Tx,
  { name, nameKey, secret }: { readonly name: string; readonly nameKey: string; readonly secret: string | undefined },
  nowMs: number,
): Promise<Joined> {
  const holder = secret === undefined ? undefined : await bySecretHash(tx, hashOf(secret));
  // Somebody can be shown under another name than they came in with.
  const whoHasIt = async () => (holder?.name === name ? holder : byNameKey(tx, nameKey));
  let known = await whoHasIt();
  if (!known && !tx.oneWriter) {
    await oneNewcomer(tx);
    known = await whoHasIt();
  }
  if (known) {
    if (holder?.id !== known.id || secret === undefined) return { refused: "taken" };
    return { member: { id: known.id, name: known.name }, secret };
  }
  const looks = looksOf(name);
  for (const look of looks) {
    const like = await alike(tx, look);
    if (like) return { refused: "alike", like: like.name };
  }
  const fresh = newSecret();
  const member = { id: `web:${randomBytes(9).toString("base64url")}`, name };
  await addMember(tx, member.id, name, nameKey, hashOf(fresh), nowMs);
  for (const look of looks) await addLook(tx, look, member.id);
  return { member, secret: fresh };
}

/** As `GroupLog.addDevice`. */
export async function addDevice(
  tx: Tx,
  memberId: string,
  nowMs: number,
): Promise<{ readonly member: WebMember; readonly secret: string } | undefined> {
  const member = await memberById(tx, memberId);
  if (!member) return undefined;
  const secret = newSecret();
  await addSecret(tx, hashOf(secret), memberId, nowMs);
  await dropSecrets(tx, memberId, hashOf(secret), DEVICES_MAX);
  return { member, secret };
}
