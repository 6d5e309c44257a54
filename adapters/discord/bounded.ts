/** A map that forgets its oldest entries: for what is nice to know and known again, or not needed, after a restart. */
export class Bounded<V> {
  readonly #entries = new Map<string, V>();
  readonly #max: number;
  readonly #isOver: (value: V) => boolean;

  /** @param isOver nobody will ask for it any more: it goes with the next `set`, once all that are older have gone */
  constructor(max: number, isOver: (value: V) => boolean = () => false) {
    this.#max = max;
    this.#isOver = isOver;
  }

  get(key: string): V | undefined {
    return this.#entries.get(key);
  }

  /** Makes it the newest. */
  set(key: string, value: V): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    for (const [oldest, kept] of this.#entries) {
      if (this.#entries.size <= this.#max && !this.#isOver(kept)) break;
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
