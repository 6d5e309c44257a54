import { expect, it } from "vitest";
import { durationIn } from "../../src/lib/time-text.ts";

const DAY_MS = 86_400_000;

it.each([
  ["30min", 1_800_000],
  ["1 Minute", 60_000],
  ["2h", 7_200_000],
  [" 24 hours ", DAY_MS],
  ["7d", 7 * DAY_MS],
  ["2 weeks", 14 * DAY_MS],
  ["3650d", 3650 * DAY_MS],
  ["3651d", undefined],
  ["0h", undefined],
  ["7", undefined],
  ["1.5h", undefined],
  ["-1h", undefined],
  ["1 month", undefined],
  ["", undefined],
])("%j lasts %s ms", (text, lastsMs) => expect(durationIn(text)).toBe(lastsMs));
