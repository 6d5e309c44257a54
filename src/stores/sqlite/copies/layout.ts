import { BEFORE_STEP } from "../before-step.ts";

/** The store's own database within a data folder. */
export const STORE_FILE = "placard.sqlite";
/** The web chat's rooms. */
export const ROOM_LOG_FILE = "webchat/webchat.sqlite";

export const isDatabase = (path: string): boolean => path.endsWith(".sqlite");

/** What SQLite keeps beside a database, files being written, and copies from before an upgrade: no part of a copy. */
export const isPassing = (path: string): boolean =>
  /\.lock$|-(wal|shm|journal)$|\.part$/.test(path) || path.includes(BEFORE_STEP);

/** As `PictureFiles` names them. */
export const originalOf = (imageId: string): string => `pictures/originals/${imageId.slice(0, 2)}/${imageId}.png`;
