import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { systemClock } from "../../src/lib/clock.ts";
import type { KeyValues } from "../../src/ports/key-values.ts";
import type { Log } from "../../src/ports/log.ts";
import type { AdapterServices, BackendServices } from "../../src/ports/module.ts";
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

/** Small values in memory; hand the same one to a second adapter to play a restart. */
export function valuesInMemory(): KeyValues {
  const values = new Map<string, string>();
  return {
    get: async (key) => values.get(key),
    set: async (key, value) => void values.set(key, value),
    delete: async (key) => values.delete(key),
    entries: async (prefix) =>
      [...values].filter(([key]) => key.startsWith(prefix)).toSorted(([a], [b]) => (a < b ? -1 : 1)),
  };
}

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
    folder,
    groupLog: async () => openGroupLog(path.join(folder("webchat"), "webchat.sqlite"), clock.nowMs),
    ...replaced,
  };
}
