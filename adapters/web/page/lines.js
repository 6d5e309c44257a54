import { ApiError, newId, send } from "./api.js";

/** @import { Session } from "./api.js" */
/** @import { Connection } from "./connection.js" */
/** @import { WireMessage } from "../wire.ts" */
/** @import { Upload } from "../../../src/ports/group-log.ts" */

/**
 * What was typed and is not yet stored by the server.
 *
 * @typedef {{ readonly id: string, readonly text: string, readonly upload?: Upload,
 *   readonly values?: Record<string, string | number | boolean>,
 *   readonly state: "sending" | "waiting" | "refused", readonly why?: string }} Unsent
 */

const RETRY_MS = 1500;

/** Lines on their way to a group, in the order in which they were written. They outlive a reload of the page. */
export class Lines {
  /** @param {{ session: Session, connection: Connection, onStored: (message: WireMessage) => void, onChange: () => void }} options */
  constructor(options) {
    this.options = options;
    /** @type {readonly Unsent[]} */
    this.unsent = this.#restoreUnsent();
    this.pumping = false;
    this.ended = false;
    /** Ends the pause before a line is sent again. @type {() => void} */
    this.wake = () => {};
    void this.#pump();
  }

  end() {
    this.ended = true;
  }

  /** The connection is there (again). */
  hurry() {
    this.wake();
    void this.#pump();
  }

  /** @param {string} id of a message that the server has */
  stored(id) {
    if (this.unsent.some((each) => each.id === id)) this.discard(id);
  }

  /** @param {string} text @param {Upload | undefined} upload @param {Record<string, string | number | boolean>} [values] */
  say(text, upload, values) {
    const { connection } = this.options;
    /** @type {Unsent} */
    const unsent = {
      id: newId(),
      text,
      state: connection.away || this.unsent.some((each) => each.state === "waiting") ? "waiting" : "sending",
      ...(upload ? { upload } : {}),
      ...(values ? { values } : {}),
    };
    this.#setUnsent([...this.unsent, unsent]);
    void this.#pump();
  }

  /** @param {string} id */
  retry(id) {
    this.#setUnsent(this.unsent.map((each) => (each.id === id ? { ...each, state: "sending" } : each)));
    this.wake();
    void this.#pump();
  }

  /** @param {string} id */
  discard(id) {
    this.#setUnsent(this.unsent.filter((each) => each.id !== id));
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
    try {
      const { id, text, upload, values } = next;
      const body = {
        id,
        room: this.options.session.room,
        text,
        ...(upload ? { uploadId: upload.id } : {}),
        ...(values ? { values } : {}),
      };
      const { message } = await (await send("/api/messages", body, { secret: this.options.session.secret })).json();
      this.options.onStored(message);
      this.discard(id);
    } catch (error) {
      const why = error instanceof Error ? error.message : "";
      const status = error instanceof ApiError ? error.status : 0;
      if (status !== 0 && status !== 429 && status < 500) {
        const refused = /** @type {const} */ ({ state: "refused", why });
        return this.#setUnsent(this.unsent.map((each) => (each.id === next.id ? { ...each, ...refused } : each)));
      }
      // What comes after it is not being sent either.
      const waiting = /** @type {const} */ ({ state: "waiting", why });
      this.#setUnsent(this.unsent.map((each) => (each.state === "refused" ? each : { ...each, ...waiting })));
      if (status === 0) this.options.connection.doubt();
      const pauseMs = error instanceof ApiError && error.retryAfterMs > 0 ? error.retryAfterMs : RETRY_MS;
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, pauseMs);
        this.wake = () => {
          clearTimeout(timer);
          resolve(undefined);
        };
      });
    }
  }

  #unsentKey() {
    return `placard.unsent.${this.options.session.memberId}.${this.options.session.room}`;
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
    this.options.onChange();
  }
}
