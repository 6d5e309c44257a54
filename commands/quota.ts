import { z } from "zod";
import { type CommandsFrom, defineCommand } from "../src/command.ts";
import { cutText } from "../src/fit-view.ts";
import { type Allowance, availableAtMs, type Bucket, refilled } from "../src/ledger.ts";
import { promptText } from "../src/prompt-text.ts";
import type { Account } from "../src/store.ts";
import { agoText, durationText, secondsText } from "../src/time-text.ts";
import type { View } from "../src/view.ts";

const PROMPT_SHOWN_CHARS = 40;

export const commands: CommandsFrom = () => [
  defineCommand({
    name: "quota",
    summary: "What is left of your allowance, and when more arrives",
    example: "/quota",
    args: z.strictObject({}),
    run: async (context) => ({
      do: "reply",
      visibility: "private",
      view: quotaView(await context.reads.account(context.member.id), context.allowance, context.nowMs),
    }),
  }),
];

/** Amounts in seconds of GPU time, waits in the units people speak in. */
function quotaView(account: Account, allowance: Allowance, nowMs: number): View {
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
      { name: "Last pictures", value: used.length === 0 ? "none yet" : used.join("\n") },
    ],
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
