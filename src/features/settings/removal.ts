import { keepsLess, RETENTION_GRACE_MS } from "../../domain/retention.ts";
import { clockText } from "../../lib/time-text.ts";
import type { Context } from "../../ports/command.ts";
import type { Button } from "../../ports/view.ts";

/** What a change of `retention_days` takes away. */
export interface Removal {
  readonly days: number;
  /** Never 0. */
  readonly pictures: number;
}

interface Said {
  readonly text: string;
  readonly buttons: readonly (readonly Button[])[];
}

/** `undefined`: no picture goes because of these changes. */
export async function removalBy(
  { rules, reads }: Pick<Context, "rules" | "reads">,
  news: readonly (readonly [name: string, value: unknown])[],
): Promise<Removal | undefined> {
  const days = news.find(([name]) => name === "retention_days")?.[1];
  if (typeof days !== "number" || !keepsLess(days, rules.retentionDays)) return undefined;
  const pictures = await reads.countOlderThan(days);
  return pictures === 0 ? undefined : { days, pictures };
}

const picturesText = ({ pictures }: Removal) => (pictures === 1 ? "1 picture" : `${pictures} pictures`);
const daysText = ({ days }: Removal) => (days === 1 ? "1 day" : `${days} days`);

/** Before it holds. */
export const askedAbout = ({ token, place }: Pick<Context, "token" | "place">, removal: Removal): Said => ({
  text: `retention_days ${removal.days} is not set yet: it removes ${picturesText(removal)} older than ${daysText(removal)} ${place.communityId === undefined ? "from this chat" : "from all chats of this community"}. Press the button if you mean it; you can take it back for a day after that.`,
  buttons: [
    [
      {
        label: `Remove ${picturesText(removal)}`,
        token: token("retain", "chat", { days: String(removal.days) }),
        tone: "danger",
      },
    ],
  ],
});

/** Once it holds: nothing is removed for a day. */
export function undoOffer(
  { token, settings, nowMs }: Pick<Context, "token" | "settings" | "nowMs">,
  removal: Removal,
): Said {
  const untilMs = nowMs + RETENTION_GRACE_MS;
  return {
    text: `${picturesText(removal)} older than ${daysText(removal)} will be removed, but not before tomorrow, ${clockText(untilMs, nowMs)}. Undo keeps them.`,
    buttons: [
      [
        {
          label: "Undo",
          token: token("retain", "chat", {
            days: String(settings.retention_days ?? "default"),
            until: untilMs.toString(36),
          }),
        },
      ],
    ],
  };
}
