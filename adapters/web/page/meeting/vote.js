import { Bar } from "../decisions/bars.js";
import { candidatesIn, chosenAfter } from "../decisions/choice.js";
import { Icon } from "../icons.js";
import { voteNote } from "../presses.js";
import { html, useState } from "../vendor/htm-preact.js";
import { asItIs, directionOf, listOf, say } from "../words.js";
import { Candidate } from "./candidate.js";
import { Pictured } from "./pictured.js";
import { Shown } from "./pictures.js";
import { Reason } from "./reason.js";
import { Zoom } from "./zoom.js";

/** @import { Option } from "../decisions/choice.js" */
/** @import { ShownDecision, ShownImage } from "../../../../src/ports/view.ts" */
/** @import { PartProps } from "./phone.js" */

/** What is asked of everybody now: the vote, else what there is to look at. @param {PartProps} props */
export function Vote(props) {
  const { shown } = props;
  switch (shown.state) {
    case "waiting":
      return html`<${Waits} said=${say("page.meeting.waiting")} as=${say("page.meeting.in-as", { name: shown.me.name })} />`;
    case "item":
      return html`<${SoFar} ...${props} />`;
    case "vote":
      return html`<${Ballot} ...${props} />`;
    case "result":
      return html`<${Outcome} ...${props} />`;
    case "ended":
      return html`<${Waits} said=${say("page.meeting.ended")} />`;
  }
}

/** @param {{ said: string, as?: string }} props */
const Waits = ({ said, as }) =>
  html`<main class="scroll calm">${as !== undefined && html`<p class="as">${as}</p>`}<p role="status">${said}</p></main>`;

/** Pictures of the item, before anybody asks. @param {PartProps} props */
function SoFar({ shown, pictures }) {
  if (shown.pictures.length === 0) return html`<${Waits} said=${say("page.meeting.no-vote")} />`;
  return html`<main class="scroll">
    <p class="quiet" role="status">${say("page.meeting.no-vote")}</p>
    <${Pictured} shown=${shown.pictures} pictures=${pictures} />
  </main>`;
}

/** @param {PartProps} props */
function Ballot({ seat, pictures }) {
  const [full, setFull] = useState(false);
  const [zoomed, setZoomed] = useState(
    /** @type {{ readonly image: ShownImage, readonly name: string } | undefined} */ (undefined),
  );
  const paper = seat.ballotPaper;
  const decision = paper?.view?.decision;
  if (!paper || !decision) return "";
  const { options, maxChoices, notes } = decision;
  const candidates = candidatesIn(options);
  const others = options.filter(({ image }) => !image);
  const standing = seat.ballots.of(paper, decision);
  const chosen = seat.unsent?.decisionId === decision.decisionId ? seat.unsent.wanted : standing.chosen;
  // Closed a moment ago, or not theirs to vote in.
  const shut = decision.setToken === undefined;
  /** @param {Option} option */
  const press = (option) => {
    if (shut) return;
    const next = chosenAfter(option, chosen, decision);
    setFull(next.length > maxChoices);
    if (next.length <= maxChoices) void seat.choose(next);
  };
  const about = decision.about?.image;
  const picked = candidates.length > 0;
  return html`<main class="scroll">
      ${!picked && html`<p class="asked" dir=${directionOf(decision.title)}>${decision.title}</p>`}
      ${!picked && about && html`<div class="subject"><${Shown} pictures=${pictures} image=${about} cssPx=${480} /></div>`}
      ${notes.slice(0, picked ? 1 : 3).map((note) => html`<p class=${picked ? "asked" : "quiet"} dir=${directionOf(note)}>${note}</p>`)}
      ${picked && html`<div class="pick4" role="group" aria-label=${decision.title}>${candidates.map((option) => html`<${Candidate} key=${option.id} option=${option} on=${chosen.includes(option.id)} shut=${shut} pictures=${pictures} onPress=${() => press(option)} onZoom=${() => option.image && setZoomed({ image: option.image, name: option.label })} />`)}</div>`}
      ${!picked && html`<div class="answers" role="group" aria-label=${decision.title}>${others.map((option) => html`<${Row} key=${option.id} option=${option} of=${decision} on=${chosen.includes(option.id)} shut=${shut} onPress=${() => press(option)} />`)}</div>`}
      ${!picked && html`<${Reason} decision=${decision} chosen=${chosen} onSend=${(/** @type {string} */ reason) => void seat.choose(chosen, reason)} />`}
    </main>
    <footer class="foot">
      ${maxChoices < candidates.length && !full && html`<p class="quiet" role="status">${say("page.decision.left", { left: maxChoices - chosen.filter((id) => candidates.some((each) => each.id === id)).length, max: maxChoices })}</p>`}
      ${full && html`<p class="problem" role="status">${say("page.decision.none-left", { max: maxChoices })}</p>`}
      ${picked && others.map((option) => html`<${Row} key=${option.id} option=${option} of=${decision} on=${chosen.includes(option.id)} shut=${shut} onPress=${() => press(option)} />`)}
      <${Counted} seat=${seat} decision=${decision} is=${standing.is} chosen=${chosen} noteAt=${paper.id} />
    </footer>
    ${zoomed && html`<${Zoom} ...${zoomed} pictures=${pictures} onClose=${() => setZoomed(undefined)} />`}`;
}

/** @param {{ option: Option, of: ShownDecision, on: boolean, shut: boolean, onPress: () => void }} props */
const Row = ({ option, of, on, shut, onPress }) =>
  html`<button type="button" class=${on ? "noneof on" : "noneof"} aria-pressed=${on ? "true" : "false"} aria-disabled=${shut ? "true" : "false"} onClick=${onPress}>
    <span><b dir="auto">${option.label}</b></span>${option.count !== undefined && html`<span class="cn">${option.count} / ${of.voted}</span>`}<span class="tick" aria-hidden="true">${on && html`<${Icon} name="check" kind="s" />`}</span>
  </button>`;

/** What of one's own is counted. @param {{ seat: PartProps["seat"], decision: ShownDecision, is: string, chosen: readonly string[], noteAt: string }} props */
function Counted({ seat, decision, is, chosen, noteAt }) {
  if (decision.setToken === undefined) return html`<p class="own" role="status">${say("page.meeting.shut")}</p>`;
  const why = seat.presses.failed.get(voteNote(noteAt));
  if (seat.unsent) return html`<p class="own problem" role="status">${say("page.meeting.not-yet")}</p>`;
  if (why !== undefined) return html`<p class="own problem" role="alert">${why}</p>`;
  const labels = decision.options.flatMap(({ id, label }) => (chosen.includes(id) ? [asItIs(label)] : []));
  if (is === "counted")
    return html`<p class="own is-counted" role="status">${say("page.decision.counted", { choices: listOf(labels) })}</p>`;
  const said = {
    none: () => say("page.decision.nothing"),
    sending: () => say("page.decision.sending"),
    refused: () => say("page.meeting.refused"),
  };
  return html`<p class="own" role="status">${(said[/** @type {keyof typeof said} */ (is)] ?? said.none)()}</p>`;
}

/** @param {PartProps} props */
function Outcome({ shown: { decision }, pictures }) {
  const [zoomed, setZoomed] = useState(
    /** @type {{ readonly image: ShownImage, readonly name: string } | undefined} */ (undefined),
  );
  if (!decision) return "";
  const won = decision.options.filter((option) => option.won && option.image);
  return html`<main class="scroll" tabindex="0">
      <p class="lead" role="status" dir=${directionOf(decision.title)}>${decision.title}</p>
      ${won.length > 0 && html`<div class=${won.length > 1 ? "pick4" : "winner"}>${won.map(({ id, image, label }) => image && html`<button type="button" class="look" key=${id} aria-label=${say("page.chat.enlarge", { title: label })} onClick=${() => setZoomed({ image, name: label })}><${Shown} pictures=${pictures} image=${image} cssPx=${360} /></button>`)}</div>`}
      <${Tally} decision=${decision} />
      ${decision.notes.map((note) => html`<p class="quiet" dir=${directionOf(note)}>${note}</p>`)}
    </main>
    ${zoomed && html`<${Zoom} ...${zoomed} pictures=${pictures} onClose=${() => setZoomed(undefined)} />`}`;
}

/** How many chose what, once that is known. @param {{ decision: ShownDecision, without?: readonly string[] }} props */
export function Tally({ decision, without = [] }) {
  const counted = decision.options.flatMap((option) =>
    option.count === undefined || without.includes(option.id) ? [] : [{ ...option, count: option.count }],
  );
  const sorted = decision.kind === "pick" ? counted.sort((a, b) => b.count - a.count) : counted;
  return html`<ul class="tally">${sorted.map(({ id, label, count, won }) => html`<li key=${id} class=${won ? "won" : ""}><span dir="auto">${label}</span><${Bar} count=${count} of=${decision.voted} /><span class="cn">${count}</span></li>`)}</ul>`;
}
