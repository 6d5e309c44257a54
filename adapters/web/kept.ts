import { chatKeyOf } from "../../src/domain/place.ts";
import { sentences, type Text, text } from "../../src/domain/text.ts";
import type { ChatAdapter } from "../../src/ports/chat.ts";
import type { GroupLog } from "../../src/ports/group-log.ts";
import { LOG_MAX_BYTES, UPLOADS_MAX_BYTES } from "./limits.ts";
import type { Uploads } from "./uploads.ts";

/** To one decimal, and from 10 on whole. */
function megabytes(bytes: number): number {
  const exact = bytes / 1024 ** 2;
  return exact < 10 ? Math.round(exact * 10) / 10 : Math.round(exact);
}

/** How much the web chat keeps and the most it will, for those who run it. */
export const keptText = async (
  { keptBytes }: Pick<Uploads, "keptBytes">,
  log: Pick<GroupLog, "usedBytes">,
): Promise<Text> =>
  sentences(
    text("web.kept.pictures", { kept: megabytes(keptBytes), most: megabytes(UPLOADS_MAX_BYTES) }),
    text("web.kept.messages", { kept: megabytes(await log.usedBytes()), most: megabytes(LOG_MAX_BYTES) }),
  );

/** A group's key in the core is this and its slug. */
const CHAT_KEY = chatKeyOf({ platform: "web", chatId: "" });

/** Those chats of the core that are our groups. */
export const groupsAmong = (
  chats: Parameters<NonNullable<ChatAdapter["letGo"]>>[0],
): Parameters<GroupLog["letGo"]>[0] =>
  chats
    .filter(({ settingsKey }) => settingsKey.startsWith(CHAT_KEY))
    .map(({ settingsKey, madeBeforeMs }) => ({ slug: settingsKey.slice(CHAT_KEY.length), saidBeforeMs: madeBeforeMs }));
