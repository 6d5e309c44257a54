/**
 * The web chat's tables in a database that several processes share; where one has all of it they lie in a file of their own, under
 * the same names. Beside them what those processes tell each other: counters that give out numbers in the order of commits, who is
 * present, and words of the last minute.
 */
export const WEB_CHAT_STEP = {
  sqlite: "",
  postgres: `
    CREATE TABLE web_meta(key TEXT COLLATE "C" PRIMARY KEY, value TEXT COLLATE "C" NOT NULL);
    CREATE TABLE web_count(name TEXT COLLATE "C" PRIMARY KEY, last BIGINT NOT NULL) WITH (fillfactor = 50);
    INSERT INTO web_count VALUES ('rev', 0), ('word', 0), ('member', 0);
    CREATE TABLE web_member(id TEXT COLLATE "C" PRIMARY KEY, name TEXT COLLATE "C" NOT NULL,
      name_key TEXT COLLATE "C" NOT NULL UNIQUE, secret_hash TEXT COLLATE "C" NOT NULL UNIQUE, made_at_ms BIGINT NOT NULL);
    CREATE TABLE web_look(look TEXT COLLATE "C" PRIMARY KEY, member_id TEXT COLLATE "C" NOT NULL REFERENCES web_member);
    CREATE TABLE web_device(secret_hash TEXT COLLATE "C" PRIMARY KEY,
      member_id TEXT COLLATE "C" NOT NULL REFERENCES web_member, made_at_ms BIGINT NOT NULL);
    CREATE INDEX web_device_member ON web_device(member_id);
    CREATE TABLE web_room(slug TEXT COLLATE "C" PRIMARY KEY, title TEXT COLLATE "C" NOT NULL,
      creator_id TEXT COLLATE "C" NOT NULL, made_at_ms BIGINT NOT NULL);
    CREATE TABLE web_seat(room TEXT COLLATE "C" NOT NULL REFERENCES web_room,
      member_id TEXT COLLATE "C" NOT NULL REFERENCES web_member, "left" BIGINT NOT NULL DEFAULT 0, waits_ms BIGINT,
      PRIMARY KEY(member_id, room));
    CREATE TABLE web_message(seq BIGINT PRIMARY KEY, rev BIGINT NOT NULL UNIQUE, id TEXT COLLATE "C" NOT NULL UNIQUE,
      room TEXT COLLATE "C" NOT NULL REFERENCES web_room, at_ms BIGINT NOT NULL, author_id TEXT COLLATE "C",
      author_name TEXT COLLATE "C", visible_to TEXT COLLATE "C", for_name TEXT COLLATE "C", body TEXT COLLATE "C" NOT NULL,
      nonce TEXT COLLATE "C" NOT NULL UNIQUE, command TEXT COLLATE "C", heard BIGINT NOT NULL DEFAULT 1,
      answered TEXT COLLATE "C", held_by TEXT COLLATE "C", held_until_ms BIGINT, upload_id TEXT COLLATE "C",
      picture BIGINT NOT NULL DEFAULT 0, closes_at_ms BIGINT);
    CREATE INDEX web_message_room_seq ON web_message(room, seq);
    CREATE INDEX web_message_room_rev ON web_message(room, rev);
    CREATE INDEX web_message_unheard ON web_message(seq) WHERE heard = 0;
    CREATE INDEX web_message_upload ON web_message(upload_id) WHERE upload_id IS NOT NULL;
    CREATE INDEX web_message_undecided ON web_message(room, closes_at_ms) WHERE closes_at_ms IS NOT NULL;
    CREATE TABLE web_front(front TEXT COLLATE "C" PRIMARY KEY, until_ms BIGINT NOT NULL);
    CREATE TABLE web_present(front TEXT COLLATE "C" NOT NULL REFERENCES web_front ON DELETE CASCADE,
      room TEXT COLLATE "C" NOT NULL, member_id TEXT COLLATE "C" NOT NULL, name TEXT COLLATE "C" NOT NULL,
      PRIMARY KEY(front, room, member_id));
    CREATE INDEX web_present_room ON web_present(room);
    CREATE TABLE web_word(seq BIGINT PRIMARY KEY, at_ms BIGINT NOT NULL, word TEXT COLLATE "C" NOT NULL);
    CREATE INDEX web_word_age ON web_word(at_ms);
    CREATE TRIGGER web_grew AFTER UPDATE ON web_count FOR EACH ROW WHEN (NEW.name IN ('rev', 'word'))
      EXECUTE FUNCTION placard_tell('chat');`,
};
