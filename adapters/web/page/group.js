import { get, send } from "./api.js";
import { Connection } from "./connection.js";
import { Ballots } from "./decisions/ballots.js";
import { decisionOf, isOpen, isQuorum, openDecisions } from "./decisions/open.js";
import { Lines } from "./lines.js";
import { hasOwn } from "./own.js";
import { Presses, voteNote } from "./presses.js";
import { speak } from "./words.js";

/** @import { Session } from "./api.js" */
/** @import { Present, StreamEvent, WireMessage } from "../wire.ts" */
/** @import { WebGroup } from "../../../src/ports/group-log.ts" */
/** @import { ShownDecision, ShownForm } from "../../../src/ports/view.ts" */
/** @import { ShownLock } from "../../../src/ports/chat.ts" */

/** Pages of messages that are fetched to get to a picture; older ones are shown alone. */
const PAGES_BACK_MAX = 40;

/** One group as this tab sees it. Redraws are asked for by `onChange`, at most one per frame. */
export class Group {
  /** @param {Session} session @param {{ onChange: () => void, onForm: (form: ShownForm) => void, onGone: (text: string) => void }} hooks */
  constructor(session, hooks) {
    this.session = session;
    this.hooks = hooks;
    /** @type {WebGroup | undefined} */
    this.info = undefined;
    /** @type {Map<string, WireMessage>} */
    this.byId = new Map();
    /** @type {readonly WireMessage[]} */
    this.messages = [];
    /** @type {readonly Present[]} */
    this.present = [];
    /** From here on nothing is missing. Of what is older only some is known: what was edited, and what is decided now. */
    this.firstSeq = 0;
    /** Of the person who reads, this tab's own first: kept the same while nothing of them changes. @type {readonly string[]} */
    this.accountIds = [session.memberId];
    /** What is locked for this member's next pictures. @type {ShownLock | undefined} */
    this.lock = undefined;
    /** Private answers that were folded away or opened by hand. @type {Map<string, boolean>} */
    this.folded = new Map();
    /** The private answer that is open by itself. @type {string | undefined} */
    this.answer = undefined;
    /** The newest list of what waits for a moderator: it stays open while they go through it. @type {string | undefined} */
    this.waiting = undefined;
    this.older = false;
    this.loadingOlder = false;
    this.rev = 0;
    this.epoch = "";
    this.ended = false;
    this.connection = new Connection({
      path: "/api/stream",
      secret: session.secret,
      body: () => ({ room: session.room, after: this.rev, ...(this.epoch ? { epoch: this.epoch } : {}) }),
      onEvent: (event) => this.#received(event),
      onRefused: (error) => this.hooks.onGone(error.message),
      onChange: () => this.#change(() => {}),
    });
    const onChange = () => this.#change(() => {});
    this.lines = new Lines({
      session,
      connection: this.connection,
      onStored: (message) => this.#take(message),
      onChange,
    });
    this.presses = new Presses({
      deliver: (press) => send("/api/press", { ...press, room: session.room }, { secret: session.secret }),
      connection: this.connection,
      onChange,
    });
    this.ballots = new Ballots({
      memberId: session.memberId,
      accountIds: () => this.accountIds,
      presses: this.presses,
      onChange,
    });
  }

  end() {
    this.ended = true;
    this.lines.end();
    this.connection.end();
  }

  get decisions() {
    return openDecisions(this.byId.values(), this.accountIds, Date.now());
  }

  /** @param {WireMessage} message */
  isFolded({ id, onlyYou, view }) {
    return onlyYou && view !== undefined && (this.folded.get(id) ?? (id !== this.answer && id !== this.waiting));
  }

  /** @param {string} id @param {boolean} folded */
  fold(id, folded) {
    this.#change(() => this.folded.set(id, folded));
  }

  /** @param {string} id */
  async remove(id) {
    await send("/api/remove", { room: this.session.room, id }, { secret: this.session.secret });
  }

  async loadOlder() {
    if (this.firstSeq === 0 || this.loadingOlder) return;
    this.#change(() => (this.loadingOlder = true));
    try {
      const query = new URLSearchParams({ room: this.session.room, before: String(this.firstSeq) });
      const { messages, older } = await get(`/api/older?${query}`, this.session.secret);
      for (const message of messages) if (!this.byId.has(message.id)) this.byId.set(message.id, message);
      this.#reaches(older, messages);
    } finally {
      this.#change(() => (this.loadingOlder = false));
    }
  }

  /**
   * Fetches earlier messages until the one that shows this picture is among them.
   *
   * @param {NonNullable<ShownDecision["about"]>} about @returns {Promise<WireMessage | undefined>}
   */
  async reach({ number, image }) {
    /** @param {WireMessage} message */
    const shows = ({ view }) =>
      view?.card?.state === "done" &&
      (view.image?.key === image?.key || view.card.pictures.some((picture) => picture.number === number));
    for (let pages = 0; ; pages += 1) {
      const found = this.messages.find(shows);
      // Somebody else is fetching, or there is nothing more.
      if (found || !this.older || this.loadingOlder || pages === PAGES_BACK_MAX) return found;
      await this.loadOlder();
    }
  }

  /** @param {boolean} older there are earlier ones @param {readonly WireMessage[]} messages oldest first */
  #reaches(older, messages) {
    this.older = older;
    this.firstSeq = older ? (messages[0]?.seq ?? this.firstSeq) : 0;
  }

  /** @param {StreamEvent} event */
  #received(event) {
    switch (event.type) {
      case "start":
        if (event.afresh) this.byId.clear();
        this.#isOneWith(event.accountIds ?? [this.session.memberId]);
        for (const message of [...event.messages, ...(event.votes ?? [])]) this.#take(message);
        this.info = event.room;
        this.rev = event.rev;
        this.epoch = event.epoch;
        if (event.afresh) this.#reaches(event.older, event.messages);
        this.lines.hurry();
        if (event.language !== undefined) speak(event.language);
        break;
      case "accounts":
        this.#isOneWith(event.accountIds);
        break;
      case "language":
        speak(event.language);
        break;
      case "message":
        this.#take(event.message);
        this.rev = Math.max(this.rev, event.rev);
        break;
      case "present":
        this.present = event.members;
        break;
      case "lock":
        this.lock = event.lock;
        break;
      case "form":
        this.hooks.onForm(event.form);
        break;
      case "heard":
      case "out":
      case "ended":
        break;
    }
    this.#change(() => {});
  }

  /** @param {readonly string[]} accountIds */
  #isOneWith(accountIds) {
    if (accountIds.join() !== this.accountIds.join()) this.accountIds = accountIds;
  }

  /** @param {WireMessage} message */
  #take(message) {
    const before = this.byId.get(message.id);
    if (before && before.rev >= message.rev) return;
    this.byId.set(message.id, message);
    this.lines.stored(message.id);
    this.ballots.saw(message);
    this.#voted(before && decisionOf(before), message);
  }

  /** A vote that came or went is its own answer. @param {ShownDecision | undefined} before @param {WireMessage} message */
  #voted(before, message) {
    const now = decisionOf(message);
    if (!before || !now || !isQuorum(now)) return;
    const token = before.options[0]?.token;
    /** @param {ShownDecision} decision */
    const mine = ({ votedIds }) => hasOwn(votedIds, this.accountIds);
    if (token !== undefined && mine(before) !== mine(now))
      this.presses.heard(token, [message.id, voteNote(message.id)]);
  }

  /** @param {() => void} change */
  #change(change) {
    change();
    this.messages = [...this.byId.values()]
      // What is decided now stands below them.
      .filter((message) => !message.removed && message.seq >= this.firstSeq && !isOpen(message))
      .sort((a, b) => a.seq - b.seq);
    const answer = this.messages.findLast(({ onlyYou, view }) => onlyYou && view);
    const mine = this.messages.findLast(({ author }) => author?.id === this.session.memberId);
    this.waiting = this.messages.findLast(({ onlyYou, view }) => onlyYou && view?.moderation)?.id;
    this.answer = answer && answer.seq > (mine?.seq ?? 0) ? answer.id : undefined;
    if (!this.ended) this.hooks.onChange();
  }
}
