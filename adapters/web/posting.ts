import { randomBytes } from "node:crypto";
import { type ChatAdapter, ChatError } from "../../src/ports/chat.ts";
import type { GroupLog } from "../../src/ports/group-log.ts";
import type { ShownView } from "../../src/ports/view.ts";
import { webCapabilities } from "./limits.ts";

/** Decides who sees a command line: a private answer makes it private too. Presses have no line. */
export async function settle(
  log: GroupLog,
  updateId: string | undefined,
  how: "public" | "private" | "shown",
): Promise<void> {
  const id = /^web:([A-Za-z0-9_-]+)$/.exec(updateId ?? "")?.[1];
  if (id !== undefined && log.open) await log.settle(id, how);
}

/** What Placard says and changes: kept in the log, which tells the open tabs, wherever they are. */
export function webPosts(opened: () => Promise<GroupLog>): Pick<ChatAdapter, "post" | "edit"> {
  const checkLength = ({ text }: ShownView) => {
    if (text.length > webCapabilities.textMaxChars) throw new ChatError("web", "too_large", "the text is too long");
  };
  return {
    async post(target, view, { nonce, visibility }) {
      checkLength(view);
      const groupLog = await opened();
      const { chatId: group } = target.place;
      if ((await groupLog.groupTitle(group)) === undefined)
        throw new ChatError("web", "gone", "there is no such group");
      await settle(groupLog, target.replyToken, visibility);
      const forName = (await groupLog.memberById(target.memberId))?.name;
      const { message } = await groupLog.add({
        id: randomBytes(12).toString("base64url"),
        nonce: `bot:${nonce}`,
        group,
        ...(visibility === "private" ? { visibleTo: target.memberId } : {}),
        ...(forName === undefined ? {} : { forName }),
        body: { view },
      });
      await groupLog.durable();
      return { place: target.place, messageId: message.id };
    },

    async edit(ref, view) {
      checkLength(view);
      const groupLog = await opened();
      const edited = await groupLog.edit(ref.messageId, view);
      if (!edited) throw new ChatError("web", "gone", "that message is not there");
      await groupLog.durable();
    },
  };
}
