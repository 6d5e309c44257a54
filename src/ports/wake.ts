/**
 * What was told: jobs may wait to be claimed, messages are owed, or a running job has ended, perhaps by somebody else.
 * `undefined`: anything may have changed, nobody was listening for a while.
 */
export type WakeWord =
  | { readonly about: "jobs" }
  | { readonly about: "outbox" }
  | { readonly about: "ended"; readonly jobId: string };

/**
 * What one process learns of what others do in the same database: told with the change itself, at its commit and never before it.
 * A word is only a hint to look, and can get lost: rows are the truth. So everybody is also woken after each time the line was
 * cut, and every few seconds.
 */
export interface Wake {
  /** @returns what ends it */
  hear(woken: (word: WakeWord | undefined) => void): () => void;
}
