import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { parseEnv } from "node:util";
import { syncFile, syncFolder } from "../../lib/durable.ts";

/** By name; `undefined` takes the value out. */
export type Changes = ReadonlyMap<string, string | undefined>;

/** @param example what a first `.env` starts from */
export function readEnvFile(file: string, example: string): string {
  if (existsSync(file)) return readFileSync(file, "utf8");
  return existsSync(example) ? readFileSync(example, "utf8") : "";
}

/** The old file or the new one, whatever happens meanwhile, and readable by this account only. */
export function writeEnvFile(file: string, text: string): void {
  // A link stays one: somebody keeps the file itself elsewhere.
  const target = existsSync(file) ? realpathSync(file) : file;
  const unfinished = `${target}.${randomBytes(6).toString("hex")}.part`;
  try {
    writeFileSync(unfinished, text, { mode: 0o600, flag: "wx" });
    syncFile(unfinished);
    renameSync(unfinished, target);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
  syncFolder(dirname(target) || ".");
}

/**
 * The text of a `.env` with these settings; every other line stays as it is, to the byte.
 *
 * @throws Error with a sentence that does not hold the value, when the file cannot hold it
 */
export function withSettings(text: string, changes: Changes): string {
  const lines = text.split("\n");
  for (const [name, value] of changes) {
    const written = `${name}=${value === undefined ? "" : quoted(name, value)}`;
    const isIts = new RegExp(`^\\s*(?:export\\s+)?${name}\\s*=`);
    // The last one counts where there are several.
    const at = lines.findLastIndex((line) => isIts.test(line));
    if (at >= 0) lines[at] = `${written}${lines[at]?.endsWith("\r") ? "\r" : ""}`;
    else if (value !== undefined) lines.splice(lines.at(-1) === "" ? -1 : lines.length, 0, written);
  }
  const after = `${lines.join("\n").replace(/\n$/, "")}\n`;
  check(parseEnv(text), parseEnv(after), changes);
  return after;
}

function quoted(name: string, value: string): string {
  if (/^[^\s#'"`\\]*$/.test(value)) return value;
  const mark = ["'", '"', "`"].find((each) => !value.includes(each));
  if (mark === undefined || /[\r\n]/.test(value))
    throw new Error(`${name} cannot be kept in .env: it has odd characters`);
  return `${mark}${value}${mark}`;
}

/** Values over several lines, or anything else we do not foresee: better nothing than a file that says something else. */
function check(before: NodeJS.Dict<string>, after: NodeJS.Dict<string>, changes: Changes): void {
  const names = new Set([...Object.keys(before), ...Object.keys(after), ...changes.keys()]);
  for (const name of names) {
    const wanted = changes.has(name) ? changes.get(name) : before[name];
    if ((after[name] ?? "") !== (wanted ?? ""))
      throw new Error(
        `.env is written in a way that cannot be changed here without harm to ${name}: change it by hand`,
      );
  }
}
