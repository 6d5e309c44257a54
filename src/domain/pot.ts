import type { Allowance } from "./ledger.ts";

// What members have given a chat or community to spend together: a bucket like theirs that nothing fills but gifts.

const PREFIX = "pot:";

/** As a payer, in the place of a member's id. */
export const potIdOf = (settingsKey: string): string => `${PREFIX}${settingsKey}`;
/** Of a meeting, which has a budget of its own: no platform is called so. */
export const meetingPotIdOf = (meetingId: string): string => `${PREFIX}meeting/${meetingId}`;
export const isPot = (payerId: string): boolean => payerId.startsWith(PREFIX);

/** It holds as much as is ever given, and gets nothing by itself: 30,000 years of one GPU, well below 2^53. */
export const POT_ALLOWANCE: Allowance = { capacityGpuMs: 1e15, refillGpuMsPerHour: 0, resetMs: 0 };

/** Who may draw on it: members who have run out, what a group has voted for, or nobody but those who run the chat. */
export const POT_DRAWERS = ["everyone", "vote", "admins"] as const;
export type PotDrawers = (typeof POT_DRAWERS)[number];

/**
 * What is taken of a member for a gift: never more than they would have without the factors of their roles, so that whoever runs a
 * chat cannot multiply what the installation hands out.
 */
export const givingAllowance = (own: Allowance, base: Allowance): Allowance => ({
  capacityGpuMs: Math.min(own.capacityGpuMs, base.capacityGpuMs),
  refillGpuMsPerHour: Math.min(own.refillGpuMsPerHour, base.refillGpuMsPerHour),
  resetMs: base.resetMs,
});
