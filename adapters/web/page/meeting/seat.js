import { ApiError, newId, send } from "../api.js";
import { Connection } from "../connection.js";
import { Ballots } from "../decisions/ballots.js";
import { Presses, voteNote } from "../presses.js";
import { speak } from "../words.js";

/** @import { SeatAnswer, ShownSeat } from "../../../../src/ports/meeting-screens.ts" */
/** @import { Press } from "../presses.js" */
/** @import { ScreenEvent, WireMessage } from "../../wire.ts" */

const RETRY_MS = 1500;
const TRIES = 5;

/** One phone in a meeting, as the server has it. Redraws are asked for by `onChange`. */
export class Seat {
  /** @param {string} seat @param {{ onChange: () => void, onAnswer: (answer: SeatAnswer) => void, onFirst: (shown: ShownSeat) => void, onGone: (why: string) => void }} hooks */
  constructor(seat, hooks) {
    this.seat = seat;
    this.hooks = hooks;
    /** @type {ShownSeat | undefined} */
    this.shown = undefined;
    /** Of this phone's clock to the server's. */
    this.aheadMs = 0;
    const onChange = () => hooks.onChange();
    /** @type {Connection<ScreenEvent>} */
    this.connection = new Connection({
      path: "/api/meeting/seat",
      body: () => ({ seat }),
      onEvent: (event) => this.#received(event),
      onRefused: (error) => hooks.onGone(error.message),
      onChange: () => {
        if (this.connection.state === "connected" && this.unsent)
          void this.choose(this.unsent.wanted, this.unsent.reason);
        onChange();
      },
    });
    /** Whether the last press got no answer: then it is worth trying again. */
    this.unanswered = false;
    /** A choice that nobody has answered yet: it is sent again when the connection is back. @type {{ readonly decisionId: string, readonly wanted: readonly string[], readonly reason?: string } | undefined} */
    this.unsent = undefined;
    this.presses = new Presses({
      deliver: (press) => this.#deliver(press),
      connection: this.connection,
      onChange,
    });
    this.ballots = new Ballots({
      memberId: "seat",
      accountIds: () => (this.shown ? [this.shown.me.id] : []),
      presses: this.presses,
      onChange,
    });
  }

  end() {
    this.connection.end();
  }

  /** The decision as a chat's message has it, with what is one's own in it: how the own vote stands is worked out once. @returns {WireMessage | undefined} */
  get ballotPaper() {
    if (!this.shown?.decision) return undefined;
    const { decision, me, choices, revision } = this.shown;
    const view = { text: "", decision: { ...decision, choicesOf: { [me.id]: choices } } };
    return { id: decision.decisionId, seq: 0, rev: revision, atMs: 0, onlyYou: false, view };
  }

  /** Exactly these from now on: see Ballots. Never rejects. @param {readonly string[]} wanted @param {string} [reason] */
  async choose(wanted, reason) {
    const paper = this.ballotPaper;
    if (!paper) return;
    this.unsent = undefined;
    this.unanswered = false;
    await this.ballots.choose(() => this.ballotPaper, wanted, reason);
    const failed = this.presses.failed.has(voteNote(paper.id));
    if (failed && this.unanswered)
      this.unsent = { decisionId: paper.id, wanted, ...(reason === undefined ? {} : { reason }) };
    this.hooks.onChange();
  }

  /** @param {Press} press */
  async #deliver(press) {
    try {
      await this.#answered(await send("/api/meeting/press", { ...press, seat: this.seat }));
    } catch (error) {
      this.unanswered = error instanceof ApiError && error.status === 0;
      throw error;
    }
  }

  /** Words for a picture; sent again until somebody answers: with one id it is made once. @param {{ words: string, lettered: string }} wanted */
  async draw(wanted) {
    const id = newId();
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#answered(await send("/api/meeting/draw", { ...wanted, id, seat: this.seat }));
      } catch (error) {
        if (!(error instanceof ApiError) || error.status !== 0 || attempt === TRIES) throw error;
        this.connection.doubt();
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  /** @param {Response} response @returns {Promise<SeatAnswer>} */
  async #answered(response) {
    const answer = await response.json();
    this.hooks.onAnswer(answer);
    return answer;
  }

  /** @param {ScreenEvent} event */
  #received(event) {
    if (event.type !== "seat") return;
    const isFirst = this.shown === undefined;
    this.shown = event.seat;
    this.aheadMs = Date.now() - event.nowMs;
    const paper = this.ballotPaper;
    if (paper) this.ballots.saw(paper);
    if (event.seat.decision?.state !== "open" || event.seat.decision.decisionId !== this.unsent?.decisionId)
      this.unsent = undefined;
    speak(event.seat.language);
    if (isFirst) this.hooks.onFirst(event.seat);
    this.hooks.onChange();
  }
}
