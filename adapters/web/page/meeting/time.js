import { html, useEffect, useState } from "../vendor/htm-preact.js";
import { language, say } from "../words.js";

/** @import { ShownMeeting } from "../../../../src/ports/meeting-screens.ts" */

const LAST_MS = 30_000;
const TWO = new Intl.NumberFormat(language, { minimumIntegerDigits: 2, useGrouping: false });
const PLAIN = new Intl.NumberFormat(language, { useGrouping: false });

/** "3:12". @param {number} leftMs */
function clockText(leftMs) {
  const seconds = Math.ceil(Math.max(0, leftMs) / 1000);
  return `${PLAIN.format(Math.floor(seconds / 60))}:${TWO.format(seconds % 60)}`;
}

/** What is left, by the server's clock. @param {NonNullable<ShownMeeting["timer"]>} timer @param {number} aheadMs of this clock to the server's */
const leftOf = (timer, aheadMs) =>
  timer.state === "paused" ? timer.leftMs : Math.max(0, timer.endsAtMs - (Date.now() - aheadMs));

/**
 * Counts down, and tells nobody of it: who wants to know reads it.
 *
 * @param {{ timer: ShownMeeting["timer"], aheadMs: number, kind: string }} props
 */
export function Timer({ timer, aheadMs, kind }) {
  const [, tick] = useState(0);
  const runs = timer?.state === "runs";
  useEffect(() => {
    if (!runs) return undefined;
    const every = setInterval(() => tick((before) => before + 1), 250);
    return () => clearInterval(every);
  }, [runs]);
  if (!timer) return "";
  const leftMs = leftOf(timer, aheadMs);
  const time = clockText(leftMs);
  const said = say(timer.state === "paused" ? "wall.time-paused" : "wall.time-left", { time });
  return html`<p class=${`${kind}${leftMs <= LAST_MS ? " last" : ""}`} role="timer" aria-live="off" aria-label=${said}><span aria-hidden="true" dir="ltr">${time}</span><small aria-hidden="true">${timer.state === "paused" ? say("wall.paused") : say("wall.left")}</small></p>`;
}
