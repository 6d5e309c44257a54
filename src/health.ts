import { BackendError, type Health } from "./backend.ts";

/** Asks a far end how it is. Never throws: a failure is an answer, in words for people. */
export async function healthFrom(ask: () => Promise<Health>): Promise<Health> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof BackendError)) return { up: false, reason: "it does not answer in time" };
    return {
      up: false,
      reason: error.code === "bad_response" ? "it answers, but not as this program does" : error.memberText,
    };
  }
}
