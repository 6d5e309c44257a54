import { z } from "zod";
import type { Person } from "../src/domain/block.ts";
import { type Allowance, availableAtMs, type Bucket, refilled, type SpendWindow } from "../src/domain/ledger.ts";
import { facts, lines, type Text, text, verbatim } from "../src/domain/text.ts";
import { ago, amount, duration } from "../src/domain/time-words.ts";
import { cutText } from "../src/lib/text.ts";
import { type CommandsFrom, type Context, defineCommand } from "../src/ports/command.ts";
import type { Account } from "../src/ports/payment.ts";
import type { Gift, Pot } from "../src/ports/pots.ts";
import type { View } from "../src/ports/view.ts";
import { accountsText } from "../src/views/accounts.ts";
import { promptText } from "../src/views/prompt.ts";

const PROMPT_SHOWN_CHARS = 40;

export const commands: CommandsFrom = () => [
  defineCommand({
    group: "look",
    name: "quota",
    summary: text("cmd.quota.summary"),
    example: verbatim("/quota"),
    privately: true,
    args: z.strictObject({}),
    run: async (context) => ({
      do: "reply",
      visibility: "private",
      view: quotaView(context, {
        account: await context.reads.account(),
        spendWindow: await context.reads.spendWindow(),
        pot: context.place.group ? await context.reads.pot() : undefined,
        gifts: await context.reads.gifts(),
        accounts: await context.reads.joinedAccounts(),
      }),
    }),
  }),
];

/** Amounts in seconds of GPU time, waits in the units people speak in. */
function quotaView(
  context: Context,
  {
    account,
    spendWindow,
    pot,
    gifts,
    accounts,
  }: {
    readonly account: Account;
    readonly spendWindow: SpendWindow;
    readonly pot: Pot | undefined;
    readonly gifts: readonly Gift[];
    readonly accounts: readonly Person[];
  },
): View {
  const { allowance, nowMs, place } = context;
  const bucket = refilled(account.bucket, allowance, nowMs);
  const left = amount(Math.max(0, bucket.balanceGpuMs));
  const used = account.recent.map(({ usedGpuMs, atMs, prompt }) =>
    text("quota.last.one", {
      amount: amount(usedGpuMs),
      prompt: promptText(cutText(prompt, PROMPT_SHOWN_CHARS)),
      ago: ago(atMs, nowMs),
    }),
  );
  return {
    text: text("quota.left", { left, capacity: amount(allowance.capacityGpuMs) }),
    fields: [
      { name: text("quota.held"), value: amount(account.heldGpuMs) },
      { name: text("quota.more"), value: moreText(bucket, allowance, nowMs) },
      { name: text("quota.all"), value: allBackText(bucket, account.heldGpuMs, allowance, nowMs) },
      ...(place.group || context.spendCapGpuMs !== undefined ? [spendField(context, spendWindow)] : []),
      ...(pot && (pot.balanceGpuMs > 0 || pot.givers.length > 0)
        ? [{ name: text("quota.pot"), value: amount(Math.max(0, pot.balanceGpuMs)) }]
        : []),
      ...(gifts.length > 0
        ? [{ name: text("quota.gifts"), value: lines(...gifts.map((gift) => giftText(gift, nowMs))) }]
        : []),
      ...(accounts.length > 0 ? [{ name: text("quota.accounts"), value: accountsText(accounts) }] : []),
      { name: text("quota.last"), value: used.length === 0 ? text("quota.last.none") : lines(...used) },
    ],
  };
}

const giftText = ({ gpuMs, atMs }: Gift, nowMs: number): Text => facts(amount(gpuMs), ago(atMs, nowMs));

/** What everyone here has spent together; with a limit, what of it is left. */
function spendField({ place, spendCapGpuMs }: Context, { heldGpuMs, usedGpuMs }: SpendWindow) {
  const together = place.communityId === undefined ? "quota.spend.chat" : "quota.spend.community";
  const left = Math.max(0, (spendCapGpuMs ?? 0) - heldGpuMs - usedGpuMs);
  return {
    name: text(place.group ? together : "quota.spend.here"),
    value: facts(
      spendCapGpuMs === undefined
        ? text("quota.spend.unlimited")
        : text("quota.spend.left", { left: amount(left), cap: amount(spendCapGpuMs) }),
      text("quota.spend.used", { used: amount(usedGpuMs) }),
      heldGpuMs > 0 ? text("quota.spend.held", { held: amount(heldGpuMs) }) : undefined,
    ),
  };
}

/** The next whole second that comes back. */
function moreText(bucket: Bucket, allowance: Allowance, nowMs: number): Text {
  if (bucket.balanceGpuMs >= allowance.capacityGpuMs) return text("quota.more.full");
  const step = Math.min(1000, allowance.capacityGpuMs - bucket.balanceGpuMs);
  const atMs = availableAtMs(bucket, bucket.balanceGpuMs + step, allowance, nowMs);
  return atMs === undefined
    ? text("quota.never")
    : text("quota.more.in", { amount: amount(step), duration: duration(atMs - nowMs) });
}

function allBackText(bucket: Bucket, heldGpuMs: number, allowance: Allowance, nowMs: number): Text {
  if (bucket.balanceGpuMs >= allowance.capacityGpuMs) return text("quota.all.now");
  const atMs = availableAtMs(bucket, allowance.capacityGpuMs, allowance, nowMs);
  if (atMs === undefined) return text("quota.never");
  return text(heldGpuMs > 0 ? "quota.all.in.held" : "quota.all.in", { duration: duration(atMs - nowMs) });
}
