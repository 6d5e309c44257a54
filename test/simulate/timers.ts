/** What is due when: the earliest first, and of one moment in the order they were set. Unix ms, whole numbers. */
export interface Due {
  readonly atMs: number;
  readonly run: () => void;
  /** It is passed over in its turn: to take it out of the middle would cost more. */
  off: boolean;
}

interface Entry extends Due {
  readonly seq: number;
}

const before = (one: Entry, other: Entry): boolean =>
  one.atMs < other.atMs || (one.atMs === other.atMs && one.seq < other.seq);

/** A binary heap: an hour has millions of them, most of which are called off. */
export class Timers {
  readonly #heap: Entry[] = [];
  #seq = 0;

  add(atMs: number, run: () => void): Due {
    this.#seq += 1;
    const entry: Entry = { atMs, run, off: false, seq: this.#seq };
    this.#heap.push(entry);
    this.#up(this.#heap.length - 1);
    return entry;
  }

  /** The next that was not called off; it stays. */
  first(): Due | undefined {
    while (this.#heap[0]?.off === true) this.#remove();
    return this.#heap[0];
  }

  take(): Due | undefined {
    const next = this.first();
    if (next) this.#remove();
    return next;
  }

  #remove(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#down(0);
  }

  #up(from: number): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#swapped(at, parent)) return;
      at = parent;
    }
  }

  #down(from: number): void {
    let at = from;
    for (;;) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      const leftOne = this.#heap[left];
      const rightOne = this.#heap[right];
      if (!leftOne) return;
      const child = rightOne && before(rightOne, leftOne) ? right : left;
      if (!this.#swapped(child, at)) return;
      at = child;
    }
  }

  /** Puts the lower one above, where it comes before the upper one. */
  #swapped(lower: number, upper: number): boolean {
    const [low, up] = [this.#heap[lower], this.#heap[upper]];
    if (!low || !up || !before(low, up)) return false;
    this.#heap[lower] = up;
    this.#heap[upper] = low;
    return true;
  }
}
