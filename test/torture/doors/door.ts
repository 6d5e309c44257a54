import type fc from "fast-check";

/** One way in, and what comes in by it. */
export interface InputDoor {
  readonly name: string;
  readonly inputs: fc.Arbitrary<unknown>;
  /** Resolves with what members read of it, in words. Rejects when something broke. */
  put(input: unknown): Promise<string>;
  /** Who means no harm is served as ever. Rejects otherwise. Absent: nothing stays of an input that could be in the way. */
  honest?(): Promise<void>;
  close?(): Promise<void>;
}

export const door = <T>(name: string, inputs: fc.Arbitrary<T>, put: (input: T) => Promise<string>): InputDoor => ({
  name,
  inputs,
  // The border: a door gets only what it drew.
  put: (input) => put(input as T),
});

/** What no member should read. */
const UNREADABLE = /undefined|\[object |\bat .*\.[tj]s:\d|node_modules|NaN\b.*NaN/u;

const SHARED = [Object.prototype, Array.prototype, Function.prototype, String.prototype, Promise.prototype];
const shared = (): string => SHARED.map((each) => Reflect.ownKeys(each).map(String).join()).join(" ");
const asItWas = shared();

/** What is wrong with how a door took an input; `undefined`: nothing. */
export async function faultOf({ put }: InputDoor, input: unknown): Promise<string | undefined> {
  try {
    const text = await put(input);
    if (text.length > 20_000) return `${text.length} characters are said`;
    // What the program freezes at its start is not frozen here: it must not come to that.
    if (shared() !== asItWas) return "what all objects inherit was changed";
    return UNREADABLE.exec(text)?.[0];
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}
