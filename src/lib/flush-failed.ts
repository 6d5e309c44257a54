const CAUSES_MAX = 5;

/**
 * The disk did not confirm that it has written: what changed since may be gone after a power cut, and the system may have
 * forgotten that it owes the write. Nothing more is promised before a restart, which reads what the disk really holds.
 */
export class FlushFailed extends Error {
  override readonly name = "FlushFailed";

  constructor(file: string, cause: unknown) {
    super(`${file} could not be flushed to disk`, { cause });
  }
}

/** Looks through what caused it. */
export function isFlushFailed(error: unknown, depth = 0): boolean {
  if (!(error instanceof Error) || depth > CAUSES_MAX) return false;
  return error instanceof FlushFailed || isFlushFailed(error.cause, depth + 1);
}
