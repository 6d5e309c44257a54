import { Icon } from "../icons.js";
import { Picture } from "../picture.js";
import { html, useState } from "../vendor/htm-preact.js";
import { say } from "../words.js";
import { Bar } from "./bars.js";
import { Foot, Told } from "./parts.js";

/** @import { OpenProps } from "./sheet.js" */

/** As REASON_MAX_CHARS and PROPOSAL_OPTIONS in domain/decision.ts. */
const REASON_MAX_CHARS = 200;
const ASKED_WHY = new Set(["disagree", "block"]);

/** "We use this one": one of a few words, and why not in one's own. @param {OpenProps} props */
export function Proposal(props) {
  const { group, acts, message, decision } = props;
  const standing = group.ballots.of(message, decision);
  const { chosen } = standing;
  const [reasoned, setReasoned] = useState(/** @type {string | undefined} */ (undefined));
  // "We use this one": that one, whole.
  const picture = decision.options.find(({ image }) => image)?.image ?? decision.about?.image;
  const now = () => group.byId.get(message.id);
  /** @param {string} id */
  const press = (id) => {
    setReasoned(undefined);
    void group.ballots.choose(now, chosen.includes(id) ? [] : [id]);
  };
  /** @param {SubmitEvent} event */
  const explain = (event) => {
    event.preventDefault();
    const reason = String(new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)).get("reason")).trim();
    setReasoned(chosen[0]);
    void group.ballots.choose(now, chosen, reason);
  };
  // Of a secret one nobody is to know who said what.
  const asks = decision.visibility !== "secret" && chosen.some((id) => ASKED_WHY.has(id));
  const asked = asks ? chosen[0] : undefined;
  const label = decision.options.find(({ id }) => id === reasoned)?.label;
  const said =
    label !== undefined && standing.is === "counted" && reasoned === chosen[0]
      ? say("page.decision.reasoned", { choices: label })
      : undefined;
  return html`<div class="scroll">
      <${Told} ...${props} />
      ${picture && html`<div class="subject" style=${{ "--ratio": `${picture.widthPx / Math.max(1, picture.heightPx)}` }}><${Picture} image=${picture} among=${[picture]} acts=${acts} title=${decision.title} /></div>`}
      <div class="answers" role="group" aria-label=${decision.title}>
        ${decision.options.map((option) => {
          const on = chosen.includes(option.id);
          return html`<button type="button" key=${option.id} class=${on ? "answer on" : "answer"} aria-pressed=${on ? "true" : "false"} onClick=${() => press(option.id)}>
            <span class="ft"><b>${option.label}</b>${option.count !== undefined && html`<span class="cn">${option.count}</span>`}<span class="tick" aria-hidden="true">${on && html`<${Icon} name="check" kind="s" />`}</span></span>
            ${option.count !== undefined && html`<${Bar} count=${option.count} of=${decision.voted} />`}
          </button>`;
        })}
      </div>
      ${
        asked !== undefined &&
        html`<form class="why" key=${asked} onSubmit=${explain}>
          <label for="reason">${say("page.decision.reason")}</label>
          <textarea id="reason" name="reason" rows="2" maxlength=${REASON_MAX_CHARS} dir="auto" required aria-describedby="reason-about"></textarea>
          <small id="reason-about">${say("page.decision.reason-about", { max: REASON_MAX_CHARS })}</small>
          <button type="submit" class="press">${say("page.decision.reason-send")}</button>
        </form>`
      }
    </div>
    <${Foot} ...${props} standing=${standing} said=${said} />`;
}
