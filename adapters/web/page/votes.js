import { isQuorum } from "./decisions/open.js";
import { Titled } from "./decisions/titled.js";
import { untilText } from "./decisions/until.js";
import { Icon } from "./icons.js";
import { hasOwn } from "./own.js";
import { sourceOf } from "./picture-source.js";
import { voteNote } from "./presses.js";
import { html, useEffect, useLayoutEffect, useRef, useState } from "./vendor/htm-preact.js";
import { directionOf, say } from "./words.js";

/** @import { Group } from "./group.js" */
/** @import { Acts } from "./message.js" */
/** @import { WireMessage } from "../wire.ts" */
/** @import { ShownDecision, ShownImage } from "../../../src/ports/view.ts" */

/** More dots than these are no longer counted by looking. */
const DOTS_MAX = 6;
const THUMB = "64px";
/** Of a choice among pictures: as many as one can tell apart in so little room. */
const THUMBS_MAX = 4;

/**
 * @typedef {{ readonly group: Group, readonly acts: Acts, readonly onJump: (about: NonNullable<ShownDecision["about"]>) => void,
 *   readonly onOpen: (id: string) => void }} DockProps onOpen: the whole of a decision
 */

/**
 * What is decided now: one line at the end of the chat, which stays in sight for whoever reads further up.
 *
 * @param {DockProps} props
 */
export function Votes(props) {
  const { decisions } = props.group;
  const [all, setAll] = useState(false);
  const [, redraw] = useState(0);
  const nowMs = Date.now();
  const nextMs = Math.min(
    ...decisions.map(({ decision }) => decision.closesAtMs).filter((closesAtMs) => closesAtMs > nowMs),
  );
  useEffect(() => {
    if (nextMs === Number.POSITIVE_INFINITY) return undefined;
    // A timer holds no longer than 24 days.
    const waitMs = Math.min(Math.max(0, nextMs - Date.now()) + 50, 86_400_000);
    const timer = setTimeout(() => redraw((before) => before + 1), waitMs);
    return () => clearTimeout(timer);
  }, [nextMs]);
  if (decisions.length === 0) return "";
  const others = decisions.length - 1;
  return html`<section class="votes" aria-label=${say("page.vote.label")}>
    ${(all ? decisions : decisions.slice(0, 1)).map(({ message, decision }) => html`<${Ask} ...${props} key=${message.id} message=${message} decision=${decision} late=${decision.closesAtMs <= nowMs} />`)}
    ${others > 0 && html`<button type="button" class="link others" aria-expanded=${all ? "true" : "false"} onClick=${() => setAll(!all)}>${all ? say("page.vote.fewer") : say("page.vote.more", { n: others })}</button>`}
  </section>`;
}

/** @param {DockProps & { message: WireMessage, decision: ShownDecision, late: boolean }} props late: its time is up */
function Ask({ group, acts, onJump, onOpen, message, decision, late }) {
  const { title, standing, options, votedIds, votesNeeded = 0, kind, notes } = decision;
  const row = useRef(/** @type {HTMLElement | null} */ (null));
  // The line goes when it is decided: whoever stood on it stands in the chat then.
  useLayoutEffect(
    () => () => {
      const log = row.current?.closest(".log");
      if (log instanceof HTMLElement && row.current?.contains(document.activeElement))
        log.focus({ preventScroll: true });
    },
    [],
  );
  const why = group.presses.failed.get(voteNote(message.id));
  const quorum = isQuorum(decision);
  return html`<div class="ask" ref=${row}>
    <${Thumb} decision=${decision} onJump=${onJump} onOpen=${() => onOpen(message.id)} />
    <p class=${kind === "spend" ? "title two" : "title"} dir=${directionOf(title)} title=${title}><${Titled} title=${title} name=${decision.byName} /></p>
    <p class="stands quiet" aria-live="off">${quorum && votesNeeded <= DOTS_MAX && html`<${Pips} on=${votedIds.length} all=${votesNeeded} />`}<span class="how"><bdi>${standing}</bdi> · ${late ? say("page.vote.counting") : untilText(decision.closesAtMs)}</span></p>
    ${!late && (quorum ? html`<${Aye} group=${group} acts=${acts} message=${message} decision=${decision} />` : html`<${Choose} decision=${decision} accountIds=${group.accountIds} onOpen=${() => onOpen(message.id)} />`)}
    ${kind === "spend" && quorum && notes.map((note) => html`<p class="more-about quiet" dir=${directionOf(note)}>${note}</p>`)}
    ${why !== undefined && options.length === 1 && html`<p class="problem" role="alert">${why}</p>`}
  </div>`;
}

/** @param {{ on: number, all: number }} props */
const Pips = ({ on, all }) =>
  html`<span class="pips" aria-hidden="true">${Array.from({ length: all }, (_, at) => html`<i class=${at < on ? "on" : ""}></i>`)}</span>`;

/** To the picture that it is about; of several to choose from, to all of them. @param {{ decision: ShownDecision, onJump: DockProps["onJump"], onOpen: () => void }} props */
function Thumb({ decision, onJump, onOpen }) {
  const { about, options, title } = decision;
  const pictures = options.flatMap(({ image }) => (image && !image.spoiler ? [image] : []));
  if (pictures.length > 1)
    return html`<button type="button" class="th several" aria-label=${say("page.vote.choose-about", { title })} onClick=${onOpen}>${pictures.slice(0, THUMBS_MAX).map((image) => html`<${Small} image=${image} />`)}</button>`;
  const image = about?.image?.spoiler ? undefined : (about?.image ?? pictures[0]);
  if (!about)
    return html`<span class="th" aria-hidden="true">${image ? html`<${Small} image=${image} />` : html`<${Icon} name="vote" />`}</span>`;
  const { number } = about;
  return html`<button type="button" class="th" aria-label=${say("page.vote.show", { number })} onClick=${() => onJump(about)}>${image ? html`<${Small} image=${image} />` : html`<span aria-hidden="true" dir="ltr">#${number}</span>`}</button>`;
}

/** @param {{ image: ShownImage }} props */
const Small = ({ image }) => html`<img alt="" width="44" height="44" ...${sourceOf(image, THUMB)} />`;

/** A press is a vote, and another takes it back. @param {{ group: Group, acts: Acts, message: WireMessage, decision: ShownDecision }} props */
function Aye({ group, acts, message, decision }) {
  const [busy, setBusy] = useState(false);
  const { title, votedIds, ownerIds = [], options } = decision;
  const voted = hasOwn(votedIds, group.accountIds);
  const owns = hasOwn(ownerIds, group.accountIds);
  const token = options[0]?.token;
  if (token === undefined) return "";
  const press = async () => {
    if (busy) return;
    setBusy(true);
    await acts.press(token, undefined, voteNote(message.id));
    setBusy(false);
  };
  const [label, about] = owns
    ? [say("page.vote.at-once"), say("page.vote.at-once-about", { title })]
    : voted
      ? [say("page.vote.voted"), say("page.vote.voted-about", { title })]
      : [say("page.vote.vote"), say("page.vote.vote-about", { title })];
  return html`<button type="button" class=${`press go ${voted ? "voted" : "primary"}`} aria-label=${about} aria-pressed=${owns ? undefined : voted ? "true" : "false"} aria-busy=${busy ? "true" : "false"} onClick=${press}>${label}</button>`;
}

/** @param {{ decision: ShownDecision, accountIds: readonly string[], onOpen: () => void }} props */
function Choose({ decision, accountIds, onOpen }) {
  const { title, votedIds } = decision;
  const voted = hasOwn(votedIds, accountIds);
  const label = say(voted ? "page.vote.voted" : "page.choice.choose");
  const about = say(voted ? "page.vote.change-about" : "page.vote.choose-about", { title });
  return html`<button type="button" class=${`press go ${voted ? "voted" : "primary"}`} aria-haspopup="dialog" aria-label=${about} onClick=${onOpen}>${label}</button>`;
}
