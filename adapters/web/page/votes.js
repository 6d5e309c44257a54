import { sourceOf } from "./picture-source.js";
import { voteNote } from "./presses.js";
import { html, useEffect, useState } from "./vendor/htm-preact.js";
import { aroundGap, directionOf, locale, say } from "./words.js";

/** @import { Group } from "./group.js" */
/** @import { Acts } from "./message.js" */
/** @import { WireMessage } from "../wire.ts" */
/** @import { OpenVote } from "../../../src/ports/view.ts" */

const CLOCK = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" });
const DAY_AND_CLOCK = new Intl.DateTimeFormat(locale, { weekday: "short", hour: "2-digit", minute: "2-digit" });
const HALF_DAY_MS = 12 * 3_600_000;
/** More dots than these are no longer counted by looking. */
const DOTS_MAX = 6;
const THUMB = "44px";

/**
 * What is voted about now: one line at the end of the chat, which stays in sight for whoever reads further up.
 *
 * @param {{ group: Group, acts: Acts, onJump: (message: WireMessage) => void }} props
 */
export function Votes({ group, acts, onJump }) {
  const [all, setAll] = useState(false);
  const [, redraw] = useState(0);
  const { votes } = group;
  const nextCloseMs = Math.min(...votes.map(({ vote }) => vote.closesAtMs));
  useEffect(() => {
    if (votes.length === 0) return undefined;
    // A timer holds no longer than 24 days.
    const waitMs = Math.min(Math.max(0, nextCloseMs - Date.now()) + 50, 86_400_000);
    const timer = setTimeout(() => redraw((before) => before + 1), waitMs);
    return () => clearTimeout(timer);
  }, [nextCloseMs, votes.length]);
  if (votes.length === 0) return "";
  const others = votes.length - 1;
  return html`<section class="votes" aria-label=${say("page.vote.label")}>
    ${(all ? votes : votes.slice(0, 1)).map(({ message, vote }) => html`<${Ask} key=${message.id} message=${message} vote=${vote} me=${group.session.memberId} why=${group.presses.failed.get(voteNote(message.id))} acts=${acts} onJump=${onJump} />`)}
    ${others > 0 && html`<button type="button" class="link others" aria-expanded=${all ? "true" : "false"} onClick=${() => setAll(!all)}>${all ? say("page.vote.fewer") : say("page.vote.more", { n: others })}</button>`}
  </section>`;
}

/** @param {{ message: WireMessage, vote: OpenVote, me: string, why: string | undefined, acts: Acts, onJump: (message: WireMessage) => void }} props */
function Ask({ message, vote, me, why, acts, onJump }) {
  const [busy, setBusy] = useState(false);
  const { number, byName, voterIds, votesNeeded, closesAtMs, requesterId, token } = vote;
  const voted = voterIds.includes(me);
  const image = message.view?.image;
  const press = async () => {
    if (busy) return;
    setBusy(true);
    await acts.press(token, undefined, voteNote(message.id));
    setBusy(false);
  };
  const [before, after] = aroundGap((name) => say("page.vote.wants", { name, number }));
  const clock = closesAtMs - Date.now() > HALF_DAY_MS ? DAY_AND_CLOCK : CLOCK;
  const stands = say("page.vote.stands", {
    votes: voterIds.length,
    needed: votesNeeded,
    time: clock.format(closesAtMs),
  });
  const [label, about] =
    requesterId === me
      ? [say("page.vote.at-once"), say("page.vote.at-once-about", { number })]
      : voted
        ? [say("page.vote.voted"), say("page.vote.voted-about", { number })]
        : [say("page.vote.vote"), say("page.vote.vote-about", { number })];
  return html`<div class="ask">
    <button type="button" class="th" aria-label=${say("page.vote.show", { number })} onClick=${() => onJump(message)}>${image && !image.spoiler ? html`<img alt="" width="44" height="44" ...${sourceOf(image, THUMB)} />` : html`<span aria-hidden="true" dir="ltr">#${number}</span>`}</button>
    <div class="asked">
      <p dir=${directionOf(before + after)}>${before}<b><bdi>${byName}</bdi></b>${after}</p>
      <p class="quiet">${votesNeeded <= DOTS_MAX && html`<span class="pips" aria-hidden="true">${Array.from({ length: votesNeeded }, (_, at) => html`<i class=${at < voterIds.length ? "on" : ""}></i>`)}</span>`}<span>${stands}</span></p>
      ${why !== undefined && html`<p class="problem" role="alert">${why}</p>`}
    </div>
    <button type="button" class=${`press ${voted ? "voted" : "primary"}`} aria-label=${about} aria-pressed=${requesterId === me ? undefined : voted ? "true" : "false"} aria-busy=${busy ? "true" : "false"} onClick=${press}>${label}</button>
  </div>`;
}
