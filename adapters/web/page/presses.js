import { ApiError, newId } from "./api.js";
import { problemText, say } from "./words.js";

/** @import { Connection } from "./connection.js" */

const RETRY_MS = 1500;
const TRIES = 5;

/** Where a failed press of a vote is noted. @param {string} id of its message */
export const voteNote = (id) => `vote ${id}`;

/**
 * @typedef {{ readonly id: string, readonly token: string, readonly values?: Record<string, string> }} Press `id`: sent again it counts once
 */

/** What is pressed in a group or on a phone of a meeting, and what of it did not come about. */
export class Presses {
  /**
   * @param {{ deliver: (press: Press) => Promise<unknown>, connection: Pick<Connection, "away" | "doubt">, onChange: () => void }} options
   *   deliver: to the server; rejects as `send` does
   */
  constructor(options) {
    this.options = options;
    /** Why something did not come about, by where it was pressed: the id of a message, or another place's. @type {ReadonlyMap<string, string>} */
    this.failed = new Map();
    /** Presses that nobody answered, with what they were sent as: sent again they count once. @type {Map<string, string>} */
    this.unanswered = new Map();
  }

  /**
   * Sends a press until somebody answers: with one id it counts once.
   *
   * @param {string} token @param {Record<string, string>} [values] @throws {ApiError}
   */
  async press(token, values) {
    const what = JSON.stringify([token, values]);
    const id = this.unanswered.get(what) ?? newId();
    const press = { id, token, ...(values ? { values } : {}) };
    this.unanswered.set(what, id);
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.options.deliver(press);
        this.unanswered.delete(what);
        return;
      } catch (error) {
        if (!(error instanceof ApiError) || error.status !== 0) {
          this.unanswered.delete(what);
          throw error;
        }
        // No answer came, but what it did was seen.
        if (this.unanswered.get(what) !== id) return;
        this.options.connection.doubt();
        if (attempt === TRIES || this.options.connection.away) throw new ApiError(0, say("page.press.unanswered"));
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  /**
   * What a press did was seen, whether or not it was answered: the next one is another.
   *
   * @param {string} token @param {readonly string[]} places where it may be noted that it was not answered
   */
  heard(token, places) {
    if (!this.unanswered.delete(JSON.stringify([token, undefined]))) return;
    for (const where of places) this.#note(where, undefined);
  }

  /**
   * Does what was pressed somewhere, and says there when it did not come about. Never rejects.
   *
   * @param {string} where the id of the message, or another name @param {() => Promise<void>} work
   */
  async attempt(where, work) {
    this.#note(where, undefined);
    try {
      await work();
    } catch (error) {
      this.#note(where, problemText(error));
    }
  }

  /** @param {string} where @param {string | undefined} why */
  #note(where, why) {
    if (this.failed.get(where) === why) return;
    const failed = new Map(this.failed);
    failed.delete(where);
    if (why !== undefined) failed.set(where, why);
    this.failed = failed;
    this.options.onChange();
  }
}
