import type { Media } from "../../ports/chat.ts";

/** The oldest are made anew when they are asked for again. */
const ENTRIES_MAX = 200;

/** Makes each derived picture once. What could not be made is tried again by the next who asks. */
export function createMediaCache(): (
  key: string,
  make: () => Promise<Media | undefined>,
) => Promise<Media | undefined> {
  const cached = new Map<string, Promise<Media | undefined>>();
  return (key, make) => {
    const known = cached.get(key);
    if (known) return known;
    const made = make();
    cached.set(key, made);
    made.then(
      (media) => media ?? cached.delete(key),
      () => cached.delete(key),
    );
    const oldest = cached.keys().next();
    if (cached.size > ENTRIES_MAX && oldest.done !== true) cached.delete(oldest.value);
    return made;
  };
}
