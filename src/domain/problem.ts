import type { Text } from "./text.ts";

/**
 * A refusal a member can understand and usually act on. It is a value, not an
 * exception: nothing broke. Never holds a stack, a URL, a path or a secret.
 */
export interface Problem {
  readonly code:
    | "bad_args"
    | "unknown_command"
    | "quota_used"
    | "queue_full"
    | "not_allowed"
    | "cannot_honour"
    | "no_backend"
    | "rejected"
    | "expired"
    | "not_found"
    | "cancelled"
    | "internal";
  /** Shown as it is: what is the matter and what to do next. */
  readonly text: Text;
  /** When trying again can help, in Unix ms. Absent when waiting will not help. */
  readonly retryAtMs?: number;
}

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem };

export const ok = <T>(value: T): Result<T> => ({ ok: true, value });
export const refuse = (problem: Problem): Result<never> => ({ ok: false, problem });
