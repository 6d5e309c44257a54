import { PLAIN, SEALED, SET } from "../../shared/picture-files.ts";
import { BEFORE_STEP } from "../before-step.ts";
import { newestGroupLogStep } from "../group-log/schema.ts";
import { newestStep } from "../schema.ts";

/** The store's own database within a data folder. */
export const STORE_FILE = "placard.sqlite";
/** The web chat's groups. */
export const GROUP_LOG_FILE = "webchat/webchat.sqlite";

/** Whether a database was written by a newer Placard, which alone knows what its rows mean. */
export const isNewer = (path: string, version: number): boolean =>
  version > ({ [STORE_FILE]: newestStep, [GROUP_LOG_FILE]: newestGroupLogStep }[path] ?? Number.POSITIVE_INFINITY);

export const isDatabase = (path: string): boolean => path.endsWith(".sqlite");

/** What SQLite keeps beside a database, files being written, and copies from before an upgrade: no part of a copy. */
export const isPassing = (path: string): boolean =>
  /\.lock$|-(wal|shm|journal)$|\.part$/.test(path) || path.includes(BEFORE_STEP);

/** As `PictureFiles` names them. */
export const originalOf = (imageId: string, kind = ".png"): string =>
  `pictures/originals/${imageId.slice(0, 2)}/${imageId}${kind}`;
export const plainOf = (imageId: string): string => originalOf(imageId, PLAIN);
/** What may be kept beside an original. */
export const besideOriginal = (imageId: string): readonly string[] => [
  plainOf(imageId),
  ...[SET, SEALED].map((kind) => originalOf(imageId, kind)),
];
