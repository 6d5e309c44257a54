import { randomUUID } from "node:crypto";
import type { KeyValues } from "../ports/key-values.ts";
import { ReignOver } from "../ports/leader.ts";
import type { Engine } from "../ports/sql.ts";
import type { OutboxKey, Store } from "../ports/store.ts";
import { accountsOf } from "./accounts.ts";
import { block, blockOf, blocks, sweepBlocks, unblock } from "./blocks.ts";
import { moveChat } from "./chat-moves.ts";
import { clockSetBack } from "./clock.ts";
import { closeDecision, closeDecisions, remind } from "./decision-ends.ts";
import * as decisions from "./decisions.ts";
import { defer, deferUntil, giveUpDeferred, startDeferred } from "./deferred.ts";
import * as documents from "./documents.ts";
import { cancel, fail, finish } from "./endings.ts";
import { pictureLike } from "./fingerprints.ts";
import * as fleet from "./fleet.ts";
import { forgettingOver } from "./forgetting/over.ts";
import { gauges } from "./gauges.ts";
import { accept, sweepInbox, wouldRefuse } from "./intake.ts";
import {
  aheadOf,
  attachTo,
  countJobs,
  dueDeferred,
  jobBy,
  keepLease,
  loadsByLane,
  nextJobs,
  openJobs,
  queueAllAgain,
} from "./jobs.ts";
import { countChanges, keyValuesOver } from "./key-values.ts";
import { leaderOver } from "./leader.ts";
import { accountOf, holdMore } from "./ledger.ts";
import { budgetLeft } from "./meeting-budget.ts";
import { changeMeeting, closeMeetings, startMeeting } from "./meeting-changes.ts";
import { picturesAsked } from "./meeting-pictures.ts";
import { meetingMark, renewCodes, reopenDecision } from "./meeting-upkeep.ts";
import * as meetings from "./meetings.ts";
import * as moderation from "./moderation.ts";
import { openDecision } from "./open-decision.ts";
import { abandon, due, jobByMessage, pick, posted, postpone, showing, shows } from "./outbox.ts";
import { accountsWithNames, link, unlink } from "./persons.ts";
import * as pictures from "./pictures.ts";
import { giftsOf, give, pot } from "./pots.ts";
import { claim, claimInSlot, giveBack, moveLanes } from "./queue.ts";
import { speedOf } from "./speed.ts";
import { addressWindows, spendWindows, sweepAddresses } from "./spend-windows.ts";
import { type Tx, transactionsOver } from "./transaction.ts";
import { vote } from "./votes.ts";

/** Small values lie in the same database, so that one transaction can move both. */
export interface StoreOverSql extends Store {
  readonly keyValues: KeyValues;
}

/**
 * The Store over any database: a method is one transaction of rules, or one statement.
 *
 * @param nowMs the clock behind `ahead`, the only method that is not told the time
 */
export function storeOver(engine: Engine, nowMs: () => number): StoreOverSql {
  const transactions = transactionsOver(engine);
  const { act, once, look } = transactions;
  const changes = countChanges();
  const leader = leaderOver(transactions, engine.oneWriter);
  /** Of a message that was sent, by whoever leads. @throws ReignOver */
  const noted = ({ reign }: OutboxKey, note: (tx: Tx) => Promise<void>): Promise<void> =>
    reign === undefined
      ? once(note)
      : act(async (tx) => {
          if (!(await leader.reigns(tx, reign))) throw new ReignOver();
          await note(tx);
        });
  return {
    accept: (input) => act((tx) => accept(tx, input)),
    wouldRefuse: (input) => look((tx) => wouldRefuse(tx, input)),

    openDecision: (input) => act((tx) => openDecision(tx, input)),
    vote: (input) => act((tx) => vote(tx, input)),
    closeDecision: (input) => act((tx) => closeDecision(tx, input)),
    decision: (decisionId, atMs) => look((tx) => decisions.decision(tx, decisionId, atMs)),
    decisionAbout: (...input) => look((tx) => decisions.decisionAbout(tx, ...input)),
    openDecisions: (chatKey, atMs) => look((tx) => decisions.openDecisions(tx, chatKey, atMs)),
    winners: (...input) => look((tx) => decisions.winners(tx, ...input)),
    closeDecisions: (atMs) => act((tx) => closeDecisions(tx, atMs)),
    remind: (atMs) => act((tx) => remind(tx, atMs)),

    defer: (input) => act((tx) => defer(tx, input)),
    dueDeferred: (atMs, limit) => look((tx) => dueDeferred(tx, atMs, limit)),
    startDeferred: (input) => act((tx) => startDeferred(tx, input)),
    deferUntil: (...input) => act((tx) => deferUntil(tx, ...input)),
    giveUpDeferred: (...input) => act((tx) => giveUpDeferred(tx, ...input)),

    claim(lane, atMs, leaseMs) {
      const wanted = { lane, claimId: randomUUID(), nowMs: atMs, leaseMs };
      return act((tx) => claim(tx, wanted));
    },
    claimInSlot(lane, slot, atMs, leaseMs) {
      const wanted = { lane, claimId: randomUUID(), nowMs: atMs, leaseMs };
      return act((tx) => claimInSlot(tx, wanted, slot));
    },
    heartbeat: (jobId, attempt, atMs, leaseMs) =>
      once(async (tx) => (await keepLease(tx, jobId, attempt, atMs + leaseMs)) === 1),
    attach: (jobId, attempt, { backend, key }) =>
      once(async (tx) => void (await attachTo(tx, jobId, attempt, backend, key))),
    finish: (input) => act((tx) => finish(tx, input)),
    fail: (...input) => act((tx) => fail(tx, ...input)),
    giveBack: (jobId, attempt) => act((tx) => giveBack(tx, jobId, attempt)),
    cancel: (...input) => act((tx) => cancel(tx, ...input)),
    recover: () => once(async (tx) => queueAllAgain(tx)),
    moveLanes: (known, lane) => act((tx) => moveLanes(tx, known, lane)),
    job: (jobId) => look((tx) => jobBy(tx, jobId)),
    jobByMessage: (place, messageId) => look((tx) => jobByMessage(tx, place, messageId)),
    shows: (message, imageId, whole) => act((tx) => shows(tx, message, imageId, whole === "whole")),
    showing: (jobId) => look((tx) => showing(tx, jobId)),
    ahead: (jobId) => look((tx) => aheadOf(tx, jobId, nowMs())),
    openJobs: (filter, limit) => look((tx) => openJobs(tx, filter, limit)),
    nextJobs: (lane, limit) => look((tx) => nextJobs(tx, lane, limit)),
    counts: () => look((tx) => countJobs(tx)),
    loads: () => look((tx) => loadsByLane(tx)),
    gauges: (oldestMax) => look((tx) => gauges(tx, oldestMax)),

    due: (...input) => look((tx) => due(tx, ...input)),
    lead: (...input) => leader.lead(...input),
    leading: (name) => leader.leading(name),
    posted: (key, revision, message) => noted(key, (tx) => posted(tx, key, revision, message)),
    postpone: (key, untilMs) => noted(key, (tx) => postpone(tx, key, untilMs)),
    abandon: (key) => noted(key, (tx) => abandon(tx, key)),
    pick: (...input) => act((tx) => pick(tx, ...input)),

    ...documents.over(transactions),
    ...fleet.over(transactions),
    ...forgettingOver(transactions, engine, changes),

    spendWindow: (settingsKey, atMs) => look((tx) => spendWindows.of(tx, settingsKey, atMs)),
    addressWindow: (addressKey, atMs) => look((tx) => addressWindows.of(tx, addressKey, atMs)),
    holdMore: (jobId, totalGpuMs, spendCapGpuMs, atMs) =>
      act((tx) => holdMore(tx, jobId, { totalGpuMs, spendCapGpuMs }, atMs)),
    account: (memberId, allowance, atMs) => look((tx) => accountOf(tx, memberId, allowance, atMs)),

    accountsOf: (memberId) => look((tx) => accountsOf(tx, memberId)),
    joinedAccounts: (memberId) => look((tx) => accountsWithNames(tx, memberId)),
    link: (input) => act((tx) => link(tx, input)),
    unlink: (...input) => act((tx) => unlink(tx, ...input)),
    startMeeting: (input) => act((tx) => startMeeting(tx, input)),
    changeMeeting: (input) => act((tx) => changeMeeting(tx, input)),
    attend: (...input) => act((tx) => meetings.attend(tx, ...input)),
    meeting: (meetingId) => look((tx) => meetings.meetingBy(tx, meetingId)),
    meetingIn: (chatKey) => look((tx) => meetings.meetingIn(tx, chatKey)),
    latestMeeting: (chatKey) => look((tx) => meetings.latestMeeting(tx, chatKey)),
    meetingByWall: (wallKey) => look((tx) => meetings.meetingByWall(tx, wallKey)),
    meetingByCode: (code) => look((tx) => meetings.meetingByCode(tx, code)),
    picturesAsked: (meetingId) => look((tx) => picturesAsked(tx, meetingId)),
    meetingBudget: (meetingId) => look((tx) => budgetLeft(tx, meetingId)),
    forgetMeetings: (chats) => act((tx) => meetings.forgetMeetings(tx, chats)),
    meetingMark: (meetingId) => look((tx) => meetingMark(tx, meetingId)),
    renewCodes: (newCode) => act((tx) => renewCodes(tx, newCode)),
    reopenDecision: (input) => act((tx) => reopenDecision(tx, input)),
    closeMeetings: (atMs) => act((tx) => closeMeetings(tx, atMs)),

    pot: (settingsKey, atMs) => look((tx) => pot(tx, settingsKey, atMs)),
    give: (input) => act((tx) => give(tx, input)),
    giftsOf: (memberId, atMs) => look((tx) => giftsOf(tx, memberId, atMs)),

    block: (input, problem) => act((tx) => block(tx, input, problem)),
    unblock: (number) => act((tx) => unblock(tx, number)),
    blockOf: (memberId, settingsKey, atMs) => look((tx) => blockOf(tx, memberId, settingsKey, atMs)),
    blocks: (scope, atMs, limit) => look((tx) => blocks(tx, scope, atMs, limit)),
    sweepBlocks: (atMs) => once(async (tx) => sweepBlocks(tx, atMs)),

    hide: (press) => act((tx) => moderation.hide(tx, press)),
    decideHeld: (ruling) => act((tx) => moderation.decideHeld(tx, ruling)),
    heldIn: (chatKey, limit) => look((tx) => moderation.heldIn(tx, chatKey, limit)),
    moderationSteps: (chatKey, limit) => look((tx) => moderation.moderationSteps(tx, chatKey, limit)),

    picture: (imageId) => look((tx) => pictures.picture(tx, imageId)),
    pictureByNumber: (chatKey, number) => look((tx) => pictures.pictureByNumber(tx, chatKey, number)),
    pictureBySum: (chatKey, sha256) => look((tx) => pictures.pictureBySum(tx, chatKey, sha256)),
    pictureLike: (by, fingerprint) => look((tx) => pictureLike(tx, by, fingerprint)),
    picturesOf: (jobId) => look((tx) => pictures.picturesOf(tx, jobId)),
    history: (filter) => look((tx) => pictures.history(tx, filter)),
    markDeleted: (...input) => act((tx) => pictures.markDeleted(tx, ...input)),
    restore: (jobId) => act((tx) => pictures.restore(tx, jobId)),
    countMadeBefore: (chat) => look((tx) => pictures.countMadeBefore(tx, chat)),
    async forget(input, limit) {
      const found = await look((tx) => pictures.forgettable(tx, input, limit));
      return found.length === 0 ? [] : act((tx) => pictures.forget(tx, found, input.deletedBeforeMs));
    },
    usesLogo: (...input) => look((tx) => pictures.usesLogo(tx, ...input)),
    moveChat: (move) => changes.by(undefined, () => act((tx) => moveChat(tx, move))),
    sweepInbox: (beforeMs) => once(async (tx) => sweepInbox(tx, beforeMs)),
    sweepAddresses: (atMs) => once(async (tx) => sweepAddresses(tx, atMs)),

    clockSetBack: (atMs) => act((tx) => clockSetBack(tx, atMs)),
    speed: (backend) => look((tx) => speedOf(tx, backend)),
    close: () => engine.close(),
    keyValues: keyValuesOver(transactions, changes, engine.oneWriter),
  };
}
