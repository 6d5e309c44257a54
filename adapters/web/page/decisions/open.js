import { hasOwn } from "../own.js";

/** @import { WireMessage } from "../../wire.ts" */
/** @import { ShownDecision } from "../../../../src/ports/view.ts" */

/** After its time it is being counted, and its outcome comes within this. As OVERDUE_MS in limits.ts. */
const OVERDUE_MS = 120_000;

/** Of a message that everybody sees; what was taken away is none. @param {WireMessage} message @returns {ShownDecision | undefined} */
export const decisionOf = ({ removed, onlyYou, view }) => (removed || onlyYou ? undefined : view?.decision);

/** @param {WireMessage} message */
export const isOpen = (message) => decisionOf(message)?.state === "open";

/**
 * Open decisions, those first that the reader has not voted in, then those that close soonest.
 *
 * @param {Iterable<WireMessage>} messages @param {readonly string[]} accountIds of the reader @param {number} nowMs
 * @returns {readonly { readonly message: WireMessage, readonly decision: ShownDecision }[]}
 */
export function openDecisions(messages, accountIds, nowMs) {
  const open = [...messages].flatMap((message) => {
    const decision = decisionOf(message);
    return decision?.state === "open" && decision.closesAtMs + OVERDUE_MS > nowMs ? [{ message, decision }] : [];
  });
  /** @param {(typeof open)[number]} each */
  const done = ({ decision }) => Number(hasOwn(decision.votedIds, accountIds));
  return open.sort((a, b) => done(a) - done(b) || a.decision.closesAtMs - b.decision.closesAtMs);
}

/** One yes is all that there is to say. @param {ShownDecision} decision */
export const isQuorum = ({ options }) => options.length === 1;

/** Whoever opened it or keeps order ends it, and decides a tie. @param {ShownDecision} decision @param {{ readonly accountIds: readonly string[], readonly admin: boolean }} who */
export const runsIt = ({ byId }, { accountIds, admin }) => admin || accountIds.includes(byId);
