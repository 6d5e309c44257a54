/**
 * Tables in SQLite's words, in PostgreSQL's. Texts are compared by their bytes, as SQLite does it: the order of a language would
 * be another one on another server.
 */
export const inPostgres = (text: string): string =>
  text
    .replace(/\bINTEGER PRIMARY KEY( AUTOINCREMENT)?/g, "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY")
    .replace(/\bINTEGER\b/g, "BIGINT")
    .replace(/\bREAL\b/g, "DOUBLE PRECISION")
    .replace(/\bTEXT\b/g, 'TEXT COLLATE "C"')
    .replace(/\)\s+STRICT(, WITHOUT ROWID)?;/g, ");");
