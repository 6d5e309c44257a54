/** A deleted picture can be brought back this long; the sweep that removes its file waits at least as long. */
export const UNDO_MS = 10 * 60 * 1000;
