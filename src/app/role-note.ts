import type { Role } from "../domain/role.ts";
import type { LeadershipFacts } from "../jobs/leadership.ts";
import type { Backend } from "../ports/backend.ts";

/** What this process does, for those who run it; `undefined` where it does everything and nobody else could. */
export function roleNote(role: Role, facts: LeadershipFacts): string | undefined {
  if (facts.is === "alone") return undefined;
  if (role === "worker")
    return "This process is a worker: it makes pictures and documents. Members are heard, and messages sent, by the Placard that leads.";
  const does = role === "front" ? "This process is a front: it makes no pictures. " : "";
  if (facts.is === "leading")
    return `${does}It leads: it listens at Discord and Telegram and sends all messages. Another that works with this database takes over when it ends.`;
  return facts.by === undefined
    ? `${does}Nobody leads at the moment: Discord and Telegram are silent, and messages wait, until one of the Placards that work with this database takes over.`
    : `${does}The one that leads is on ${facts.by}: it listens at Discord and Telegram and sends all messages. This one takes over when that ends.`;
}

/** Orders go where the process that takes them knows a backend, also where another process makes the pictures. */
export const frontNote = (role: Role, backends: readonly Backend[]): readonly string[] =>
  role === "front" && backends.every(({ where }) => where === "here")
    ? [
        "This front knows no backend but what is inside Placard: what members order is drawn with that only. Give it the same settings of backends as the workers have (e.g. COMFYUI_URL).",
      ]
    : [];

/** Why a process cannot have this role; `several`: the store lets others work with it. */
export const lonelyRole = (role: Role, several: boolean): string | undefined =>
  role === "all" || several
    ? undefined
    : `ROLE is ${role}, but nobody else can work with files in DATA_DIR: set DATABASE_URL to the database that the others use, too (docs/machines.md), or leave ROLE out`;
