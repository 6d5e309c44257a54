/** People with several accounts, and what members gave their chats to spend together. */
export const PERSONS_STEP = `
  -- Accounts that are one person; one alone has no row. Its bucket then lies under the person's id, and under no account's.
  CREATE TABLE link(
    member_id TEXT PRIMARY KEY,
    person_id TEXT NOT NULL,
    name TEXT NOT NULL,
    since_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE INDEX link_person ON link(person_id, since_ms);

  -- What a payer is called, and how many equal parts of the whole they bear. A pot pays as "pot:" and the key of its chat.
  ALTER TABLE hold ADD COLUMN name TEXT;
  ALTER TABLE hold ADD COLUMN parts INTEGER NOT NULL DEFAULT 1;

  CREATE TABLE gift(
    seq INTEGER PRIMARY KEY,
    pot_id TEXT NOT NULL,
    member_id TEXT NOT NULL,
    name TEXT NOT NULL,
    gpu_ms INTEGER NOT NULL,
    at_ms INTEGER NOT NULL) STRICT;
  CREATE INDEX gift_pot ON gift(pot_id, at_ms);
  CREATE INDEX gift_member ON gift(member_id, at_ms);
  `;
