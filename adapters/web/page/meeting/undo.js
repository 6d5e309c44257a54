import { PressButton } from "../press.js";
import { html, useEffect, useState } from "../vendor/htm-preact.js";
import { say } from "../words.js";

/** @import { ShownSeat } from "../../../../src/ports/meeting-screens.ts" */

const SHOWN_MS = 8000;

/** A vote that was closed before all had voted can be opened again for a moment; the wall waits as long. @param {{ undo: ShownSeat["others"][number] | undefined, shown: ShownSeat, acts: { press: (token: string) => Promise<void> } }} props */
export function Undo({ undo, shown: { decision, present }, acts }) {
  const [over, setOver] = useState("");
  const token = undo?.token;
  useEffect(() => {
    if (token === undefined) return undefined;
    const timer = setTimeout(() => setOver(token), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [token]);
  const missing = Math.max(0, present.length - (decision?.voted ?? 0));
  return html`<div class="undo" role="status">${undo && over !== token && html`<p>${missing > 0 ? say("page.meeting.closed-early", { n: missing }) : say("page.meeting.closed")}</p><${PressButton} key=${undo.token} button=${undo} acts=${acts} />`}</div>`;
}
