import { BackendError, DEFAULT_MEMBER_TEXT, type Health } from "../../ports/backend.ts";

import { type BackendSentence, sentence } from "../../ports/backend-sentence.ts";

/** Asks a far end how it is. Never throws: a failure is an answer, in words for people. */
export async function healthFrom(ask: () => Promise<Health>): Promise<Health> {
  try {
    return await ask();
  } catch (error) {
    return { up: false, reason: downReason(error) };
  }
}

/** Why a far end counts as down, for people. */
export function downReason(error: unknown): BackendSentence {
  if (!(error instanceof BackendError)) return sentence("backend.error.slow-answer");
  // No picture was asked for, so the usual sentence about one would puzzle.
  if (error.code === "bad_response" && error.memberText === DEFAULT_MEMBER_TEXT.bad_response)
    return sentence("backend.error.other-program");
  return error.memberText;
}
