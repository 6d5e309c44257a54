import { html } from "../vendor/htm-preact.js";
import { say } from "../words.js";

/** @import { ShownDecision } from "../../../../src/ports/view.ts" */

/** As REASON_MAX_CHARS and PROPOSAL_OPTIONS in domain/decision.ts. */
const REASON_MAX_CHARS = 200;
const ASKED_WHY = new Set(["disagree", "block"]);

/** Why not, in one's own words; of a secret vote nobody is to know who said what. @param {{ decision: ShownDecision, chosen: readonly string[], onSend: (reason: string) => void }} props */
export function Reason({ decision, chosen, onSend }) {
  const asked = decision.visibility === "secret" ? undefined : chosen.find((id) => ASKED_WHY.has(id));
  if (asked === undefined) return "";
  /** @param {SubmitEvent} event */
  const send = (event) => {
    event.preventDefault();
    onSend(String(new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)).get("reason")).trim());
  };
  return html`<form class="why" key=${asked} onSubmit=${send}>
    <label for="reason">${say("page.decision.reason")}</label>
    <textarea id="reason" name="reason" rows="2" maxlength=${REASON_MAX_CHARS} dir="auto" required aria-describedby="reason-about"></textarea>
    <small id="reason-about">${say("page.decision.reason-about", { max: REASON_MAX_CHARS })}</small>
    <button type="submit" class="press">${say("page.decision.reason-send")}</button>
  </form>`;
}
