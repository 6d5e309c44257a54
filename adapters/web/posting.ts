import { randomBytes } from "node:crypto";
import { type ChatAdapter, ChatError } from "../../src/ports/chat.ts";
import type { GroupLog } from "../../src/ports/group-log.ts";
import type { ShownView } from "../../src/ports/view.ts";
import type { Hub } from "./hub.ts";
import { webCapabilities } from "./limits.ts";

/** What Placard says and changes: kept in the log, then told to the open tabs. */
export function webPosts({
  opened,
  hub,
  settle,
}: {
  readonly opened: () => Promise<GroupLog>;
  readonly hub: Hub;
  readonly settle: (updateId: string | undefined, how: "public" | "private") => void;
}): Pick<ChatAdapter, "post" | "edit"> {
  const checkLength = ({ text }: ShownView) => {
    if (text.length > webCapabilities.textMaxChars) throw new ChatError("web", "too_large", "the text is too long");
  };
  return {
    async post(target, view, { nonce, visibility }) {
      checkLength(view);
      const groupLog = await opened();
      const { chatId: group } = target.place;
      if (groupLog.groupTitle(group) === undefined) throw new ChatError("web", "gone", "there is no such group");
      settle(target.replyToken, visibility);
      const forName = groupLog.memberById(target.memberId)?.name;
      const { message, fresh } = groupLog.add(
        {
          id: randomBytes(12).toString("base64url"),
          nonce: `bot:${nonce}`,
          group,
          ...(visibility === "private" ? { visibleTo: target.memberId } : {}),
          ...(forName === undefined ? {} : { forName }),
          body: { view },
        },
        true,
      );
      if (fresh) hub.tell(message);
      await groupLog.durable();
      return { place: target.place, messageId: message.id };
    },

    async edit(ref, view) {
      checkLength(view);
      const groupLog = await opened();
      const edited = groupLog.edit(ref.messageId, view);
      if (!edited) throw new ChatError("web", "gone", "that message is not there");
      if (edited.changed) hub.tell(edited.message);
      await groupLog.durable();
    },
  };
}
