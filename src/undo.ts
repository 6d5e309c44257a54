/** A deleted picture can be brought back this long; then its file goes. */
export const UNDO_MS = 10 * 60_000;
