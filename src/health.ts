import { BackendError, DEFAULT_MEMBER_TEXT, type Health } from "./backend.ts";

/** Of the 2 s a health question may take: a busy event loop needs the rest. */
const ASK_WITHIN_MS = 1300;

/** Asks a far end how it is. Never throws: a failure is an answer, in words for people. */
export async function healthFrom(signal: AbortSignal, ask: (signal: AbortSignal) => Promise<Health>): Promise<Health> {
  try {
    return await ask(AbortSignal.any([signal, AbortSignal.timeout(ASK_WITHIN_MS)]));
  } catch (error) {
    return { up: false, reason: downReason(error) };
  }
}

/** Why a far end counts as down, for people. */
export function downReason(error: unknown): string {
  if (!(error instanceof BackendError)) return "it does not answer in time";
  // No picture was asked for, so the usual sentence about one would puzzle.
  if (error.code === "bad_response" && error.memberText === DEFAULT_MEMBER_TEXT.bad_response)
    return "it answers, but not as this program does";
  return error.memberText;
}
