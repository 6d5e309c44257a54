import type { FlushFailed } from "../../lib/flush-failed.ts";
import type { KeyValueStorage } from "../../ports/key-values.ts";
import type { Flush } from "./flush.ts";

type Methods<T> = { [K in keyof T]: T[K] extends (...args: never[]) => Promise<unknown> ? T[K] : never };
type Method = (...args: readonly unknown[]) => Promise<unknown>;

/**
 * The same methods, but each resolves only when what it saw or did is on disk. A commit is visible to every reader before it
 * is durable, so reads wait as well: a repeated update is not acknowledged, no message posted, and nothing asked of a far end
 * because of a row that a power cut could take back. Where all is on disk already that costs a microsecond.
 *
 * After a failed flush they reject, before doing anything, but for the `shown` ones: those only show something, and say
 * what may be lost as if it were there.
 */
export function onlyDurable<T extends Methods<T>>(
  methods: T,
  { flush, failure }: Flush,
  shown: ReadonlySet<string>,
): T {
  const waiting = (name: string, method: Method): Method => {
    const isShown = shown.has(name);
    return async (...args) => {
      const before: FlushFailed | undefined = failure();
      if (before && !isShown) throw before;
      const result = await method(...args);
      if (!before || !isShown) await flush();
      return result;
    };
  };
  // The border to untyped names: every method keeps its own, with its types.
  return Object.fromEntries(
    Object.entries<Method>(methods as Record<string, Method>).map(([name, method]) => [name, waiting(name, method)]),
  ) as T;
}

const READS: ReadonlySet<string> = new Set(["get", "getMany"]);

/** The same of small values. In the same object, as its methods read the namespace that Keyv writes into it. */
export function durableStorage(storage: KeyValueStorage, flush: Flush): KeyValueStorage {
  const { get, getMany, set, setMany, delete: remove, deleteMany, clear, iterator } = storage;
  const methods = { get, getMany, set, setMany, delete: remove, deleteMany, clear };
  const seen = async () => {
    if (!flush.failure()) await flush.flush();
  };
  return Object.assign(storage, onlyDurable(methods, flush, READS), {
    async *iterator(namespace?: string) {
      for await (const row of iterator(namespace)) {
        await seen();
        yield row;
      }
      await seen();
    },
  });
}
