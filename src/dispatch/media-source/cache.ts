import type { Media } from "../../ports/chat.ts";

/** The oldest are made anew when they are asked for again. Copies for screens have tens of KB, grids of large pictures tens of MB. */
const ENTRIES_MAX = 2000;
const KEPT_MAX_BYTES = 64 * 1024 * 1024;

interface Entry {
  readonly made: Promise<Media | undefined>;
  /** 0 until it is made. */
  bytes: number;
}

/** Makes each derived picture once. What could not be made is tried again by the next who asks. */
export function createMediaCache(): (
  key: string,
  make: () => Promise<Media | undefined>,
) => Promise<Media | undefined> {
  const cached = new Map<string, Entry>();
  let keptBytes = 0;

  function forget(key: string, entry: Entry): void {
    if (cached.get(key) !== entry) return;
    cached.delete(key);
    keptBytes -= entry.bytes;
  }

  function forgetOldest(): void {
    for (const [key, entry] of cached) {
      if (cached.size <= ENTRIES_MAX && keptBytes <= KEPT_MAX_BYTES) return;
      forget(key, entry);
    }
  }

  return (key, make) => {
    const known = cached.get(key);
    if (known) return known.made;
    const entry: Entry = { made: make(), bytes: 0 };
    cached.set(key, entry);
    entry.made.then(
      (media) => {
        if (!media) return forget(key, entry);
        if (cached.get(key) !== entry) return;
        entry.bytes = media.bytes.length;
        keptBytes += entry.bytes;
        forgetOldest();
      },
      () => forget(key, entry),
    );
    forgetOldest();
    return entry.made;
  };
}
