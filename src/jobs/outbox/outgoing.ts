import type { ChatAdapter } from "../../ports/chat.ts";
import type { Leadership } from "./leadership.ts";

/** What the relay does with a platform. */
export type Outgoing = Pick<ChatAdapter, "platform" | "capabilities" | "post" | "edit">;

/** Another process sends now: what it was is still owed, and that one will see to it. */
export class NotLeading extends Error {
  constructor() {
    super("another process leads");
  }
}

/**
 * The one door through which the relay sends, whatever it is: placeholders, finals, progress, what is posted anew. Each send
 * asks who leads in the moment it begins, however long it has waited for its turn. @throws NotLeading
 */
export function whileLeading(
  adapters: ReadonlyMap<string, ChatAdapter>,
  reign: Leadership["reign"],
): { get(platform: string): Outgoing | undefined } {
  async function mustLead(): Promise<void> {
    if (!(await reign())) throw new NotLeading();
  }
  return {
    get(platform) {
      const adapter = adapters.get(platform);
      return (
        adapter && {
          platform: adapter.platform,
          capabilities: adapter.capabilities,
          async post(...what) {
            await mustLead();
            return adapter.post(...what);
          },
          async edit(...what) {
            await mustLead();
            return adapter.edit(...what);
          },
        }
      );
    },
  };
}
