import { type Text, text } from "./text.ts";

// Waits and amounts for members, in the reader's own numbers and grammar.

const MS_PER_S = 1000;
const MS_PER_MIN = 60 * MS_PER_S;
const S_PER_MIN = 60;
const MIN_PER_H = 60;
const H_PER_DAY = 24;

/**
 * A wait in its two largest units: "1 s", "4 s", "2 min 5 s", "3 h 10 min", "1 day 2 h". Rounded up to whole seconds, at
 * least one: a member told "0 s" would look for a picture that is not there.
 */
export function duration(durationMs: number): Text {
  const totalS = Math.max(1, Math.ceil(durationMs / MS_PER_S));
  if (totalS < S_PER_MIN) return text("time.seconds", { n: totalS });
  const totalMin = Math.floor(totalS / S_PER_MIN);
  if (totalMin < MIN_PER_H) return twoUnits("time.minutes", totalMin, "time.seconds", totalS % S_PER_MIN);
  const totalH = Math.floor(totalMin / MIN_PER_H);
  if (totalH < H_PER_DAY) return twoUnits("time.hours", totalH, "time.minutes", totalMin % MIN_PER_H);
  return twoUnits("time.days", Math.floor(totalH / H_PER_DAY), "time.hours", totalH % H_PER_DAY);
}

type Unit = "time.days" | "time.hours" | "time.minutes" | "time.seconds";

function twoUnits(largerUnit: Unit, larger: number, smallerUnit: Unit, smaller: number): Text {
  const first = text(largerUnit, { n: larger });
  return smaller === 0 ? first : text("time.two-units", { larger: first, smaller: text(smallerUnit, { n: smaller }) });
}

/**
 * An amount of the allowance: always seconds, so that amounts can be compared at a glance, with a tenth where there is one: "10 s",
 * "12.3 s". What would round to nothing is "under 0.1 s": it was something.
 */
export const amount = (gpuMs: number): Text =>
  gpuMs > 0 && gpuMs < 50
    ? text("time.amount.tiny", { least: 0.1 })
    : text("time.amount", { seconds: gpuMs / MS_PER_S });

/** How long ago `atMs` was: "just now" within a minute, else "5 min ago". A clock that went backwards gives "just now". */
export function ago(atMs: number, nowMs: number): Text {
  const agoMs = nowMs - atMs;
  if (agoMs < MS_PER_MIN) return text("time.now");
  return text("time.ago", { duration: duration(Math.floor(agoMs / MS_PER_MIN) * MS_PER_MIN) });
}

/** A number of whole days: "1 day", "30 days". */
export const days = (n: number): Text => text("time.days", { n });
