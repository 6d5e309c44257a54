import { listen } from "./stream.js";

/** @import { ApiError } from "./api.js" */
/** @import { ScreenEvent, StreamEvent } from "../wire.ts" */

/** So often in a row nobody answered: that is no hiccup any more. */
const OFFLINE_AFTER = 3;

/**
 * `reconnecting`: it was lost a moment ago. `offline`: it stays away. `paused`: the server ended it in favour of another tab.
 *
 * @typedef {"connecting" | "connected" | "reconnecting" | "offline" | "paused"} ConnectionState
 */

/**
 * Whether this page reaches its server: the one place that knows. What is shown of it, what is sent and what is given up go by it.
 *
 * @template {StreamEvent | ScreenEvent} [E=StreamEvent]
 */
export class Connection {
  /**
   * @param {{ path: string, secret?: string, body: () => object, onEvent: (event: E) => void,
   *   onRefused: (error: ApiError) => void, onChange: () => void }} options
   */
  constructor(options) {
    this.options = options;
    /** @type {ConnectionState} */
    this.state = "connecting";
    /** Why it is not there, where the server said so. */
    this.why = "";
    this.stream = this.#listen();
  }

  /** Whether it is of use to try anything now. */
  get away() {
    return this.state === "offline";
  }

  /** Somebody got no answer: the stream is opened anew now, instead of being found dead after a silence. */
  doubt() {
    this.stream.again();
  }

  /** After a pause: this tab instead of one elsewhere. */
  resume() {
    this.stream.stop();
    this.stream = this.#listen();
  }

  end() {
    this.stream.stop();
  }

  #listen() {
    const { onChange, ...options } = this.options;
    let lost = 0;
    /** @param {ConnectionState} state @param {string} [why] */
    const now = (state, why = "") => {
      if (this.state === state && this.why === why) return;
      this.state = state;
      this.why = why;
      onChange();
    };
    return listen({
      ...options,
      onLive: () => {
        lost = 0;
        now("connected");
      },
      onLost: (why) => {
        lost += 1;
        now(lost < OFFLINE_AFTER ? "reconnecting" : "offline", why);
      },
      onEnded: (text) => now("paused", text),
    });
  }
}
