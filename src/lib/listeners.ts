/** Those who want to know of something. */
export interface Listeners {
  /** Once for all of them; none of them throws. */
  tell(): void;
  /** @returns ends it */
  add(listener: () => void): () => void;
}

export function createListeners(): Listeners {
  const all = new Set<() => void>();
  return {
    tell() {
      for (const listener of all) listener();
    },
    add(listener) {
      // Each is its own, also where one function is added twice.
      const own = () => listener();
      all.add(own);
      return () => void all.delete(own);
    },
  };
}
