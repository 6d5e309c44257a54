import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { moduleValues } from "../../src/app/modules.ts";
import { systemClock } from "../../src/lib/clock.ts";
import type { KeyValueStorage, KeyValues } from "../../src/ports/key-values.ts";
import type { Log } from "../../src/ports/log.ts";
import type { AdapterServices, BackendServices, ModuleValues } from "../../src/ports/module.ts";
import { openValues, type Values } from "../../src/ports/values.ts";
import { openGroupLog } from "../../src/stores/sqlite/group-log.ts";

const none = () => undefined;
export const silentLog: Log = { debug: none, info: none, warn: none, error: none };

/** Everything that was logged, as JSON lines. */
export function recordedLog(): { readonly log: Log; readonly logged: readonly string[] } {
  const logged: string[] = [];
  const note =
    (level: string) =>
    (fact: string, fields: Readonly<Record<string, unknown>> = {}) =>
      void logged.push(JSON.stringify({ level, fact, ...fields, error: causes(fields["error"]) }));
  return { logged, log: { debug: note("debug"), info: note("info"), warn: note("warn"), error: note("error") } };
}

/** All that a log could show of an error: what must not be in a log can hide in a cause or a stack. */
function causes(error: unknown): string {
  if (error === undefined) return "";
  return error instanceof Error ? `${error.stack ?? error.message} ${causes(error.cause)}`.trim() : String(error);
}

/** Small values in memory. */
export function keyValuesInMemory(): KeyValues {
  const namespaces = new Map<string | undefined, Map<string, string>>();
  return () => {
    const inside = (namespace = storage.namespace) => {
      const values = namespaces.get(namespace) ?? new Map<string, string>();
      namespaces.set(namespace, values);
      return values;
    };
    const storage: KeyValueStorage = {
      opts: { dialect: "sqlite" },
      namespace: undefined,
      on: () => storage,
      get: async (key) => inside().get(key),
      getMany: async (keys) => keys.map((key) => inside().get(key)),
      async set(key, value) {
        inside().set(key, value);
        return true;
      },
      setMany: async (entries) => entries.map(({ key, value }) => inside().set(key, value).has(key) as true),
      delete: async (key) => inside().delete(key),
      deleteMany: async (keys) => keys.map((key) => inside().delete(key)).every(Boolean),
      clear: async () => inside().clear(),
      async *iterator(namespace) {
        yield* [...inside(namespace)].toSorted(([a], [b]) => (a < b ? -1 : 1));
      },
    };
    return storage;
  };
}

/** A module's own small values in memory; hand the same to a second adapter to play a restart. */
export const valuesInMemory = (): ModuleValues => {
  const keyValues = keyValuesInMemory();
  return moduleValues("module", () => keyValues);
};

/** What lies in a namespace, whatever its shape. */
export const valuesIn = (keyValues: KeyValues, namespace: string): Values<unknown> =>
  openValues({ storage: keyValues(), namespace, read: (value) => value });

type ModuleParts = AdapterServices & BackendServices;

/** What a module is handed, over a folder of its own, with every part replaceable. */
export function moduleServices(parts: Partial<ModuleParts> & { readonly under?: string } = {}): ModuleParts {
  const { under, ...replaced } = parts;
  let madeFolder = under;
  const folder = (name: string) => {
    madeFolder ??= mkdtempSync(path.join(tmpdir(), "placard-module-"));
    const made = path.join(madeFolder, name);
    mkdirSync(made, { recursive: true });
    return made;
  };
  const clock = parts.clock ?? systemClock;
  return {
    log: silentLog,
    clock,
    styles: [],
    values: valuesInMemory(),
    notices: { say: none },
    operators: [],
    publicUrl: undefined,
    folder,
    commonFolder: folder,
    groupLog: async () => openGroupLog(path.join(folder("webchat"), "webchat.sqlite"), clock.nowMs),
    ...replaced,
  };
}
