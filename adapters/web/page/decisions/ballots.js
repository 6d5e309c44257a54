import { hasOwn } from "../own.js";
import { voteNote } from "../presses.js";
import { decisionOf } from "./open.js";

/** @import { Presses } from "../presses.js" */
/** @import { WireMessage } from "../../wire.ts" */
/** @import { ShownDecision } from "../../../../src/ports/view.ts" */

/** What was counted is seen in the message within this; else it was refused. */
const SEEN_WITHIN_MS = 3000;
const KEPT = "placard.ballots";

/**
 * How the own vote stands. `chosen`: what is shown as chosen. "sending": not counted yet. "unknown": there is a vote, and neither
 * the message nor this tab tells which. "refused": the last press changed nothing; why, the chat says.
 *
 * @typedef {{ readonly chosen: readonly string[], readonly is: "none" | "sending" | "counted" | "unknown" | "refused" }} Standing
 * @typedef {{ wanted: readonly string[], reason: string | undefined, sending: boolean, sentAtMs: number, rev: number }} Ballot
 */

/** The own votes. Where the message does not say who chose what, what was pressed in this tab is all that one can know. */
export class Ballots {
  /** @param {{ memberId: string, accountIds: () => readonly string[], presses: Pick<Presses, "attempt" | "press" | "failed">, onChange: () => void }} options accountIds: of the member's person, now */
  constructor(options) {
    this.options = options;
    /** By decision. @type {Map<string, Ballot>} */
    this.ballots = new Map();
    /** Of before this page was loaded. */
    this.kept = readKept(options.memberId);
  }

  /** @param {WireMessage} message @param {ShownDecision} decision @returns {Standing} */
  of({ rev }, decision) {
    const accountIds = this.options.accountIds();
    const { decisionId, choicesOf, votedIds, options } = decision;
    const there = (/** @type {readonly string[]} */ ids) => ids.filter((id) => options.some((each) => each.id === id));
    const ballot = this.ballots.get(decisionId);
    const hasVoted = hasOwn(votedIds, accountIds);
    if (ballot?.sending) return { chosen: there(ballot.wanted), is: "sending" };
    const counted = choicesOf && there(accountIds.map((id) => choicesOf[id]).find((ids) => ids) ?? []);
    const wanted = ballot ? there(ballot.wanted) : undefined;
    const agrees = counted ? wanted && isSame(counted, wanted) : wanted && hasVoted === wanted.length > 0;
    if (wanted && !agrees && ballot) {
      const waits = Date.now() - ballot.sentAtMs < SEEN_WITHIN_MS;
      // A message that came since, of which one cannot know whether it was made before or after.
      if (waits) return { chosen: wanted, is: "sending" };
      // What was pressed since on another device stands in the message, too.
      if (rev <= ballot.rev) return { chosen: counted ?? [], is: "refused" };
    }
    const chosen = counted ?? (hasVoted ? (wanted ?? there(this.kept[decisionId] ?? [])) : []);
    if (hasVoted && chosen.length === 0) return { chosen, is: "unknown" };
    return { chosen, is: chosen.length > 0 ? "counted" : "none" };
  }

  /**
   * Exactly these from now on. One press is on its way at a time, and the newest follows it: on a slow line two could overtake
   * each other. Never rejects.
   *
   * @param {() => WireMessage | undefined} messageNow @param {readonly string[]} wanted @param {string} [reason]
   */
  async choose(messageNow, wanted, reason) {
    const first = messageNow();
    const decisionId = first && decisionOf(first)?.decisionId;
    if (decisionId === undefined) return;
    const before = this.ballots.get(decisionId);
    /** @type {Ballot} */
    const ballot = before ?? { wanted, reason, sending: false, sentAtMs: 0, rev: 0 };
    Object.assign(ballot, { wanted, reason });
    this.ballots.set(decisionId, ballot);
    this.options.onChange();
    if (ballot.sending) return;
    ballot.sending = true;
    try {
      await this.#send(ballot, decisionId, messageNow);
    } finally {
      ballot.sending = false;
      this.options.onChange();
    }
  }

  /** @param {Ballot} ballot @param {string} decisionId @param {() => WireMessage | undefined} messageNow */
  async #send(ballot, decisionId, messageNow) {
    const { presses } = this.options;
    /** @type {readonly string[] | undefined} */
    let sent;
    let reasonSent;
    while (sent !== ballot.wanted || reasonSent !== ballot.reason) {
      const message = messageNow();
      const decision = message && decisionOf(message);
      const { wanted, reason } = ballot;
      // Said with its reason it is chosen, too.
      const token =
        reason === undefined ? decision?.setToken : decision?.options.find(({ id }) => id === wanted[0])?.token;
      if (!message || token === undefined) return this.ballots.delete(decisionId);
      /** @type {Record<string, string>} */
      const values = reason === undefined ? { choices: wanted.join(",") } : { reason };
      await presses.attempt(voteNote(message.id), () => presses.press(token, values));
      // What was counted before still is.
      if (presses.failed.has(voteNote(message.id))) return this.ballots.delete(decisionId);
      [sent, reasonSent] = [wanted, reason];
      this.#keep(decisionId, wanted);
    }
    Object.assign(ballot, { sentAtMs: Date.now(), rev: messageNow()?.rev ?? 0 });
    setTimeout(this.options.onChange, SEEN_WITHIN_MS + 50);
    return true;
  }

  /** What is over is nobody's to find in this browser: it may have been secret. @param {WireMessage} message */
  saw(message) {
    const decisionId = message.view?.decision?.decisionId;
    if (decisionId === undefined || decisionOf(message)?.state === "open") return;
    this.ballots.delete(decisionId);
    if (this.kept[decisionId]) this.#keep(decisionId, undefined);
  }

  /** @param {string} decisionId @param {readonly string[] | undefined} chosen */
  #keep(decisionId, chosen) {
    const { [decisionId]: _, ...others } = this.kept;
    this.kept = chosen === undefined ? others : { ...others, [decisionId]: chosen };
    sessionStorage.setItem(`${KEPT}.${this.options.memberId}`, JSON.stringify(this.kept));
  }
}

/** @param {readonly string[]} a @param {readonly string[]} b */
const isSame = (a, b) => a.length === b.length && a.every((id) => b.includes(id));

/** @param {string} memberId @returns {Readonly<Record<string, readonly string[]>>} */
function readKept(memberId) {
  try {
    const kept = JSON.parse(sessionStorage.getItem(`${KEPT}.${memberId}`) ?? "{}");
    return typeof kept === "object" && kept !== null ? kept : {};
  } catch {
    // Damaged: then nothing is known.
    return {};
  }
}
