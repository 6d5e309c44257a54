import { locale, say } from "../words.js";

const CLOCK = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" });
const DAY_AND_CLOCK = new Intl.DateTimeFormat(locale, { weekday: "short", hour: "2-digit", minute: "2-digit" });
const HALF_DAY_MS = 12 * 3_600_000;

/** "open until 19:40", as the browser's owner writes times. @param {number} closesAtMs Unix ms */
export function untilText(closesAtMs) {
  const time = (closesAtMs - Date.now() > HALF_DAY_MS ? DAY_AND_CLOCK : CLOCK).format(closesAtMs);
  // "7:40 pm" stays together where a line ends.
  return say("page.vote.until", { time: time.replaceAll(/\s/g, "\u00a0") });
}
