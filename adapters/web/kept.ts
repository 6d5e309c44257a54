import { sentences, type Text, text } from "../../src/domain/text.ts";
import type { GroupLog } from "../../src/ports/group-log.ts";
import { LOG_MAX_BYTES, UPLOADS_MAX_BYTES } from "./limits.ts";
import type { Uploads } from "./uploads.ts";

/** To one decimal, and from 10 on whole. */
function megabytes(bytes: number): number {
  const exact = bytes / 1024 ** 2;
  return exact < 10 ? Math.round(exact * 10) / 10 : Math.round(exact);
}

/** How much the web chat keeps and the most it will, for those who run it. */
export const keptText = ({ keptBytes }: Pick<Uploads, "keptBytes">, log: Pick<GroupLog, "usedBytes">): Text =>
  sentences(
    text("web.kept.pictures", { kept: megabytes(keptBytes), most: megabytes(UPLOADS_MAX_BYTES) }),
    text("web.kept.messages", { kept: megabytes(log.usedBytes()), most: megabytes(LOG_MAX_BYTES) }),
  );
