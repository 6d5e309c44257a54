import type { KeyValueStorage, KeyValues } from "../ports/key-values.ts";
import { all, one, run, type Transactions } from "./transaction.ts";

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

export function keyValuesOver({ act, look }: Transactions): KeyValues {
  return () => {
    const inside = (): string => storage.namespace ?? "";
    const storage: KeyValueStorage = {
      // Whatever the database: Keyv only asks whether it knows the name.
      opts: { dialect: "sqlite" },
      namespace: undefined,
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
        const namespace = inside();
        await act(async (tx) => put(tx, namespace, key, value));
        return true;
      },
      setMany(entries) {
        const namespace = inside();
        return act(async (tx) => {
          for (const { key, value } of entries) await put(tx, namespace, key, value);
          return entries.map(() => true);
        });
      },
      delete(key) {
        const namespace = inside();
        return act(async (tx) => (await remove(tx, namespace, key)) === 1);
      },
      deleteMany(keys) {
        const namespace = inside();
        return act(async (tx) => {
          let removed = 0;
          for (const key of keys) removed += await remove(tx, namespace, key);
          return removed === keys.length;
        });
      },
      async clear() {
        const namespace = inside();
        await act(async (tx) => removeAll(tx, namespace));
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
