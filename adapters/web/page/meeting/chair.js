import { Dialog } from "../dialogs.js";
import { Icon } from "../icons.js";
import { Initial } from "../initial.js";
import { MenuButton } from "../menu.js";
import { PressButton } from "../press.js";
import { html, useEffect, useState } from "../vendor/htm-preact.js";
import { asItIs, directionOf, say } from "../words.js";
import { Candidates, Tie } from "./chair-pictures.js";
import { OnWall } from "./on-wall.js";
import { Undo } from "./undo.js";
import { Tally } from "./vote.js";

/** @import { SeatAction, ShownMeetingPicture, ShownSeat } from "../../../../src/ports/meeting-screens.ts" */
/** @import { IconName } from "../icons.js" */
/** @import { PartProps } from "./phone.js" */

/** @typedef {ShownSeat["others"][number]} Other */

/** Beside the clock. What else there is stands in its own place, or in the menu. */
/** @type {Readonly<Partial<Record<SeatAction, IconName>>>} */
const ABOVE = { "more-time": "clock", pause: "hide", "go-on": "next", note: "plus" };
/** @type {ReadonlySet<SeatAction>} */
const PLACED = new Set(["later", "more-time", "pause", "go-on", "note", "visual", "undo-close"]);
const AT_CHAIR = "chair";
const SETTLES_MS = 700;

/** One large button that is always the next step, and around it what the chair needs to know. @param {PartProps} props */
export function Chair({ seat, shown, pictures }) {
  const [picking, setPicking] = useState(/** @type {ShownMeetingPicture | undefined} */ (undefined));
  const { next, others, decision, state } = shown;
  const acts = {
    press: (/** @type {string} */ token) => seat.presses.attempt(AT_CHAIR, () => seat.presses.press(token)),
  };
  /** @param {SeatAction} does */
  const find = (does) => others.find((other) => other.does === does);
  const above = others.filter(({ does }) => ABOVE[does]);
  const [later, visual, undo] = [find("later"), find("visual"), find("undo-close")];
  const rest = others.filter(({ does }) => !PLACED.has(does));
  const failed = seat.presses.failed.get(AT_CHAIR);
  const tie = state === "result" && decision && decision.options.filter(({ won }) => won).length > 1;
  return html`<main class="scroll">
      ${above.length > 0 && html`<div class="trow">${above.map((other) => html`<${PressButton} key=${other.token} button=${other} acts=${acts}>${other.does === "pause" || other.does === "go-on" ? "" : html`<${Icon} name=${ABOVE[other.does] ?? "plus"} kind="s" />`}${other.label}<//>`)}</div>`}
      <${OnWall} shown=${shown} pictures=${pictures} />
      ${tie && html`<${Tie} shown=${shown} decision=${decision} pictures=${pictures} onPick=${setPicking} />`}
      ${state === "result" && decision && !tie && html`<section class="panel"><p class="lead" dir=${directionOf(decision.title)}>${decision.title}</p><${Tally} decision=${decision} /></section>`}
      <${Present} shown=${shown} />
      ${!tie && html`<${Candidates} shown=${shown} pictures=${pictures} visual=${visual} acts=${acts} onPick=${setPicking} />`}
    </main>
    <${Undo} undo=${undo} shown=${shown} acts=${acts} />
    <footer class="foot">
      ${failed !== undefined && html`<p class="problem" role="alert">${failed}</p>`}
      <div class=${later ? "big2 two" : "big2"}>
        ${next && html`<${NextStep} next=${next} acts=${acts} />`}
        ${later && html`<${PressButton} key=${later.token} button=${later} acts=${acts}><${Icon} name="next" />${later.label}<//>`}
        <${Rest} rest=${rest} acts=${acts} />
      </div>
    </footer>
    ${picking && html`<${PickDialog} picture=${picking} acts=${acts} onClose=${() => setPicking(undefined)} />`}`;
}

/** Stays the same button, so that it keeps the focus; a second tap of the same finger must not be the step after. @param {{ next: NonNullable<ShownSeat["next"]>, acts: { press: (token: string) => Promise<void> } }} props */
function NextStep({ next, acts }) {
  const [settled, setSettled] = useState(next.token);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(next.token), SETTLES_MS);
    return () => clearTimeout(timer);
  }, [next.token]);
  const guarded = { press: async (/** @type {string} */ token) => (settled === token ? acts.press(token) : undefined) };
  return html`<${PressButton} button=${next} kind="primary big" acts=${guarded} />`;
}

/** @param {{ rest: readonly Other[], acts: { press: (token: string) => Promise<void> } }} props */
function Rest({ rest, acts }) {
  /** @param {Other} other */
  const item = ({ does, label, token }) =>
    /** @type {const} */ ({
      icon: does === "end" ? "delete" : does === "hand-over" ? "people" : "vote",
      label,
      danger: does === "end",
      run: () => acts.press(token),
    });
  const parts = [
    rest.filter(({ does }) => does !== "end").map(item),
    rest.filter(({ does }) => does === "end").map(item),
  ];
  return html`<${MenuButton} label=${say("page.meeting.more")} kind="sq last" parts=${parts}><${Icon} name="more" /><//>`;
}

/** Who is here, and who has voted: not what. @param {{ shown: ShownSeat }} props */
function Present({ shown: { present, me, state, decision } }) {
  const votes = state === "vote" && decision !== undefined;
  const voted = present.filter((each) => each.voted).length;
  return html`<section class="panel">
    <div class="hd"><h2>${say("page.meeting.present")}</h2><span class="quiet">${votes ? say("wall.have-voted", { voted, all: present.length }) : present.length}</span></div>
    <ul class="here">${present.map(
      ({ id, name, voted: has }) =>
        html`<li key=${id}><${Initial} name=${name} /><span dir="auto">${id === me.id ? say("page.meeting.you") : name}</span>${votes && has && html`<${Icon} name="check" kind="s" />`}${votes && html`<span class="sr">${say(has ? "page.vote.voted" : "page.meeting.not-voted")}</span>`}</li>`,
    )}</ul>
  </section>`;
}

/** Asked once: it goes before everybody's vote. @param {{ picture: ShownMeetingPicture, acts: { press: (token: string) => Promise<void> }, onClose: () => void }} props */
function PickDialog({ picture, acts, onClose }) {
  const title = say("page.meeting.pick-title", { name: asItIs(`#${picture.number}`) });
  const pick = () => {
    onClose();
    void acts.press(picture.pickToken ?? "");
  };
  return html`<${Dialog} title=${title} onClose=${onClose}>
    <p>${say("page.meeting.pick-about")}</p>
    <div class="buttons end"><button type="button" class="press" onClick=${onClose}>${say("page.dialog.cancel")}</button><button type="button" class="press primary" onClick=${pick}>${say("page.meeting.pick")}</button></div>
  <//>`;
}
