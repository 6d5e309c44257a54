import { ApiError, get, newId, send } from "./api.js";
import { listen } from "./stream.js";
import { speak } from "./words.js";

/** @import { Session } from "./api.js" */
/** @import { Present, StreamEvent, WireMessage } from "../wire.ts" */
/** @import { WebGroup, Upload } from "../../../src/ports/group-log.ts" */
/** @import { ShownForm } from "../../../src/ports/view.ts" */

/**
 * What was typed and is not yet stored by the server.
 *
 * @typedef {{ readonly id: string, readonly text: string, readonly upload?: Upload,
 *   readonly values?: Record<string, string | number | boolean>,
 *   readonly state: "sending" | "waiting" | "refused", readonly why?: string }} Unsent
 */

const RETRY_MS = 1500;

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
    /** @type {readonly Unsent[]} */
    this.unsent = this.#restoreUnsent();
    /** @type {"connecting" | "live" | "lost" | "paused"} */
    this.line = "connecting";
    /** Why the line is lost or paused, where the server said so. */
    this.why = "";
    this.older = false;
    this.loadingOlder = false;
    this.rev = 0;
    this.epoch = "";
    this.pumping = false;
    this.ended = false;
    this.stop = this.#listen();
    void this.#pump();
  }

  #listen() {
    /** @param {Group["line"]} line @param {string} why */
    const show = (line, why) => {
      if (this.line === line && this.why === why) return;
      this.#change(() => {
        this.line = line;
        this.why = why;
      });
    };
    return listen({
      path: "/api/stream",
      secret: this.session.secret,
      body: () => ({ room: this.session.room, after: this.rev, ...(this.epoch ? { epoch: this.epoch } : {}) }),
      onEvent: (event) => this.#received(event),
      onState: (state, why = "") => show(state, why),
      onRefused: (error) => this.hooks.onGone(error.message),
      onEnded: (text) => show("paused", text),
    });
  }

  /** After a pause: this tab instead of one elsewhere. */
  resume() {
    this.stop();
    this.stop = this.#listen();
  }

  end() {
    this.ended = true;
    this.stop();
  }

  /** @param {string} text @param {Upload | undefined} upload @param {Record<string, string | number | boolean>} [values] */
  say(text, upload, values) {
    /** @type {Unsent} */
    const unsent = {
      id: newId(),
      text,
      state: "sending",
      ...(upload ? { upload } : {}),
      ...(values ? { values } : {}),
    };
    this.#setUnsent([...this.unsent, unsent]);
    void this.#pump();
  }

  /** @param {string} id */
  retry(id) {
    this.#setUnsent(this.unsent.map((each) => (each.id === id ? { ...each, state: "sending" } : each)));
    void this.#pump();
  }

  /** @param {string} id */
  discard(id) {
    this.#setUnsent(this.unsent.filter((each) => each.id !== id));
  }

  /** Sends a press until somebody answers: with one id it counts once. @param {string} token @param {Record<string, string>} [values] */
  async press(token, values) {
    const press = { id: newId(), room: this.session.room, token, ...(values ? { values } : {}) };
    for (let attempt = 1; ; attempt += 1) {
      try {
        await send("/api/press", press, { secret: this.session.secret });
        return;
      } catch (error) {
        if (!(error instanceof ApiError) || error.status !== 0 || attempt === 5) throw error;
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  /** @param {string} id */
  async remove(id) {
    await send("/api/remove", { room: this.session.room, id }, { secret: this.session.secret });
  }

  async loadOlder() {
    const first = this.messages[0];
    if (!first || this.loadingOlder) return;
    this.#change(() => (this.loadingOlder = true));
    try {
      const query = new URLSearchParams({ room: this.session.room, before: String(first.seq) });
      const { messages, older } = await get(`/api/older?${query}`, this.session.secret);
      for (const message of messages) if (!this.byId.has(message.id)) this.byId.set(message.id, message);
      this.older = older;
    } finally {
      this.#change(() => (this.loadingOlder = false));
    }
  }

  /** @param {StreamEvent} event */
  #received(event) {
    switch (event.type) {
      case "start":
        if (event.afresh) this.byId.clear();
        for (const message of event.messages) this.#take(message);
        this.info = event.room;
        this.rev = event.rev;
        this.epoch = event.epoch;
        if (event.afresh) this.older = event.older;
        void this.#pump();
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
    if (this.unsent.some((each) => each.id === message.id)) this.discard(message.id);
  }

  /** Sends what is waiting, in order, one at a time. */
  async #pump() {
    if (this.pumping) return;
    this.pumping = true;
    try {
      for (;;) {
        const next = this.unsent.find((each) => each.state !== "refused");
        if (!next || this.ended) return;
        await this.#sendOne(next);
      }
    } finally {
      this.pumping = false;
    }
  }

  /** @param {Unsent} next */
  async #sendOne(next) {
    /** @param {Unsent["state"]} state @param {string} [why] */
    const mark = (state, why) =>
      this.#setUnsent(
        this.unsent.map((each) => (each.id === next.id ? { ...each, state, ...(why ? { why } : {}) } : each)),
      );
    try {
      const { id, text, upload, values } = next;
      const body = {
        id,
        room: this.session.room,
        text,
        ...(upload ? { uploadId: upload.id } : {}),
        ...(values ? { values } : {}),
      };
      const { message } = await (await send("/api/messages", body, { secret: this.session.secret })).json();
      this.#take(message);
      this.discard(id);
      this.#change(() => {});
    } catch (error) {
      const why = error instanceof Error ? error.message : "";
      const status = error instanceof ApiError ? error.status : 0;
      if (status !== 0 && status !== 429 && status < 500) return mark("refused", why);
      mark("waiting", why);
      const pauseMs = error instanceof ApiError && error.retryAfterMs > 0 ? error.retryAfterMs : RETRY_MS;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }

  #unsentKey() {
    return `placard.unsent.${this.session.memberId}.${this.session.room}`;
  }

  /** @returns {readonly Unsent[]} */
  #restoreUnsent() {
    try {
      return JSON.parse(sessionStorage.getItem(this.#unsentKey()) ?? "[]");
    } catch {
      // Not written by us.
      return [];
    }
  }

  /** @param {readonly Unsent[]} unsent */
  #setUnsent(unsent) {
    this.unsent = unsent;
    sessionStorage.setItem(this.#unsentKey(), JSON.stringify(unsent));
    this.#change(() => {});
  }

  /** @param {() => void} change */
  #change(change) {
    change();
    this.messages = [...this.byId.values()].filter((message) => !message.removed).sort((a, b) => a.seq - b.seq);
    if (!this.ended) this.hooks.onChange();
  }
}
