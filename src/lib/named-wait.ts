import { BoundedMap } from "./bounded-map.ts";

/** No honest one asks for more: a day's free time comes back within two. */
const LONGEST_MS = 48 * 3_600_000;

/**
 * A wait as a far end named it, in ms, made usable. `undefined`: it named none, which is also said by nothing, zero, a time
 * that has passed, and what is no number. A wait taken as it comes would let a far end have us ask it hundreds of times a second.
 *
 * @param shortestMs what is shorter becomes this
 */
export function namedWaitMs(named: number | undefined, shortestMs = 1000): number | undefined {
  if (named === undefined || !Number.isFinite(named) || named <= 0) return undefined;
  return Math.min(LONGEST_MS, Math.max(shortestMs, Math.ceil(named)));
}

export interface Growth {
  readonly firstMs: number;
  readonly longestMs: number;
}

/**
 * How long to wait before asking again: as long as was asked for, and longer with every failure.
 *
 * @param failures in a row, from 1
 */
export function growingWaitMs(askedMs: number | undefined, failures: number, { firstMs, longestMs }: Growth): number {
  const grownMs = firstMs * 2 ** Math.min(Math.max(0, failures - 1), 30);
  return Math.max(namedWaitMs(askedMs, 1) ?? 0, Math.min(longestMs, grownMs));
}

/** What is asked at once is few things; who is told to wait about more of them is told anew. */
const KEYS_MAX = 1000;

/** For libraries that obey whatever a far end names: how long it really has to be, by what is asked. */
export interface ToldWaits {
  /** Refused once more. @returns the wait to hand to the library, in ms */
  told(key: string, namedMs: number | undefined): number;
  /** Answered: the next refusal is the first one. */
  answered(key: string): void;
}

export function createToldWaits(growth: Growth): ToldWaits {
  const inARow = new BoundedMap<number>(KEYS_MAX);
  return {
    told(key, namedMs) {
      const failures = (inARow.get(key) ?? 0) + 1;
      inARow.set(key, failures);
      return growingWaitMs(namedMs, failures, growth);
    },
    answered: (key) => inARow.delete(key),
  };
}
