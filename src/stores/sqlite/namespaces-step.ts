import type { Database } from "./database.ts";

/** What modules kept as it was rather than as JSON, by namespace. */
const PLAIN_TEXTS: ReadonlySet<string> = new Set(["core", "telegram.webhook", "telegram.profile"]);

/**
 * Small values get their namespace in a column of its own, and those of modules the form in which Keyv keeps all others. Their
 * keys were `module:telegram:message:-100:7` and `core:button-key`; Keyv's were `chat-settings:web:room`.
 */
export function separateNamespaces(db: Database): void {
  db.exec(`
    ALTER TABLE key_value RENAME TO key_value_1;
    CREATE TABLE key_value(namespace TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,
      PRIMARY KEY(namespace, key)) STRICT, WITHOUT ROWID;`);
  const all = db.query<{ readonly key: string; readonly value: string }>("SELECT key, value FROM key_value_1");
  const put = db.query("INSERT INTO key_value VALUES(?, ?, ?)");
  for (const { key, value } of all.all()) {
    const [first, rest] = cut(key);
    if (first === "module") {
      const [module, own] = cut(rest);
      // What had no kind was the only one of its kind.
      const [kind, ownKey] = own.includes(":") ? cut(own) : [own, "all"];
      const namespace = `${module}.${kind}`;
      put.run(namespace, ownKey, keyvText(namespace, value));
    } else put.run(first, rest, first === "core" ? keyvText(first, value) : value);
  }
  db.exec("DROP TABLE key_value_1");
}

function cut(key: string): readonly [before: string, after: string] {
  const at = key.indexOf(":");
  return at === -1 ? [key, ""] : [key.slice(0, at), key.slice(at + 1)];
}

function keyvText(namespace: string, text: string): string {
  // Keyv puts ":" before texts that begin with one: it has marks of its own that do.
  return JSON.stringify({ value: PLAIN_TEXTS.has(namespace) ? text : parsed(text) }, (_key, value: unknown) =>
    typeof value === "string" && value.startsWith(":") ? `:${value}` : value,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
