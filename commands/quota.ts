import { z } from "zod";
import { type Allowance, availableAtMs, type Bucket, refilled, type SpendWindow } from "../src/domain/ledger.ts";
import { cutText } from "../src/lib/text.ts";
import { agoText, durationText, secondsText } from "../src/lib/time-text.ts";
import { type CommandsFrom, type Context, defineCommand } from "../src/ports/command.ts";
import type { Account } from "../src/ports/store.ts";
import type { View } from "../src/ports/view.ts";
import { promptText } from "../src/views/prompt.ts";

const PROMPT_SHOWN_CHARS = 40;

export const commands: CommandsFrom = () => [
  defineCommand({
    group: "look",
    name: "quota",
    summary: "What is left of your allowance, and when more arrives",
    example: "/quota",
    args: z.strictObject({}),
    run: async (context) => ({
      do: "reply",
      visibility: "private",
      view: quotaView(context, await context.reads.account(), await context.reads.spendWindow()),
    }),
  }),
];

/** Amounts in seconds of GPU time, waits in the units people speak in. */
function quotaView(context: Context, account: Account, spendWindow: SpendWindow): View {
  const { allowance, nowMs, place } = context;
  const bucket = refilled(account.bucket, allowance, nowMs);
  const left = Math.max(0, bucket.balanceGpuMs);
  const capacity = secondsText(allowance.capacityGpuMs);
  const used = account.recent.map(
    ({ usedGpuMs, atMs, prompt }) =>
      `${secondsText(usedGpuMs)} for ${promptText(cutText(prompt, PROMPT_SHOWN_CHARS))}, ${agoText(atMs, nowMs)}`,
  );
  return {
    text: `You have ${secondsText(left)} of ${capacity} of drawing time left.`,
    fields: [
      { name: "Left", value: `${secondsText(left)} of ${capacity}` },
      { name: "Held for pictures under way", value: secondsText(account.heldGpuMs) },
      { name: "More arrives", value: moreText(bucket, allowance, nowMs) },
      { name: "All back", value: allBackText(bucket, account.heldGpuMs, allowance, nowMs) },
      ...(place.group || context.spendCapGpuMs !== undefined ? [spendField(context, spendWindow)] : []),
      { name: "Last pictures", value: used.length === 0 ? "none yet" : used.join("\n") },
    ],
  };
}

/** What everyone here has spent together; with a limit, what of it is left. */
function spendField({ place, spendCapGpuMs }: Context, { heldGpuMs, usedGpuMs }: SpendWindow) {
  const who = place.group
    ? place.communityId === undefined
      ? "This chat together"
      : "This community together"
    : "Here";
  const held = heldGpuMs > 0 ? `, ${secondsText(heldGpuMs)} held` : "";
  const spent = `${secondsText(usedGpuMs)} spent${held}`;
  if (spendCapGpuMs === undefined) return { name: who, value: `${spent} in the last 24 hours; no limit` };
  const left = Math.max(0, spendCapGpuMs - heldGpuMs - usedGpuMs);
  return {
    name: who,
    value: `${secondsText(left)} of ${secondsText(spendCapGpuMs)} left for 24 hours: ${spent}`,
  };
}

/** The next whole second that comes back. */
function moreText(bucket: Bucket, allowance: Allowance, nowMs: number): string {
  if (bucket.balanceGpuMs >= allowance.capacityGpuMs) return "you have all of it";
  const step = Math.min(1000, allowance.capacityGpuMs - bucket.balanceGpuMs);
  const atMs = availableAtMs(bucket, bucket.balanceGpuMs + step, allowance, nowMs);
  return atMs === undefined
    ? "not by itself: ask an admin"
    : `${secondsText(step)} more in ${durationText(atMs - nowMs)}`;
}

function allBackText(bucket: Bucket, heldGpuMs: number, allowance: Allowance, nowMs: number): string {
  if (bucket.balanceGpuMs >= allowance.capacityGpuMs) return "now";
  const atMs = availableAtMs(bucket, allowance.capacityGpuMs, allowance, nowMs);
  if (atMs === undefined) return "not by itself: ask an admin";
  return `in ${durationText(atMs - nowMs)}${heldGpuMs > 0 ? ", and what is held and not used at once" : ""}`;
}
