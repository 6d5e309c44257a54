import type { Backups } from "../../ports/backup.ts";
import { backup } from "./copies/backup.ts";
import { facts, restore } from "./copies/restore.ts";

/** Copies of a data folder whose databases are SQLite files. */
export const backups: Backups = { backup, restore, facts };
