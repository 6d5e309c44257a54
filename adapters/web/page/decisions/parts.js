import { PressButton } from "../press.js";
import { voteNote } from "../presses.js";
import { html, useEffect, useState } from "../vendor/htm-preact.js";
import { asItIs, directionOf, listOf, say } from "../words.js";
import { runsIt } from "./open.js";
import { untilText } from "./until.js";

/** @import { OpenProps } from "./sheet.js" */
/** @import { Standing } from "./ballots.js" */

/** How it stands and how it goes, before anybody chooses. @param {Pick<OpenProps, "decision" | "spread">} props */
export const Told = ({ decision, spread }) =>
  html`${spread !== undefined && html`<p class="asked" dir=${directionOf(spread)}>${spread}</p>`}
    <p class="stands quiet"><bdi>${decision.standing}</bdi> · <${Until} closesAtMs=${decision.closesAtMs} /></p>
    <ul class="told">${decision.notes.map((note) => html`<li dir=${directionOf(note)}>${note}</li>`)}</ul>`;

/** @param {{ closesAtMs: number }} props */
function Until({ closesAtMs }) {
  const [, redraw] = useState(0);
  const late = closesAtMs <= Date.now();
  useEffect(() => {
    if (late) return undefined;
    const timer = setTimeout(() => redraw((before) => before + 1), Math.min(closesAtMs - Date.now() + 50, 86_400_000));
    return () => clearTimeout(timer);
  }, [closesAtMs, late]);
  return late ? say("page.vote.counting") : untilText(closesAtMs);
}

/**
 * What of one's own is counted, and what else can be done: below what there is to choose from.
 *
 * @param {OpenProps & { standing: Standing, said?: string, children?: unknown }} props said: instead of how it stands
 */
export function Foot({ group, viewer, acts, message, decision, standing, said, children }) {
  const why = group.presses.failed.get(voteNote(message.id));
  const labels = decision.options.flatMap(({ id, label }) => (standing.chosen.includes(id) ? [asItIs(label)] : []));
  const stands = {
    none: () => say("page.decision.nothing"),
    sending: () => say("page.decision.sending"),
    counted: () => say("page.decision.counted", { choices: listOf(labels) }),
    unknown: () => say("page.decision.unknown"),
    refused: () => say("page.decision.refused"),
  }[standing.is]();
  return html`<footer>
    ${children}
    <div class="own">
      <p class=${`is-${standing.is}`} role="status">${said ?? stands}</p>
      <${Ending} viewer=${viewer} acts=${acts} message=${message} decision=${decision} />
    </div>
    ${why !== undefined && html`<p class="problem" role="alert">${why}</p>`}
  </footer>`;
}

/** For who runs it: what is no choice, such as closing it. @param {Pick<OpenProps, "viewer" | "acts" | "message" | "decision">} props */
function Ending({ viewer, acts: ofPage, message, decision }) {
  if (!runsIt(decision, viewer)) return "";
  const choices = new Set(decision.options.map(({ token }) => token));
  /** @type {Pick<typeof ofPage, "press">} */
  const acts = { press: (token, values) => ofPage.press(token, values, voteNote(message.id)) };
  const rest = message.view?.buttons?.flat().filter(({ token }) => !choices.has(token)) ?? [];
  return rest.map((button) => html`<${PressButton} key=${button.token} button=${button} kind="" acts=${acts} />`);
}
