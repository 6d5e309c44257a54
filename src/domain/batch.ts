/** A job makes at most this many pictures, with seeds counting up. */
export const BATCH_MAX = 4;

/** One picture of a job, by its index from 0 to `BATCH_MAX` − 1, or all of them. */
export type PictureChoice = number | "all";

/** What an index looks like in an id or a key. */
export const INDEX_PATTERN = `[0-${BATCH_MAX - 1}]`;
