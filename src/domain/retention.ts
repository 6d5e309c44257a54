import { z } from "zod";

const DAY_MS = 86_400_000;

/** After a chat chose to keep pictures for less time, they are kept as before for this long: it can be taken back. */
export const RETENTION_GRACE_MS = DAY_MS;

/** What is proposed to a chat that has not chosen. */
export const PROPOSED_DAYS = 90;

/** The most that was kept before, in days, and how long it still holds. */
export const retentionGraceSchema = z.strictObject({ daysBefore: z.int().min(0), untilMs: z.int() });
export type RetentionGrace = z.output<typeof retentionGraceSchema>;

/** 0 days: for ever. */
export const keepsLess = (days: number, than: number): boolean => days > 0 && (than === 0 || days < than);

/** What was made before this goes, when pictures are kept for `days`. */
export const madeBeforeMsOf = (days: number, nowMs: number): number => nowMs - days * DAY_MS;

/** The grace from now on when a chat goes from `before` to `after` days; `undefined`: none is needed. */
export function graceAfter(
  { before, after }: { readonly before: number; readonly after: number },
  standing: RetentionGrace | undefined,
  nowMs: number,
): RetentionGrace | undefined {
  const held = standing && standing.untilMs > nowMs ? standing : undefined;
  const daysBefore = held && keepsLess(before, held.daysBefore) ? held.daysBefore : before;
  if (keepsLess(after, before)) return { daysBefore, untilMs: nowMs + RETENTION_GRACE_MS };
  return keepsLess(after, daysBefore) ? held : undefined;
}

/** Days that pictures are kept at this moment. */
export const daysKept = (days: number, grace: RetentionGrace | undefined, nowMs: number): number =>
  grace && grace.untilMs > nowMs && keepsLess(days, grace.daysBefore) ? grace.daysBefore : days;
