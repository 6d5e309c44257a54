import { Icon } from "../icons.js";
import { PressButton } from "../press.js";
import { html } from "../vendor/htm-preact.js";
import { asItIs, directionOf, say } from "../words.js";
import { Shown } from "./pictures.js";
import { Tally } from "./vote.js";

/** @import { ShownMeetingPicture, ShownSeat } from "../../../../src/ports/meeting-screens.ts" */
/** @import { ShownDecision } from "../../../../src/ports/view.ts" */
/** @import { Pictures } from "./pictures.js" */

/** @typedef {{ readonly press: (token: string) => Promise<void> }} Acts */

/** What there is to decide about: each can be picked, or taken off the wall. @param {{ shown: ShownSeat, pictures: Pictures, visual: ShownSeat["others"][number] | undefined, acts: Acts, onPick: (picture: ShownMeetingPicture) => void }} props */
export function Candidates({ shown, pictures, visual, acts, onPick }) {
  const { pictures: all, state, decision, me } = shown;
  const hidden = state === "vote" && decision?.visibility !== "live";
  if (all.length === 0 && !visual) return "";
  return html`<section>
    <div class="hd"><h2>${say("page.meeting.candidates")}</h2>${hidden && html`<span class="quiet">${say("page.meeting.hidden")}</span>`}</div>
    ${all.map((picture) => html`<${Candidate} key=${picture.imageId} picture=${picture} mine=${picture.byName === me.name} pictures=${pictures} acts=${acts} onPick=${onPick} />`)}
    ${visual && html`<${PressButton} button=${visual} kind="wide" acts=${acts} />`}
  </section>`;
}

/** @param {{ picture: ShownMeetingPicture, mine: boolean, pictures: Pictures, acts: Acts, onPick: (picture: ShownMeetingPicture) => void }} props */
function Candidate({ picture, mine, pictures, acts, onPick }) {
  const { number, image, byName, pickToken, holdToken, held } = picture;
  const name = `#${number}`;
  const hold = say(held ? "page.meeting.put-back" : "page.meeting.hold-about", { name: asItIs(name) });
  return html`<div class=${held ? "cr held" : "cr"}>
    <${Shown} pictures=${pictures} image=${image} cssPx=${64} />
    <div><strong dir="ltr">${name}</strong><span class="quiet">${held ? say("page.meeting.held") : mine ? say("page.meeting.yours") : say("page.meeting.by", { name: byName })}</span></div>
    ${pickToken && !held && html`<button type="button" class="press" aria-label=${say("page.meeting.pick-this", { name: asItIs(name) })} onClick=${() => onPick(picture)}>${say("page.meeting.pick")}</button>`}
    ${holdToken && html`<${PressButton} key=${holdToken} button=${{ label: hold, token: holdToken }} kind="sq" label=${hold} title=${hold} acts=${acts}><${Icon} name=${held ? "show" : "hide"} /><//>`}
  </div>`;
}

/** As many for one as for the other: a run-off, or the chair decides. @param {{ shown: ShownSeat, decision: ShownDecision, pictures: Pictures, onPick: (picture: ShownMeetingPicture) => void }} props */
export function Tie({ shown, decision, pictures, onPick }) {
  const won = decision.options.filter((option) => option.won);
  return html`<section class="panel tie">
    <p class="lead" dir=${directionOf(decision.title)}>${decision.title}</p>
    <div class="pick4">${won.map(({ id, label, image, count }) => {
      const picture = shown.pictures.find((each) => each.image.key === image?.key);
      return html`<div class="pk" key=${id}>
        <span class="framed">${image && html`<${Shown} pictures=${pictures} image=${image} cssPx=${180} />`}</span>
        <p class="ft"><b dir="auto">${label}</b><span class="cn">${count}</span></p>
        ${picture?.pickToken && html`<button type="button" class="press" aria-label=${say("page.meeting.pick-this", { name: asItIs(label) })} onClick=${() => onPick(picture)}>${say("page.meeting.pick")}</button>`}
      </div>`;
    })}</div>
    <p class="quiet">${say("page.meeting.pick-about")}</p>
    <${Tally} decision=${decision} without=${won.map(({ id }) => id)} />
  </section>`;
}
