const CAUSES_MAX = 5;

/**
 * The database cannot be reached, or does not answer. Nothing of what was asked was done, unless its answer was all that got
 * lost; it is worth asking again in a minute.
 */
export class DatabaseAway extends Error {
  override readonly name = "DatabaseAway";

  constructor(cause: unknown) {
    super("the database cannot be reached", { cause });
  }
}

/** Looks through what caused it. */
export function isDatabaseAway(error: unknown, depth = 0): boolean {
  if (!(error instanceof Error) || depth > CAUSES_MAX) return false;
  return error instanceof DatabaseAway || isDatabaseAway(error.cause, depth + 1);
}
