import type { GatewayPresenceUpdateData } from "discord.js";

const LOOK_EVERY_MS = 15_000;
const CUSTOM = 4;

/** What stands under the bot's name. */
export const presenceText = (waiting: number): string =>
  waiting === 0
    ? "Nobody waits · /help"
    : waiting === 1
      ? "1 picture in the queue"
      : `${waiting} pictures in the queue`;

const presenceOf = (waiting: number): GatewayPresenceUpdateData => ({
  since: null,
  afk: false,
  status: "online" as GatewayPresenceUpdateData["status"],
  activities: [{ name: "Custom Status", type: CUSTOM, state: presenceText(waiting) }],
});

/** Shows the length of the queue, at most every 15 s and only when it changed. */
export function createPresence(deps: {
  readonly queueLength: () => Promise<number>;
  readonly show: (presence: GatewayPresenceUpdateData) => void;
  readonly everyMs?: number;
}) {
  let shown: number | undefined;
  let timer: NodeJS.Timeout | undefined;
  async function look(): Promise<void> {
    const waiting = await deps.queueLength();
    if (waiting === shown) return;
    shown = waiting;
    deps.show(presenceOf(waiting));
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
