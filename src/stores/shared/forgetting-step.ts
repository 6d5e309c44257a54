/** Who asked to be forgotten, until that is done. `body`: whom it is about, JSON, see rules/forgetting/plans.ts; of one that is almost done, nobody. */
export const FORGETTING_STEP = `
  CREATE TABLE forgetting(
    forgetting_id TEXT PRIMARY KEY,
    asked_at_ms INTEGER NOT NULL,
    body TEXT NOT NULL) STRICT, WITHOUT ROWID;
`;
