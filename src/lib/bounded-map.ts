/**
 * A map that forgets its oldest entries: for what is nice to know and known again, or not needed, after a restart. In a large
 * one many go at a time: a Map steps over all that were deleted since it last grew, and one by one that costs 10 µs and more.
 */
export class BoundedMap<V> {
  readonly #entries = new Map<string, V>();
  readonly #max: number;
  readonly #isOver: ((value: V) => boolean) | undefined;

  /**
   * @param max a few less, from 1001 on
   * @param isOver nobody will ask for it any more: it goes with the next `set`, once all that are older have gone
   */
  constructor(max: number, isOver?: (value: V) => boolean) {
    this.#max = max;
    this.#isOver = isOver;
  }

  get(key: string): V | undefined {
    return this.#entries.get(key);
  }

  has(key: string): boolean {
    return this.#entries.has(key);
  }

  /** Makes it the newest. */
  set(key: string, value: V): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size <= this.#max && !this.#isOver) return;
    const room = this.#entries.size > this.#max ? Math.ceil(this.#max / FORGOTTEN_PART) - 1 : 0;
    for (const [oldest, kept] of this.#entries) {
      if (this.#entries.size <= this.#max - room && !this.#isOver?.(kept)) break;
      this.#entries.delete(oldest);
    }
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  get size(): number {
    return this.#entries.size;
  }
}

/** One part of so many goes at once. */
const FORGOTTEN_PART = 1000;
