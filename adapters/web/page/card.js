import { HeldCard } from "./held.js";
import { Icon } from "./icons.js";
import { Initial } from "./initial.js";
import { MenuButton } from "./menu.js";
import { OfferRows } from "./offer-rows.js";
import { hasOwn } from "./own.js";
import { Picture } from "./picture.js";
import { originalUrl } from "./picture-source.js";
import { PressButton } from "./press.js";
import { html } from "./vendor/htm-preact.js";
import { directionOf, listOf, say } from "./words.js";

/** @import { Acts } from "./message.js" */
/** @import { IconName } from "./icons.js" */
/** @import { CardAction, ShownButton, ShownCard, ShownImage, ShownView } from "../../../src/ports/view.ts" */

/**
 * Who looks at a card. `accountIds`: each of them is theirs. `lock`: what is locked for their next pictures, absent: nothing.
 *
 * @typedef {{ readonly accountIds: readonly string[], readonly admin: boolean,
 *   readonly lock?: { readonly seed: number, readonly unlockToken?: string } | undefined }} Viewer
 * @typedef {ShownCard & { readonly state: "done" }} DoneCard
 * @typedef {{ readonly view: ShownView, readonly viewer: Viewer, readonly acts: Acts }} CardProps
 */

/** @type {WeakMap<object, Viewer>} */
const viewers = new WeakMap();

/** The same one until something of it changes. @param {{ readonly accountIds: readonly string[], readonly info: { readonly admin: boolean } | undefined, readonly lock?: Viewer["lock"] }} group */
export function viewerOf(group) {
  const { accountIds, info, lock } = group;
  const admin = info?.admin ?? false;
  const before = viewers.get(group);
  if (before?.accountIds === accountIds && before.admin === admin && before.lock === lock) return before;
  const viewer = { accountIds, admin, lock };
  viewers.set(group, viewer);
  return viewer;
}

/** Of the picture it shows or will show. @param {ShownCard} card @param {ShownImage | undefined} [image] */
const ratioOf = (card, image) => {
  const { widthPx, heightPx } = image ?? card;
  return { "--ratio": `${widthPx / Math.max(1, heightPx)}` };
};

/** @param {ShownView} view @param {CardAction} does @returns {ShownButton | undefined} */
const buttonFor = ({ buttons }, does) => buttons?.flat().find((button) => button.does === does);

/** A job's message in every state: edited in place, and from the first step on it keeps its room. @param {CardProps} props */
export function JobCard({ view, viewer, acts }) {
  const { card } = view;
  switch (card?.state) {
    case undefined:
      return "";
    case "waiting":
      return html`<${Waiting} card=${card} view=${view} viewer=${viewer} acts=${acts} />`;
    case "working":
      return html`<${Working} card=${card} view=${view} viewer=${viewer} acts=${acts} />`;
    case "done":
      return html`<${Done} card=${card} view=${view} viewer=${viewer} acts=${acts} />`;
    case "deleted":
      return html`<${Deleted} card=${card} view=${view} viewer=${viewer} acts=${acts} />`;
    case "held":
      return html`<${HeldCard} view=${view} viewer=${viewer} acts=${acts} isOwner=${isOwned(card, viewer)} />`;
    case "ended":
      return html`<${Ended} card=${card} view=${view} viewer=${viewer} acts=${acts} />`;
  }
}

/** @param {{ text: string }} props */
const Words = ({ text }) => html`<p class="words" dir=${directionOf(text)}>${text}</p>`;

/** What is the group's is also theirs who voted for it. @param {ShownCard} card @param {Pick<Viewer, "accountIds">} viewer */
const isOwned = ({ owner, ownerIds = [owner.id] }, { accountIds }) => hasOwn(ownerIds, accountIds);

/** Only who may sees that it can be done. @param {CardProps & { card: ShownCard, does: CardAction, kind?: string }} props */
function ForOwner({ card, view, viewer, acts, does, kind = "" }) {
  const button = buttonFor(view, does);
  if (!button || !(viewer.admin || isOwned(card, viewer))) return "";
  return html`<${PressButton} button=${button} kind=${kind} acts=${acts} />`;
}

/** @param {CardProps & { card: ShownCard }} props */
function Deleted(props) {
  return html`<div class="pic queued gone"><p class="facts" dir=${directionOf(props.card.facts)}>${props.card.facts}</p><${ForOwner} ...${props} does="undo" /></div>`;
}

/** @param {CardProps & { card: ShownCard }} props */
function Waiting(props) {
  const { card } = props;
  return html`<div class="pic queued" style=${ratioOf(card)}>
    <span class="hole"><${Icon} name="clock" kind="s" /></span>
    <div class="says"><${Words} text=${card.words} /><p class="facts one" role="status">${card.facts}</p></div>
    <${ForOwner} ...${props} does="cancel" kind="ghost" />
  </div>`;
}

/** @param {CardProps & { card: ShownCard & { readonly state: "working" | "waiting" } }} props */
function Working(props) {
  const { card, view, acts } = props;
  const { image, progress = 0 } = view;
  const percent = Math.round(Math.min(1, Math.max(0, progress)) * 100);
  return html`<div class="pic working" style=${ratioOf(card)}>
    <div class="shot">
      ${image ? html`<${Picture} image=${image} acts=${acts} unfinished />` : html`<span class="room"></span>`}
      <span class="track" style=${{ "--p": `${percent}%` }} role="progressbar" aria-valuemin="0" aria-valuemax="100" aria-valuenow=${percent} aria-label=${say("page.chat.progress")}></span>
    </div>
    <div class="says"><${Words} text=${card.words} /><p class="facts one">${card.facts}</p>
      ${card.notes.map((note) => html`<p class="fine" dir=${directionOf(note)}>${note}</p>`)}</div>
    <div class="acts"><${ForOwner} ...${props} does="cancel" /></div>
  </div>`;
}

/** @param {CardProps & { card: DoneCard }} props */
function Done({ card, view, viewer, acts }) {
  const { image, album } = view;
  const isOwner = isOwned(card, viewer);
  const whose = card.sharedBy
    ? say("page.card.groups")
    : viewer.accountIds.includes(card.owner.id)
      ? say("page.card.for-you")
      : say("page.card.for", { name: card.owner.name });
  return html`<div class="pic done" style=${ratioOf(card, album ? undefined : image)}>
    ${album && album.length > 1 ? html`<${Batch} images=${album} view=${view} acts=${acts} />` : image && html`<${Picture} image=${image} acts=${acts} inCard />`}
    <div class="says"><${Words} text=${card.words} />
      <p class="facts"><span><bdi dir=${directionOf(card.facts)}>${card.facts}</bdi> · <bdi dir=${directionOf(whose)}>${whose}</bdi></span>
        ${card.sharedBy && html`<${Carried} names=${card.sharedBy} />`}
        ${card.badges.map((badge) => html`<span class="badge" dir=${directionOf(badge)}>${badge.replace(/[.。]$/u, "")}</span>`)}</p>
      ${card.notes.map((note) => html`<p class="fine" dir=${directionOf(note)}>${note}</p>`)}</div>
    <div class="acts">
      <${PutToVote} card=${card} view=${view} acts=${acts} />
      <${Reroll} card=${card} view=${view} isOwner=${isOwner} viewer=${viewer} acts=${acts} />
      <${Vary} view=${view} acts=${acts} />
      <${Lock} card=${card} view=${view} viewer=${viewer} acts=${acts} />
      <${More} card=${card} view=${view} mayDelete=${isOwner || viewer.admin} acts=${acts} />
    </div>
  </div>`;
}

/** Initials of those who share it. @param {{ names: readonly string[] }} props */
function Carried({ names }) {
  return html`<span class="stack" role="img" aria-label=${say("page.card.carried", { names: listOf(names) })}>${names.map((name) => html`<${Initial} name=${name} />`)}</span>`;
}

/** A number under each, over none: it would hide lettering. @param {{ images: readonly ShownImage[], view: ShownView, acts: Acts }} props */
function Batch({ images, view, acts }) {
  const picks = view.buttons?.flat().filter(({ does }) => does === "pick") ?? [];
  return html`<div class="four">${images.map((image, index) => {
    const pick = picks[index];
    return html`<figure><${Picture} image=${image} among=${images} acts=${acts} title=${say("page.viewer.position", { n: index + 1, all: images.length })} />
      <figcaption>${pick ? html`<${PressButton} button=${pick} kind="ghost" label=${say("page.card.pick", { n: index + 1 })} acts=${acts} />` : index + 1}</figcaption></figure>`;
  })}</div>`;
}

/** Several are there to be chosen from. @param {{ card: DoneCard, view: ShownView, acts: Acts }} props */
function PutToVote({ card, view, acts }) {
  const button = card.pictures.length > 1 ? buttonFor(view, "vote") : undefined;
  return button ? html`<${PressButton} button=${button} kind="strong puts" acts=${acts} />` : "";
}

/** Of somebody else's picture a press is a vote where the group says so, and another press takes it back. @param {CardProps & { card: DoneCard, isOwner: boolean }} props */
function Reroll({ card, view, isOwner, viewer, acts }) {
  const button = buttonFor(view, "reroll");
  const { reroll } = card;
  if (!button || (reroll.by === "owner" && !isOwner)) return "";
  if (isOwner || reroll.by !== "vote")
    return html`<${PressButton} button=${button} kind="strong" acts=${acts}>${reroll.label}<//>`;
  const { voterIds, needed } = reroll;
  const voted = hasOwn(voterIds, viewer.accountIds);
  const count = say("page.card.votes", { votes: voterIds.length, needed });
  return html`<${PressButton} button=${button} kind=${voted ? "" : "strong"} pressed=${voted} title=${say(voted ? "page.card.take-back" : "page.card.press-votes")} acts=${acts}>
    ${voted && html`<${Icon} name="check" kind="s" />`}${voted ? say("page.card.voted") : reroll.label}<span class="n"><span aria-hidden="true">${voterIds.length}/${needed}</span><span class="sr">${count}</span></span>
  <//>`;
}

/** @param {{ view: ShownView, acts: Acts }} props */
function Vary({ view, acts }) {
  const [little, lot] = [buttonFor(view, "vary-little"), buttonFor(view, "vary-lot")];
  /** @param {string} label @param {ShownButton | undefined} button */
  const item = (label, button) =>
    button ? [{ icon: /** @type {IconName} */ ("sliders"), label, run: () => acts.press(button.token) }] : [];
  return html`<${MenuButton} label=${say("page.card.vary")} parts=${[[...item(say("page.card.vary-little"), little), ...item(say("page.card.vary-lot"), lot)]]} />`;
}

/** What locks unlocks, too. @param {CardProps & { card: DoneCard }} props */
function Lock({ card, view, viewer, acts }) {
  const button = buttonFor(view, "lock");
  if (!button) return "";
  const isLocked = viewer.lock !== undefined && viewer.lock.seed === card.pictures[0]?.seed;
  const unlock = isLocked ? viewer.lock?.unlockToken : undefined;
  // Locked for everyone by somebody else: nobody but those who may takes it off.
  if (isLocked && !unlock) return "";
  return html`<${PressButton} button=${unlock === undefined ? button : { ...button, token: unlock }} pressed=${isLocked} acts=${acts}>
    ${isLocked && html`<${Icon} name="lock" kind="s" />`}${say(isLocked ? "page.card.locked" : "page.card.lock")}
  <//>`;
}

/** @param {{ card: DoneCard, view: ShownView, mayDelete: boolean, acts: Acts }} props */
function More({ card, view, mayDelete, acts }) {
  const alone = card.pictures.length === 1 ? view.image : undefined;
  /** @param {CardAction} does @param {IconName} icon @param {string} [label] default: as the core says @param {boolean} [danger] */
  const item = (does, icon, label, danger = false) => {
    const button = buttonFor(view, does);
    return button ? [{ icon, label: label ?? button.label, danger, run: () => acts.press(button.token) }] : [];
  };
  const number = card.pictures[0]?.number ?? 0;
  return html`<${MenuButton} kind="sq last" label=${say("page.card.more", { number })} parts=${[
    [
      ...item("lettering", "letters"),
      ...item("upscale", "size"),
      ...item("edit", "edit", say("page.card.edit")),
      ...(alone ? item("vote", "vote") : []),
    ],
    alone
      ? [
          { icon: "download", label: say("page.viewer.download"), href: originalUrl(alone.key) },
          { icon: "share", label: say("page.viewer.share"), run: () => acts.share(alone.key) },
          ...item("print", "print"),
        ]
      : [],
    [
      ...item("how", "how", say("page.card.how")),
      ...item("hide", "hide"),
      ...(mayDelete ? item("delete", "delete", undefined, true) : []),
    ],
  ]}><${Icon} name="more" /><//>`;
}

/** @param {CardProps & { card: ShownCard & { readonly state: "ended" } }} props */
function Ended({ card, view, acts }) {
  const [again, sketch] = [buttonFor(view, "again"), buttonFor(view, "sketch")];
  const failed = view.tone === "bad";
  return html`<div class=${failed ? "pic stop" : "pic stop still"}>
    <div class="says"><p class="words">${card.title.replace(/[.。]$/u, "")}</p><p class="facts" dir=${directionOf(card.words)}>${card.words}</p>
      <p class="note" dir=${directionOf(card.cause)}>${failed && html`<${Icon} name="warn" />`}<span>${card.cause}</span></p></div>
    <div class="acts">
      ${again && html`<${PressButton} button=${again} kind=${failed ? "primary" : "strong"} acts=${acts}><${Icon} name="retry" kind="s" />${again.label}<//>`}
      ${sketch && html`<${PressButton} button=${sketch} acts=${acts} />`}
    </div>
  </div>`;
}

/** What there is instead. @param {{ view: ShownView, acts: Acts }} props */
export function Offers({ view, acts }) {
  const [title = "", ...rest] = view.text.split("\n");
  return html`<div class="pic stop allow">
    <div class="says"><p class="words" dir=${directionOf(title)}>${title}</p>${rest.map((line) => html`<p class="facts" dir=${directionOf(line)}>${line}</p>`)}</div>
    <${OfferRows} offers=${view.offers ?? []} acts=${acts} />
  </div>`;
}
