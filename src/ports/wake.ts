/**
 * What was told. "jobs": jobs may wait to be claimed. "outbox": messages are owed, to one platform or, where that is not told, to any. "documents": a document waits to be made.
 * "ended": a running job has ended, perhaps by somebody else. "progress": a job that runs somewhere shows more than before. "backends": how one is doing, or a slot at it, has
 * changed. "leader": a reign was given back. "chat": the web chat's log or what its tabs are told has grown.
 * `undefined`: anything may have changed, nobody was listening for a while.
 */
export type WakeWord =
  | { readonly about: "jobs" | "documents" | "backends" | "leader" | "chat" }
  | { readonly about: "outbox"; readonly platform?: string }
  | { readonly about: "ended" | "progress"; readonly jobId: string };

/**
 * What one process learns of what others do in the same database: told with the change itself, at its commit and never before it.
 * A word is only a hint to look, and can get lost: rows are the truth. So everybody is also woken after each time the line was
 * cut, and every few seconds.
 */
export interface Wake {
  /** @returns what ends it */
  hear(woken: (word: WakeWord | undefined) => void): () => void;
}
