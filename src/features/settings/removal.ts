import { keepsLess, PROPOSED_DAYS, RETENTION_GRACE_MS } from "../../domain/retention.ts";
import { clock, type Text, text } from "../../domain/text.ts";
import { days } from "../../domain/time-words.ts";
import type { Context } from "../../ports/command.ts";
import type { Button } from "../../ports/view.ts";

/** What a change of `retention_days` takes away. */
export interface Removal {
  readonly days: number;
  /** Never 0. */
  readonly pictures: number;
}

interface Said {
  readonly text: Text;
  readonly buttons: readonly (readonly Button[])[];
}

/** `undefined`: no picture goes because of these changes. */
export async function removalBy(
  { rules, reads }: Pick<Context, "rules" | "reads">,
  news: readonly (readonly [name: string, value: unknown])[],
): Promise<Removal | undefined> {
  const wanted = news.find(([name]) => name === "retention_days")?.[1];
  if (typeof wanted !== "number" || !keepsLess(wanted, rules.retentionDays)) return undefined;
  const pictures = await reads.countOlderThan(wanted);
  return pictures === 0 ? undefined : { days: wanted, pictures };
}

/** Before it holds. */
export const askedAbout = (
  { token, place }: Pick<Context, "token" | "place">,
  { days: limit, pictures }: Removal,
): Said => ({
  text: text(place.communityId === undefined ? "settings.retention.ask.here" : "settings.retention.ask.community", {
    days: days(limit),
    n: pictures,
  }),
  buttons: [
    [
      {
        label: text("button.remove-pictures", { n: pictures }),
        token: token("retain", "chat", { days: String(limit) }),
        tone: "danger",
      },
    ],
  ],
});

/** To a chat that has never chosen: with one press it has. */
export const proposal = ({ token }: Pick<Context, "token">): Said => ({
  text: text("settings.retention.propose", { days: days(PROPOSED_DAYS) }),
  buttons: [
    [
      {
        label: text("button.keep-days", { n: PROPOSED_DAYS }),
        token: token("retain", "chat", { days: String(PROPOSED_DAYS) }),
      },
      { label: text("button.keep-ever"), token: token("retain", "chat", { days: "0" }) },
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
    text: text("settings.retention.undo", {
      n: removal.pictures,
      days: days(removal.days),
      time: clock(untilMs, nowMs),
    }),
    buttons: [
      [
        {
          label: text("button.undo"),
          token: token("retain", "chat", {
            days: String(settings.retention_days ?? "default"),
            until: untilMs.toString(36),
          }),
        },
      ],
    ],
  };
}
