import { randomBytes } from "node:crypto";
import { rm, statfs, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { isDiskFull } from "../lib/disk-full.ts";
import { isFlushFailed } from "../lib/flush-failed.ts";
import type { Log, LogFields } from "../ports/log.ts";
import type { Notices } from "../ports/notices.ts";
import { DISK_NOTICE } from "./services.ts";

const SAY_AGAIN_MS = 60_000;
const GB = 1e9;
/** Room for some hundred pictures: from here on somebody should look. */
const LOW_BYTES = 1 * GB;
/** A write that failed is no longer news once there is this much room. */
const ROOM_BYTES = 50e6;

const FULL =
  "The disk with DATA_DIR is full, or the one with PICTURES_DIR where that is set: nothing can be stored, so members are refused. Make room; Placard goes on by itself.";

const FLUSH_FAILED =
  "The disk with DATA_DIR did not confirm what was written last, so nothing more is accepted, made or posted. Look after the disk (the system's log says more), then start Placard again: it goes on from what the disk really holds.";

/** What the disk can do to us, how those who run it are told, and under which id. */
const TROUBLES = [
  { is: isFlushFailed, id: "disk-flush", fact: "disk.flush_failed", todo: FLUSH_FAILED },
  { is: isDiskFull, id: DISK_NOTICE, fact: "disk.full", todo: FULL },
] as const;

/** A log that says loudly when anything failed because of the disk, wherever that was: at most once a minute. */
export function logWithDisk(log: Log, notices: Notices, nowMs: () => number): Log {
  const saidAtMs = new Map<string, number>();
  const looking =
    (level: "debug" | "info" | "warn" | "error") =>
    (fact: string, fields?: LogFields): void => {
      log[level](fact, fields);
      for (const { is, id, fact: trouble, todo } of TROUBLES) {
        if (!Object.values(fields ?? {}).some((value) => is(value))) continue;
        notices.say(id, todo);
        if (Math.abs(nowMs() - (saidAtMs.get(id) ?? Number.NEGATIVE_INFINITY)) < SAY_AGAIN_MS) continue;
        saidAtMs.set(id, nowMs());
        log.error(trouble, { todo });
      }
    };
  return { debug: looking("debug"), info: looking("info"), warn: looking("warn"), error: looking("error") };
}

export interface DiskSpace {
  readonly freeBytes: number;
  readonly totalBytes: number;
}

/** For who may write there without being root. @throws Error when the system does not tell */
export async function diskSpaceOf(folder: string): Promise<DiskSpace> {
  const { bavail, blocks, bsize } = await statfs(folder);
  return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
}

/** A large picture, and what the database needs beside it. */
const PICTURE_BYTES = 16e6;
const WRITTEN_BYTES = 256 * 1024;

/** Whether a large picture could be stored. */
async function hasRoomFor(
  folder: string,
  space: () => Promise<DiskSpace> = () => diskSpaceOf(folder),
): Promise<boolean> {
  const found = await space().catch(() => undefined);
  if (found && found.freeBytes < PICTURE_BYTES) return false;
  // An owner's quota shows only when something is written.
  const file = join(folder, `.room-${randomBytes(6).toString("hex")}`);
  try {
    await writeFile(file, new Uint8Array(WRITTEN_BYTES), { mode: 0o600, flush: true });
    return true;
  } catch (error) {
    if (isDiskFull(error)) return false;
    throw error;
  } finally {
    await rm(file, { force: true });
  }
}

/** Where something is stored, by the setting that names it. */
export interface Disk {
  readonly setting: "DATA_DIR" | "PICTURES_DIR";
  readonly folder: string;
}

/** @param pictures absolute; `undefined` and below the data folder: they are on its disk */
export const disksOf = (dataDir: string, pictures: string | undefined): readonly Disk[] => [
  { setting: "DATA_DIR", folder: dataDir },
  ...(pictures === undefined || !relative(dataDir, pictures).startsWith("..")
    ? []
    : [{ setting: "PICTURES_DIR" as const, folder: pictures }]),
];

/** Whether a large picture could be stored, wherever a part of it goes. */
export async function hasRoomOnAll(disks: readonly Disk[]): Promise<boolean> {
  for (const { folder } of disks) if (!(await hasRoomFor(folder))) return false;
  return true;
}

/** How much room there is, for operators; takes back what is over. What the system does not tell is left out. */
export async function diskNotes(
  disks: readonly Disk[],
  notices: Pick<Notices, "say">,
  spaceOf: (folder: string) => Promise<DiskSpace> = diskSpaceOf,
): Promise<readonly string[]> {
  const found = await Promise.all(disks.map(async ({ folder }) => spaceOf(folder).catch(() => undefined)));
  if (found.every((space) => space !== undefined && space.freeBytes > ROOM_BYTES)) notices.say(DISK_NOTICE, undefined);
  return found.flatMap((space, at) => (space ? [diskText(disks[at]?.setting ?? "DATA_DIR", space)] : []));
}

function diskText(setting: Disk["setting"], { freeBytes, totalBytes }: DiskSpace): string {
  const low =
    freeBytes < LOW_BYTES ? " That is little: make room, or let chats keep their pictures for fewer days." : "";
  return `Disk of ${setting}: ${gigabytes(freeBytes)} free of ${gigabytes(totalBytes)}.${low}`;
}

const gigabytes = (bytes: number): string => `${(bytes / GB).toFixed(1)} GB`;
