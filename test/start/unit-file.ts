import { readFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = join(import.meta.dirname, "../../start/systemd");
/** What systemd starts a service of the system with. */
const BARE: Readonly<Record<string, string>> = {
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin",
  LANG: "C.UTF-8",
};

/** What systemd makes of a unit file, as far as a test can do the same without it: not its accounts, not its walls. */
export interface Unit {
  /** The program and its words. */
  readonly exec: readonly string[];
  readonly workingDirectory: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Folders that systemd makes before it starts the program. */
  readonly folders: readonly string[];
  readonly killSignal: NodeJS.Signals;
  readonly stopWithinMs: number;
  readonly restart: string;
  readonly restartAfterMs: number;
}

/**
 * Reads `start/systemd/<name>` as systemd does.
 *
 * @param instance what stands behind the @
 * @param places folders of the machine, `/opt/placard`, and where they are in the test
 * @throws Error for a line or a value that this reader does not understand
 */
export function unitAs(name: string, instance: string, places: Readonly<Record<string, string>>): Unit {
  const lines = settingsIn(readFileSync(join(FOLDER, name), "utf8"));
  const all = (setting: string): readonly string[] => lines.get(setting)?.map(resolved) ?? [];
  const one = (setting: string, otherwise?: string): string => {
    const value = all(setting).at(-1) ?? otherwise;
    if (value === undefined) throw new Error(`${name} has no ${setting}`);
    return value;
  };
  const resolved = (value: string): string => placed(specified(value, instance), places);
  const folder = (base: string, setting: string) => all(setting).map((path) => placed(join(base, path), places));
  const killSignal = one("KillSignal", "SIGTERM");
  if (!isSignal(killSignal)) throw new Error(`${name}: no signal is called ${killSignal}`);
  return {
    exec: one("ExecStart").split(" "),
    workingDirectory: one("WorkingDirectory"),
    environment: { ...BARE, ...Object.fromEntries(all("Environment").map(assignment)) },
    folders: [...folder("/var/lib", "StateDirectory"), ...folder("/var/cache", "CacheDirectory")],
    killSignal,
    stopWithinMs: seconds(one("TimeoutStopSec")) * 1000,
    restart: one("Restart"),
    restartAfterMs: seconds(one("RestartSec")) * 1000,
  };
}

/** Every setting with all its values, in order; sections do not share names here. */
export function settingsIn(text: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const line of text.split("\n")) {
    if (line === "" || /^[#;]|^\[\w+\]$/.test(line)) continue;
    const [, setting, value] = /^(\w+)=(.*)$/.exec(line) ?? [];
    if (setting === undefined || value === undefined || value.endsWith("\\"))
      throw new Error(`this reader does not understand the line ${line}`);
    // An empty value takes back what stood before it.
    found.set(setting, value === "" ? [] : [...(found.get(setting) ?? []), value]);
  }
  return found;
}

function specified(value: string, instance: string): string {
  return value.replace(/%(.)/g, (_all, letter: string) => {
    const meaning = { i: instance, S: "/var/lib", C: "/var/cache", "%": "%" }[letter];
    if (meaning === undefined) throw new Error(`this reader does not know what %${letter} means`);
    return meaning;
  });
}

/** Whole folder names only. */
function placed(value: string, places: Readonly<Record<string, string>>): string {
  return Object.entries(places).reduce(
    (text, [from, to]) =>
      text.replace(new RegExp(`(^|=)${RegExp.escape(from)}(?=/|$)`), (_all, before: string) => before + to),
    value,
  );
}

function assignment(text: string): readonly [name: string, value: string] {
  const [, name, value] = /^(\w+)=([^"'\s]*)$/.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new Error(`this reader does not understand Environment=${text}`);
  return [name, value];
}

function seconds(text: string): number {
  if (!/^\d+$/.test(text)) throw new Error(`this reader knows plain seconds only, not ${text}`);
  return Number(text);
}

const isSignal = (name: string): name is NodeJS.Signals => /^SIG[A-Z0-9]+$/.test(name);
