import type { GroupLog } from "../../src/ports/group-log.ts";
import { LOG_MAX_BYTES, UPLOADS_MAX_BYTES } from "./limits.ts";
import type { Uploads } from "./uploads.ts";

const sizeText = (bytes: number): string => `${(bytes / 1024 ** 2).toFixed(bytes < 10 * 1024 ** 2 ? 1 : 0)} MB`;

/** How much the web chat keeps and the most it will, for those who run it. */
export const keptText = ({ keptBytes }: Pick<Uploads, "keptBytes">, log: Pick<GroupLog, "usedBytes">): string =>
  `The web chat keeps ${sizeText(keptBytes)} of attached pictures, at most ${sizeText(UPLOADS_MAX_BYTES)}: then new ones are refused. It keeps ${sizeText(log.usedBytes())} of messages, at most ${sizeText(LOG_MAX_BYTES)}: then the oldest go.`;
