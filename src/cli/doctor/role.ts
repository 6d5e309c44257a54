import { resolve } from "node:path";
import { frontNote, lonelyRole } from "../../app/role-note.ts";
import type { CoreSettings } from "../../app/settings.ts";
import { chooseStorage } from "../../app/storage.ts";
import type { Role } from "../../domain/role.ts";
import type { Loaded } from "../../lib/load-folders.ts";
import type { Backend } from "../../ports/backend.ts";
import type { StoreModule } from "../../ports/module.ts";
import type { Finding } from "./findings.ts";
import { lookingOnly } from "./looking.ts";

const DOES: Readonly<Record<Role, string>> = {
  all: "makes pictures and documents, and talks with members",
  worker: "makes pictures and documents; it hears no members, and whoever leads sends the messages",
  front: "talks with members, and may lead; it makes no pictures",
};

/** Whether what this process keeps lets others work with it; `undefined`: the settings of a store are wrong. */
export function letsOthersIn(
  stores: readonly Loaded<StoreModule>[],
  { DATA_DIR }: Pick<CoreSettings, "DATA_DIR">,
  env: Readonly<Record<string, string>>,
): boolean | undefined {
  const services = { ...lookingOnly(env, []), dataDir: resolve(DATA_DIR), lasting: true, nowMs: Date.now };
  try {
    return chooseStorage(stores, env, services).several === true;
  } catch {
    return undefined;
  }
}

/** What a process with these settings does beside others; `undefined`: there are none, and it does everything. */
export function roleFinding(role: Role, several: boolean | undefined): Finding | undefined {
  if (several === undefined || (role === "all" && !several)) return undefined;
  const title = `Role ${role}`;
  const refusal = lonelyRole(role, several);
  return refusal === undefined
    ? { title, ok: true, facts: [DOES[role]], nextSteps: [] }
    : { title, ok: false, facts: [refusal], nextSteps: [] };
}

/** What it may lack beside its workers. */
export const frontFindings = (role: Role, backends: readonly Backend[]): readonly Finding[] =>
  frontNote(role, backends).map((note) => ({
    title: "What this front can order",
    ok: true,
    facts: [],
    nextSteps: [note],
  }));
