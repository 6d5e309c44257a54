import { z } from "zod";
import type { Log } from "../../src/ports/log.ts";
import type { Calls } from "./calls.ts";
import { faultOf } from "./errors.ts";

/** Rights are worth waiting for, as with admins. */
const PATIENCE_MS = 30_000;

const memberSchema = z.object({ status: z.string(), is_member: z.boolean().optional() });

/** Who is in a group: asked where somebody acts in it from elsewhere. */
export interface Members {
  /** Waits up to 30 s; false also when we are not there, or Telegram does not tell. */
  includes(chatId: string, userId: number): Promise<boolean>;
}

export const createMembers = (calls: Calls, log: Log): Members => ({
  async includes(chatId, userId) {
    try {
      const answer = await calls.other(chatId, "look", (api, chat) => api.getChatMember(chat, userId), {
        patienceMs: PATIENCE_MS,
      });
      const { status, is_member: inside } = memberSchema.parse(answer);
      return /^(creator|administrator|member)$/.test(status) || (status === "restricted" && inside === true);
    } catch (error) {
      log.debug("telegram.membership_unknown", { chat: chatId, error: faultOf(error) });
      return false;
    }
  },
});
