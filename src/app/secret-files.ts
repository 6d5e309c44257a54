import { readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { OWN_PARTS, type PartFolders } from "./load.ts";
import { settingNames } from "./setting-names.ts";
import { withoutEmpty } from "./settings.ts";

/** A password or a token as a whole, by its name: such a setting may be left to a file. */
const WHOLE_SECRET = /(?:^|_)(?:TOKEN|KEY|SECRET|PASSWORD)$|^DATABASE_(?:DIRECT_)?URL$/;
/** Whether `<name>_FILE` may say where it is, as engines for containers and systemd hand out secrets. */
export const mayBeInFile = (name: string): boolean => WHOLE_SECRET.test(name);
export const FILE_SUFFIX = "_FILE";

/** The longest that is known, a database's address with certificates in it, has some hundred. */
const MAX_BYTES = 16_384;

export interface Environment {
  /** Without empty values, and with what the files hold in the place of their names. */
  readonly env: Readonly<Record<string, string>>;
  /** One sentence for each file that cannot be taken, with the setting and the file's last name. */
  readonly mistakes: readonly string[];
}

/** Every door of the program reads its settings here. Those of parts are looked up only where something names a file. */
export async function environmentOf(
  environment: Readonly<Record<string, string | undefined>>,
  parts: PartFolders = OWN_PARTS,
): Promise<Environment> {
  const written = withoutEmpty(environment);
  const candidates = Object.keys(written).filter(
    (name) => name.endsWith(FILE_SUFFIX) && mayBeInFile(name.slice(0, -FILE_SUFFIX.length)),
  );
  if (candidates.length === 0) return { env: written, mistakes: [] };
  // Other programs have such names as well: SSH_KEY_FILE is none of ours.
  const known = new Set(await settingNames(parts));
  const env: Record<string, string> = { ...written };
  const mistakes: string[] = [];
  for (const fileSetting of candidates) {
    const name = fileSetting.slice(0, -FILE_SUFFIX.length);
    const path = written[fileSetting];
    if (!known.has(name) || path === undefined) continue;
    delete env[fileSetting];
    const found =
      written[name] === undefined
        ? secretIn(path)
        : { mistake: `${name} is set as well: leave one of the two out, so that nobody has to guess which counts` };
    if ("mistake" in found) mistakes.push(`${fileSetting}: ${found.mistake}`);
    else env[name] = found.secret;
  }
  return { env, mistakes };
}

/** As `environmentOf`. @throws Error for the operator that lists every mistake */
export async function readEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  parts: PartFolders = OWN_PARTS,
): Promise<Readonly<Record<string, string>>> {
  const { env, mistakes } = await environmentOf(environment, parts);
  if (mistakes.length > 0)
    throw new Error(
      `settings that name the file of a secret are wrong; change them in .env:\n${mistakes.map((line) => `  ${line}`).join("\n")}`,
    );
  return env;
}

/** One newline at the end is the editor's; the rest is as it stands. */
function secretIn(path: string): { readonly secret: string } | { readonly mistake: string } {
  const file = basename(path);
  const bytes = bytesOf(path);
  if (typeof bytes === "string") return { mistake: `${file} ${bytes}` };
  if (bytes.length > MAX_BYTES) return { mistake: `${file} has more than ${MAX_BYTES} bytes: no secret is as long` };
  const secret = textOf(bytes)?.replace(/\r?\n$/, "");
  if (secret === undefined) return { mistake: `${file} is no text` };
  if (secret.trim() === "") return { mistake: `${file} is empty` };
  if (/[\r\n\0]/.test(secret)) return { mistake: `${file} has to hold the secret in one line, and nothing else` };
  return { secret };
}

const WHY: Readonly<Record<string, string>> = {
  ENOENT: "is not there",
  ENOTDIR: "is not there",
  EACCES: "cannot be read by the account that Placard runs as",
  EPERM: "cannot be read by the account that Placard runs as",
};

/** Or what is the matter with the file. */
function bytesOf(path: string): Uint8Array | string {
  try {
    // A pipe would be waited for, and a folder says so in the system's words.
    const facts = statSync(path);
    if (!facts.isFile()) return "is no file";
    return facts.size > MAX_BYTES ? new Uint8Array(MAX_BYTES + 1) : readFileSync(path);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    return WHY[code] ?? "cannot be read";
  }
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
