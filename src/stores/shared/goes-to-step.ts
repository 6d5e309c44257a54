/** Whoever's message it is, is in a chat, and its key begins with the platform. What is asked for most often comes first. */
const CHAT_OF = (ownerId: string): string => `coalesce(
      (SELECT chat_key FROM job WHERE job_id = ${ownerId}), (SELECT chat_key FROM decision WHERE decision_id = ${ownerId}),
      (SELECT chat_key FROM meeting WHERE meeting_id = ${ownerId}), (SELECT chat_key FROM document WHERE document_id = ${ownerId}))`;
const inSqlite = (ownerId: string): string =>
  `(SELECT substr(chat, 1, instr(chat, ':') - 1) FROM (SELECT ${CHAT_OF(ownerId)} AS chat))`;
const inPostgres = (ownerId: string): string => `split_part(${CHAT_OF(ownerId)}, ':', 1)`;

/**
 * To which platform a message goes, so that what is owed to one that is slow is not read for the others. A chat may get another id,
 * never another platform. The table fills it itself: no rule can forget it, and a process of an older version beside this one
 * writes it as well. What nobody owns any more is owed to nobody.
 */
const indexOver = (goesTo: string): string => `
  UPDATE outbox SET goes_to = ${goesTo};
  UPDATE outbox SET abandoned = 1 WHERE goes_to IS NULL AND abandoned = 0;
  DROP INDEX outbox_owed;
  CREATE INDEX outbox_owed ON outbox(goes_to, seq, not_before_ms) WHERE abandoned = 0 AND revision > posted_revision;`;

/** See `LATER_STEPS`. Whoever hears that something is owed hears where: an older version looks at everything then. */
export const GOES_TO_STEP = {
  sqlite: `
  ALTER TABLE outbox ADD COLUMN goes_to TEXT;${indexOver(inSqlite("owner_id"))}
  CREATE TRIGGER outbox_goes_to AFTER INSERT ON outbox WHEN NEW.goes_to IS NULL BEGIN
    UPDATE outbox SET goes_to = ${inSqlite("NEW.owner_id")} WHERE seq = NEW.seq;
  END;`,
  postgres: `
  ALTER TABLE outbox ADD COLUMN goes_to TEXT COLLATE "C";${indexOver(inPostgres("owner_id"))}
  CREATE FUNCTION placard_goes_to() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    NEW.goes_to := ${inPostgres("NEW.owner_id")};
    RETURN NEW;
  END $$;
  CREATE TRIGGER outbox_goes_to BEFORE INSERT ON outbox FOR EACH ROW WHEN (NEW.goes_to IS NULL)
    EXECUTE FUNCTION placard_goes_to();
  CREATE FUNCTION placard_tell_owed() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM pg_notify('placard', rtrim('outbox ' || coalesce(NEW.goes_to, '')));
    RETURN NULL;
  END $$;
  DROP TRIGGER outbox_owes ON outbox;
  CREATE TRIGGER outbox_owes AFTER INSERT OR UPDATE OF revision ON outbox FOR EACH ROW EXECUTE FUNCTION placard_tell_owed();`,
};
