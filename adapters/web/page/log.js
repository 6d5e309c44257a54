import { viewerOf } from "./card.js";
import { DecisionSheet } from "./decisions/sheet.js";
import { MessageRow } from "./message.js";
import { Component, html } from "./vendor/htm-preact.js";
import { Votes } from "./votes.js";
import { locale, say } from "./words.js";

/** @import { Group } from "./group.js" */
/** @import { Unsent } from "./lines.js" */
/** @import { Acts } from "./message.js" */
/** @import { WireMessage } from "../wire.ts" */
/** @import { ShownDecision } from "../../../src/ports/view.ts" */

const FOLLOWS_WITHIN_MS = 5 * 60_000;
const AT_END_PX = 80;
/** Where it is noted that earlier messages could not be fetched. */
const OLDER = "older";
/** Earlier messages are asked for before the reader stands at the first one. */
const NEAR_START_PX = 300;
const DAY = new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long" });

/**
 * The messages. Stays at the end while the reader is there, and where the reader is otherwise.
 *
 * @typedef {{ readonly group: Group, readonly acts: Acts, readonly empty: unknown, readonly version: number }} LogProps
 * @typedef {{ behind: boolean, deciding: string | undefined }} LogState deciding: the message of the decision that is open as a whole
 * @extends {Component<LogProps, LogState>}
 */
export class Log extends Component {
  /** @param {LogProps} props */
  constructor(props) {
    super(props);
    this.state = { behind: false, deciding: undefined };
    /** @type {HTMLElement | null} */
    this.box = null;
    this.atEnd = true;
    this.newest = 0;
    /** What was there already has come. */
    this.opened = false;
    /** Own lines that the log has gone to the end for. @type {string | undefined} */
    this.sent = undefined;
    this.top = 0;
    /** @type {{ first: number, height: number, top: number } | undefined} */
    this.before = undefined;
    // Pictures and the keyboard change heights without any message.
    this.watch = new ResizeObserver(() => this.stick());
  }

  componentDidMount() {
    const list = this.box?.firstElementChild;
    if (this.box) this.watch.observe(this.box);
    if (list) this.watch.observe(list);
    this.stick();
  }

  componentWillUnmount() {
    this.watch.disconnect();
  }

  componentDidUpdate() {
    const { messages, session, epoch, lines } = this.props.group;
    const { unsent } = lines;
    const last = messages.at(-1);
    const box = this.box;
    if (!box) return;
    const oldest = messages[0]?.seq ?? 0;
    if (this.before && oldest < this.before.first && !this.atEnd)
      box.scrollTop = this.before.top + box.scrollHeight - this.before.height;
    this.before = { first: oldest, height: box.scrollHeight, top: box.scrollTop };
    const opening = !this.opened;
    this.opened ||= epoch !== "";
    const sent = unsent.at(-1)?.id;
    // Whoever sends something wants to see what comes of it. Line and answer may arrive together, and then the line is not last.
    if (sent !== undefined && sent !== this.sent) this.toEnd();
    this.sent = sent ?? this.sent;
    const mine = last?.author?.id === session.memberId;
    if (last && last.seq > this.newest) {
      this.newest = last.seq;
      if (this.atEnd || mine) this.showNewest(opening);
      else if (!this.state.behind) this.setState({ behind: true });
    } else this.stick();
  }

  stick() {
    if (this.atEnd) this.toEnd();
  }

  /** A long answer is read from its beginning. @param {boolean} opening the log has just been opened */
  showNewest(opening) {
    this.toEnd();
    const box = this.box;
    const row = box && [...box.querySelectorAll(".list > .row")].at(-1);
    if (opening || !box || !row || row.getBoundingClientRect().height < box.clientHeight) return;
    box.scrollTop += row.getBoundingClientRect().top - box.getBoundingClientRect().top - 8;
    this.atEnd = false;
  }

  toEnd() {
    this.atEnd = true;
    if (this.box) this.box.scrollTop = this.box.scrollHeight;
    if (this.state.behind) this.setState({ behind: false });
  }

  scrolled = () => {
    const box = this.box;
    if (!box) return;
    const nearEnd = box.scrollHeight - box.scrollTop - box.clientHeight < AT_END_PX;
    // Only going up leaves the end: a picture that just arrived makes the log longer without anyone having moved.
    if (nearEnd) this.atEnd = true;
    else if (box.scrollTop < this.top) this.atEnd = false;
    if (box.scrollTop < this.top && box.scrollTop < NEAR_START_PX) this.loadOlder();
    this.top = box.scrollTop;
    if (this.before) this.before = { ...this.before, height: box.scrollHeight, top: box.scrollTop };
    if (this.atEnd && this.state.behind) this.setState({ behind: false });
  };

  /** The button stays for whoever does not scroll, and for another try. */
  loadOlder = () => {
    const { group } = this.props;
    if (group.older) void group.presses.attempt(OLDER, () => group.loadOlder());
  };

  /** To the picture of a decision; one that is too far back is shown alone. @param {NonNullable<ShownDecision["about"]>} about */
  jump = async (about) => {
    const { group, acts } = this.props;
    this.atEnd = false;
    const there = await group.reach(about).catch(() => undefined);
    // Drawn with the next frame.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        const row = there && this.box?.querySelector(`[data-id="${there.id}"]`);
        if (!row) return about.image && acts.enlarge(about.image, [about.image]);
        row.scrollIntoView({ block: "center" });
        const picture = row.querySelector("button.picture, button");
        if (picture instanceof HTMLElement) picture.focus({ preventScroll: true });
      }),
    );
  };

  /** @param {LogProps} props @param {LogState} state */
  render({ group, acts, empty }, { behind, deciding }) {
    const { messages, older, loadingOlder, presses, lines } = group;
    const { unsent } = lines;
    const nothing = messages.length === 0 && unsent.length === 0;
    return html`<div class="logbox">
      <div class="log" role="log" aria-label=${say("page.chat.messages")} aria-live="polite" tabindex="0" ref=${(/** @type {HTMLElement | null} */ box) => (this.box = box)} onScroll=${this.scrolled}>
        <div class="list">
          ${older && html`<button type="button" class="press more" aria-busy=${loadingOlder ? "true" : "false"} onClick=${this.loadOlder}>${say("page.chat.earlier")}</button>`}
          ${presses.failed.has(OLDER) && html`<p class="problem more" role="alert">${presses.failed.get(OLDER)}</p>`}
          ${nothing && group.connection.state === "connected" && empty}
          ${messages.map((message, index) => this.row(message, messages[index - 1], acts))}
          ${unsent.map((each) => html`<${UnsentRow} key=${each.id} unsent=${each} group=${group} />`)}
          <${Votes} group=${group} acts=${acts} onJump=${this.jump} onOpen=${(/** @type {string} */ id) => this.setState({ deciding: id })} />
        </div>
      </div>
      ${behind && html`<button type="button" class="pill" onClick=${() => this.toEnd()}>${say("page.chat.newer")} <span aria-hidden="true">↓</span></button>`}
      ${deciding !== undefined && html`<${DecisionSheet} key=${deciding} group=${group} acts=${acts} viewer=${viewerOf(group)} id=${deciding} onClose=${() => this.setState({ deciding: undefined })} />`}
    </div>`;
  }

  /** @param {WireMessage} message @param {WireMessage | undefined} before @param {Acts} acts */
  row(message, before, acts) {
    const { group } = this.props;
    const mine = message.author?.id === group.session.memberId;
    const day = DAY.format(message.atMs);
    const newDay = before !== undefined && DAY.format(before.atMs) !== day;
    const same = before !== undefined && before.author?.id === message.author?.id && message.author !== undefined;
    const follows = !newDay && same && message.atMs - before.atMs < FOLLOWS_WITHIN_MS;
    const mayRemove = mine || message.onlyYou || (group.info?.admin ?? false);
    return html`${newDay && html`<p class="day">${day}</p>`}
      <${MessageRow} key=${message.id} message=${message} mine=${mine} follows=${follows} mayRemove=${mayRemove} viewer=${viewerOf(group)} folded=${group.isFolded(message)} failed=${group.presses.failed.get(message.id)} acts=${acts} />`;
  }
}

/** @param {{ unsent: Unsent, group: Group }} props */
function UnsentRow({ unsent, group }) {
  const said = {
    sending: say("page.unsent.sending"),
    waiting: `${say("page.unsent.waiting")} ${unsent.why ?? ""}`,
    refused: `${say("page.unsent.refused")} ${unsent.why ?? ""}`,
  }[unsent.state];
  return html`<article class=${`row said mine unsent ${unsent.state}`} aria-label=${say("page.unsent.not-yet")}>
    <div class="body">
      <div class="bubble"><p dir="auto">${unsent.text}</p></div>
      <p class="state" role=${unsent.state === "sending" ? undefined : "status"}>${said}</p>
      ${
        unsent.state !== "sending" &&
        html`<div class="buttons end"><button type="button" class="press" onClick=${() => group.lines.retry(unsent.id)}>${say("page.unsent.try-again")}</button><button type="button" class="press" onClick=${() => group.lines.discard(unsent.id)}>${say("page.unsent.discard")}</button></div>`
      }
    </div>
  </article>`;
}
