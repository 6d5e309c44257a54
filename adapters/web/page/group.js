import { get, send } from "./api.js";
import { Connection } from "./connection.js";
import { Lines } from "./lines.js";
import { Presses, voteNote } from "./presses.js";
import { speak } from "./words.js";

/** @import { Session } from "./api.js" */
/** @import { Present, StreamEvent, WireMessage } from "../wire.ts" */
/** @import { WebGroup } from "../../../src/ports/group-log.ts" */
/** @import { OpenVote, ShownForm } from "../../../src/ports/view.ts" */
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
    /** From here on nothing is missing. Of what is older only some is known: what was edited, and what is voted about. */
    this.firstSeq = 0;
    /** What is locked for this member's next pictures. @type {ShownLock | undefined} */
    this.lock = undefined;
    /** Private answers that were folded away or opened by hand. @type {Map<string, boolean>} */
    this.folded = new Map();
    /** The private answer that is open by itself. @type {string | undefined} */
    this.answer = undefined;
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
    this.presses = new Presses({ session, connection: this.connection, onChange });
  }

  end() {
    this.ended = true;
    this.lines.end();
    this.connection.end();
  }

  /** Messages with a vote that is open, those first that this member has not voted in, then those that close soonest. */
  get votes() {
    const nowMs = Date.now();
    const votes = [...this.byId.values()].flatMap((message) => {
      const vote = message.removed || message.onlyYou ? undefined : message.view?.vote;
      return vote && vote.closesAtMs > nowMs ? [{ message, vote }] : [];
    });
    /** @param {(typeof votes)[number]} each */
    const done = ({ vote }) => Number(vote.voterIds.includes(this.session.memberId));
    return votes.sort((a, b) => done(a) - done(b) || a.vote.closesAtMs - b.vote.closesAtMs);
  }

  /** @param {WireMessage} message */
  isFolded({ id, onlyYou, view }) {
    return onlyYou && view !== undefined && (this.folded.get(id) ?? id !== this.answer);
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

  /** Fetches earlier messages until this one is among them. @param {string} id @returns {Promise<boolean>} whether it is */
  async reach(id) {
    const message = this.byId.get(id);
    for (let pages = 0; message && message.seq < this.firstSeq && pages < PAGES_BACK_MAX; pages += 1) {
      // Somebody else is fetching.
      if (this.loadingOlder) return false;
      await this.loadOlder();
    }
    return message !== undefined && message.seq >= this.firstSeq;
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
        for (const message of [...event.messages, ...(event.votes ?? [])]) this.#take(message);
        this.info = event.room;
        this.rev = event.rev;
        this.epoch = event.epoch;
        if (event.afresh) this.#reaches(event.older, event.messages);
        this.lines.hurry();
        if (event.language !== undefined) speak(event.language);
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

  /** @param {WireMessage} message */
  #take(message) {
    const before = this.byId.get(message.id);
    if (before && before.rev >= message.rev) return;
    this.byId.set(message.id, message);
    this.lines.stored(message.id);
    this.#voted(before?.view?.vote, message);
  }

  /** A vote that came or went is its own answer. @param {OpenVote | undefined} before @param {WireMessage} message */
  #voted(before, { id, view }) {
    const now = view?.vote;
    const token = (now ?? before)?.token;
    /** @param {OpenVote | undefined} vote */
    const mine = (vote) => vote?.voterIds.includes(this.session.memberId) ?? false;
    if (token !== undefined && mine(before) !== mine(now)) this.presses.heard(token, [id, voteNote(id)]);
  }

  /** @param {() => void} change */
  #change(change) {
    change();
    this.messages = [...this.byId.values()]
      .filter(({ removed, seq }) => !removed && seq >= this.firstSeq)
      .sort((a, b) => a.seq - b.seq);
    const answer = this.messages.findLast(({ onlyYou, view }) => onlyYou && view);
    const mine = this.messages.findLast(({ author }) => author?.id === this.session.memberId);
    this.answer = answer && answer.seq > (mine?.seq ?? 0) ? answer.id : undefined;
    if (!this.ended) this.hooks.onChange();
  }
}
