import type { ChatAdapter } from "../../ports/chat.ts";
import type { Reign } from "../../ports/leader.ts";
import type { Leadership } from "../leadership.ts";

/** What the relay does with a platform. */
export type Outgoing = Pick<ChatAdapter, "platform" | "capabilities" | "post" | "edit">;

/** The door to all platforms, under one reign. */
export interface OutgoingDoor {
  get(platform: string, under: Reign | undefined): Outgoing | undefined;
}

/** Not now, or not here: what it was is still owed, and whoever leads will see to it. */
export class NotLeading extends Error {
  constructor() {
    super("another process leads");
  }
}

/**
 * The one door through which the relay sends, whatever it is: placeholders, finals, progress, what is posted anew. Each send
 * asks in the moment it begins, however long it has waited for its turn, whether the reign still lasts under which it was read
 * what is to be sent: in between another may have led, and sent it. @throws NotLeading
 */
export function whileLeading(
  adapters: ReadonlyMap<string, ChatAdapter>,
  leadership: Pick<Leadership, "leads" | "reign">,
  isOpen: (platform: string) => boolean,
): OutgoingDoor {
  return {
    get(platform, under) {
      const adapter = adapters.get(platform);
      const mustLead = () => {
        const lasts = leadership.leads() && leadership.reign()?.fence === under?.fence;
        if (!lasts || !isOpen(platform)) throw new NotLeading();
      };
      return (
        adapter && {
          platform: adapter.platform,
          capabilities: adapter.capabilities,
          async post(...what) {
            mustLead();
            return adapter.post(...what);
          },
          async edit(...what) {
            mustLead();
            return adapter.edit(...what);
          },
        }
      );
    },
  };
}
