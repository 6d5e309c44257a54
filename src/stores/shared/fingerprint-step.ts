/** What each picture looks like, to be found again: see `fingerprintOf`. One of a time before has none. */
export const FINGERPRINT_STEP = `
  CREATE TABLE fingerprint(
    image_id TEXT PRIMARY KEY REFERENCES picture(image_id) ON DELETE CASCADE,
    bits TEXT NOT NULL) STRICT, WITHOUT ROWID;
`;
