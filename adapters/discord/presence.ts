import type { GatewayPresenceUpdateData } from "discord.js";
import { text } from "../../src/domain/text.ts";
import { render } from "../../src/messages/render.ts";
import type { ChatEvents } from "../../src/ports/chat.ts";

/** No chat in particular, so that no chat's setting counts. */
const EVERYWHERE = { platform: "discord", chatId: "", group: true } as const;

const LOOK_EVERY_MS = 15_000;
const CUSTOM = 4;

/** What stands under the bot's name, for everybody in every server: in the installation's language. */
export const presenceText = (waiting: number, language: string): string =>
  render(text("discord.presence", { n: waiting }), language);

const presenceOf = (waiting: number, language: string): GatewayPresenceUpdateData => ({
  since: null,
  afk: false,
  status: "online" as GatewayPresenceUpdateData["status"],
  activities: [{ name: "Custom Status", type: CUSTOM, state: presenceText(waiting, language) }],
});

/** Shows the length of the queue, at most every 15 s and only when it changed. */
export function createPresence(deps: {
  readonly events: Pick<ChatEvents, "queueLength" | "language">;
  readonly show: (presence: GatewayPresenceUpdateData) => void;
  readonly everyMs?: number;
}) {
  let shown: number | undefined;
  let timer: NodeJS.Timeout | undefined;
  async function look(): Promise<void> {
    const waiting = await deps.events.queueLength();
    if (waiting === shown) return;
    shown = waiting;
    deps.show(presenceOf(waiting, await deps.events.language(EVERYWHERE)));
  }
  return {
    start() {
      timer ??= setInterval(() => void look(), deps.everyMs ?? LOOK_EVERY_MS).unref();
      void look();
    },
    /** A new session shows nothing yet. */
    again() {
      shown = undefined;
      void look();
    },
    stop() {
      clearInterval(timer);
      timer = undefined;
    },
  };
}
