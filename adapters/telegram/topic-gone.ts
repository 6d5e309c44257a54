import type { ReplyTarget } from "../../src/domain/place.ts";
import { text } from "../../src/domain/text.ts";
import { BoundedMap } from "../../src/lib/bounded-map.ts";
import { asError } from "../../src/lib/error.ts";
import { render } from "../../src/messages/render.ts";
import { ChatError, type ChatEvents } from "../../src/ports/chat.ts";
import type { Log } from "../../src/ports/log.ts";
import { userIdOf } from "./reply.ts";
import type { Sending } from "./sending.ts";
import { memberName, styled } from "./text.ts";

/** Whoever waits for several pictures there hears it once. */
const AGAIN_AFTER_MS = 3_600_000;
const TOLD_MAX = 1000;

/** One line to whoever asked in a topic that is gone meanwhile: alone where they let us, else in the rest of the group. Never rejects. */
export function createTopicGone(deps: {
  readonly sending: Pick<Sending, "text">;
  readonly nameOf: (memberId: string) => string | undefined;
  readonly language: ChatEvents["language"];
  readonly nowMs: () => number;
  readonly log: Log;
}): (target: ReplyTarget) => Promise<void> {
  const { sending, nowMs, log } = deps;
  const told = new BoundedMap<number>(TOLD_MAX);

  async function tell({ place, memberId }: ReplyTarget): Promise<void> {
    const userId = userIdOf(memberId);
    const words = render(text("telegram.topic-gone"), await deps.language(place, { id: memberId }));
    if (userId !== undefined) {
      try {
        await sending.text({ chatId: String(userId) }, styled(words));
        return;
      } catch (error) {
        // They never wrote to us alone.
        if (!(error instanceof ChatError) || error.code !== "gone") throw error;
      }
    }
    const name = deps.nameOf(memberId);
    const who = userId === undefined || name === undefined ? [] : [memberName(name, userId), ": "];
    await sending.text({ chatId: place.chatId }, styled(...who, words));
  }

  return async (target) => {
    const key = `${target.place.chatId}:${target.place.threadId}:${target.memberId}`;
    const before = told.get(key);
    if (before !== undefined && nowMs() < before + AGAIN_AFTER_MS) return;
    told.set(key, nowMs());
    await tell(target).catch((error: unknown) => log.warn("telegram.topic_gone_untold", { error: asError(error) }));
  };
}
