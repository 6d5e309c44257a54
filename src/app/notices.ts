import type { Notices } from "../ports/notices.ts";

/** In memory: what still holds is said again by whoever meets it after a restart. */
export function createNotices(): Notices & { all(): readonly string[] } {
  const sentences = new Map<string, string>();
  return {
    say(id, sentence) {
      if (sentence === undefined) sentences.delete(id);
      else sentences.set(id, sentence);
    },
    all: () => [...sentences.values()],
  };
}
