import type { KeyValueStorage, KeyValues } from "../ports/key-values.ts";
import { all, one, run, type Transactions, type Tx } from "./transaction.ts";

// Keyv's texts, under a namespace and a key.

/** Rows that are read at once when a namespace is listed. */
const PAGE_ROWS = 500;

type Key = [namespace: string, key: string];
interface Row {
  readonly key: string;
  readonly value: string;
}
const select = one<Pick<Row, "value">, Key>("SELECT value FROM key_value WHERE namespace = $1 AND key = $2");
const put = run<[...Key, value: string]>(
  `INSERT INTO key_value(namespace, key, value) VALUES($1, $2, $3)
   ON CONFLICT(namespace, key) DO UPDATE SET value = excluded.value`,
);
const remove = run<Key>("DELETE FROM key_value WHERE namespace = $1 AND key = $2");
const removeAll = run<[namespace: string]>("DELETE FROM key_value WHERE namespace = $1");
const first = all<Row, [namespace: string]>(
  `SELECT key, value FROM key_value WHERE namespace = $1 ORDER BY key LIMIT ${PAGE_ROWS}`,
);
const after = all<Row, Key>(
  `SELECT key, value FROM key_value WHERE namespace = $1 AND key > $2 ORDER BY key LIMIT ${PAGE_ROWS}`,
);

/** How often values may have changed. Counted before and after: what is read in between is read again. */
export interface Changes {
  in(namespace: string): number;
  /** Runs what changes values of this namespace; without one, of all. */
  by<T>(namespace: string | undefined, work: () => Promise<T>): Promise<T>;
}

export function countChanges(): Changes {
  const counts = new Map<string, number>();
  let everywhere = 0;
  const count = (namespace: string | undefined) => {
    if (namespace === undefined) everywhere += 1;
    else counts.set(namespace, (counts.get(namespace) ?? 0) + 1);
  };
  return {
    in: (namespace) => (counts.get(namespace) ?? 0) + everywhere,
    async by(namespace, work) {
      count(namespace);
      try {
        return await work();
      } finally {
        count(namespace);
      }
    },
  };
}

/** @param oneWriter nobody else changes what lies there */
export function keyValuesOver({ act, once, look }: Transactions, changes: Changes, oneWriter: boolean): KeyValues {
  return () => {
    const inside = (): string => storage.namespace ?? "";
    const change = <T>(body: (tx: Tx, namespace: string) => Promise<T>, doing = act): Promise<T> => {
      const namespace = inside();
      return changes.by(namespace, () => doing((tx) => body(tx, namespace)));
    };
    const storage: KeyValueStorage = {
      // Whatever the database: Keyv only asks whether it knows the name.
      opts: { dialect: "sqlite" },
      namespace: undefined,
      changesIn: oneWriter ? changes.in : undefined,
      on: () => storage,
      get(key) {
        const namespace = inside();
        return look(async (tx) => (await select(tx, namespace, key))?.value);
      },
      getMany(keys) {
        const namespace = inside();
        return look(async (tx) => {
          const found: (string | undefined)[] = [];
          for (const key of keys) found.push((await select(tx, namespace, key))?.value);
          return found;
        });
      },
      async set(key, value) {
        await change(async (tx, namespace) => put(tx, namespace, key, value), once);
        return true;
      },
      setMany: (entries) =>
        change(async (tx, namespace) => {
          for (const { key, value } of entries) await put(tx, namespace, key, value);
          return entries.map(() => true);
        }),
      delete: (key) => change(async (tx, namespace) => (await remove(tx, namespace, key)) === 1, once),
      deleteMany: (keys) =>
        change(async (tx, namespace) => {
          let removed = 0;
          for (const key of keys) removed += await remove(tx, namespace, key);
          return removed === keys.length;
        }),
      async clear() {
        await change(async (tx, namespace) => removeAll(tx, namespace), once);
      },
      async *iterator(namespace = "") {
        let page = await look(async (tx) => first(tx, namespace));
        for (;;) {
          for (const { key, value } of page) yield [key, value];
          const last = page.at(-1);
          if (!last) return;
          page = await look(async (tx) => after(tx, namespace, last.key));
        }
      },
    };
    return storage;
  };
}
