import { EVERYWHERE } from "../domain/block.ts";
import { pendingInputId, pendingOffersId, pendingQuoteOffersId, pendingRecipesId } from "../domain/ids.ts";
import { type AboutRef, chatKeyOf, type Member, type Place } from "../domain/place.ts";
import { madeBeforeMsOf } from "../domain/retention.ts";
import type { Terms } from "../domain/terms.ts";
import { aheadIn } from "../jobs/fleet/ahead.ts";
import { picturesForWords } from "../jobs/router/route-rules.ts";
import { asError } from "../lib/error.ts";
import { spoken } from "../messages/spoken.ts";
import type { Attachment } from "../ports/chat.ts";
import type { About, Context, Reads } from "../ports/command.ts";
import { isOperator } from "./door.ts";
import { linksFor } from "./meeting-links.ts";
import { membersCalled } from "./members-called.ts";
import type { Services } from "./services.ts";
import { termsOf } from "./terms.ts";

/** Of each list; nobody reads further. */
const BLOCKS_MAX = 200;
const ASK_AFTER_MS = 2000;

/** What a command or a button may know before it decides. */
export async function contextOf(
  services: Services,
  event: {
    readonly member: Member;
    readonly askAdmin?: () => Promise<boolean>;
    readonly place: Place;
    readonly attachments: readonly Attachment[];
    readonly about?: AboutRef;
    /** See `AsideScreen`. */
    readonly isAside: boolean;
  },
): Promise<Context> {
  const terms = await termsOf(services, event.member, event.place);
  // What a browser speaks that only looks in is not what is spoken there.
  if (!event.isAside) await heard(services, event, terms.isOperator);
  const { chatKey, member, isOperator } = terms;
  return {
    ...terms,
    ...(event.isAside ? { privateOnly: true as const } : {}),
    get isAdmin() {
      return isOperator || member.admin;
    },
    seedLock: await services.memory.seedLock(chatKey, terms.accountIds),
    attachments: event.attachments,
    spoken,
    about: event.about && (await aboutOf(services, event.about, chatKey)),
    reads: readsOf(services, terms),
    newSeed: services.newSeed,
    token: services.token,
    countTokens: services.countTokens,
    words: services.words,
    readLogo: services.readLogo,
    sealOf: services.sealOf,
  };
}

/** Nobody waits for what is asked of the platform only to learn a group's language: not even the next burst of commands. */
async function heard(
  { readerLanguage, clock, log }: Services,
  { member, askAdmin, place }: Parameters<typeof contextOf>[1],
  isOperator: boolean,
): Promise<void> {
  const { id, languages } = member;
  const reader = { id, ...(languages === undefined ? {} : { languages }) };
  if (isOperator || !askAdmin) return readerLanguage.heard(place, { ...reader, admin: isOperator || member.admin });
  if (await readerLanguage.isHeard(place)) return;
  const ask = async () => {
    if (!(await readerLanguage.isHeard(place)))
      await readerLanguage.heard(place, { ...reader, admin: await askAdmin() });
  };
  clock.after(ASK_AFTER_MS, () => {
    ask().catch((error: unknown) => log.warn("language.unheard", { error: asError(error) }));
  });
}

/** Messages of other chats are nobody's business here, whatever they show. */
async function aboutOf(services: Services, about: AboutRef, chatKey: string): Promise<About> {
  const found = await services.store.jobByMessage(about.place, about.messageId);
  if (!found || chatKeyOf(found.job.target.place) !== chatKey)
    return { of: "nothing", ...(about.by ? { by: about.by } : {}) };
  const { job } = found;
  const pictures = await services.store.picturesOf(job.jobId);
  const whole = pictures.length > 1 ? "all" : 0;
  return { of: "job", subject: { job, pictures, which: found.index ?? about.albumIndex ?? whole } };
}

function readsOf(services: Services, terms: Omit<Terms, "isAdmin">): Reads {
  const { chatKey, settingsKey, member, allowance, addressCeiling } = terms;
  const { store, nowMs } = services;
  return {
    account: () => store.account(member.id, allowance, nowMs()),
    spendWindow: () => store.spendWindow(settingsKey, nowMs()),
    addressWindow: async () => addressCeiling && store.addressWindow(addressCeiling.addressKey, nowMs()),
    openJobs: (filter, limit) => store.openJobs(filter, limit),
    ahead: aheadIn(services),
    outOfRoom: () => services.room.out,
    picturesForWords: () => picturesForWords(services.router.backends, terms.rules.route),
    isServed: services.crew.serves,
    job: (jobId) => store.job(jobId),
    picturesOf: (jobId) => store.picturesOf(jobId),
    pictureByNumber: (number) => store.pictureByNumber(chatKey, number),
    pictureLike: (fingerprint) => store.pictureLike({ chatKey, memberId: member.id }, fingerprint),
    countOlderThan: (days) => store.countMadeBefore({ settingsKey, madeBeforeMs: madeBeforeMsOf(days, nowMs()) }),
    history: (filter) => store.history(filter),
    picture: (imageId) => store.picture(imageId),
    decision: (decisionId) => store.decision(decisionId, nowMs()),
    decisionAbout: (kind, jobId) => store.decisionAbout(kind, jobId, nowMs()),
    openDecisions: () => store.openDecisions(chatKey, nowMs()),
    latestMeeting: () => store.latestMeeting(chatKey),
    picturesAsked: (meetingId) => store.picturesAsked(meetingId),
    meetingBudget: (meetingId) => store.meetingBudget(meetingId),
    meetingLinks: (meeting) => linksFor(services, meeting, member),
    meeting: (meetingId) => store.meeting(meetingId),
    document: (documentId) => store.document(documentId),
    winners: (sinceMs, limit) => store.winners(chatKey, sinceMs, limit),
    original: (imageId) => services.files.original(imageId),
    pendingImage: () => services.pendingImages.get(pendingInputId(chatKey, member.id)),
    keptRecipe: (id) => services.pendingRecipes.get(pendingRecipesId(chatKey, member.id), id),
    keptOffer: async (id, kind) =>
      (await services.pendingOffers.get(pendingOffersId(chatKey, member.id), id, kind)) ??
      services.pendingOffers.get(pendingQuoteOffersId(chatKey, member.id), id, kind),
    membersCalled: (written) => membersCalled(services, terms.place, written),
    isOperator: (memberId) => isOperator(services, memberId),
    accountsOf: (memberId) => store.accountsOf(memberId),
    joinedAccounts: () => store.joinedAccounts(member.id),
    heldOf: () => store.heldOf(member.id),
    copiesMadeAtMs: services.copiesMadeAtMs,
    pot: () => store.pot(settingsKey, nowMs()),
    gifts: () => store.giftsOf(member.id, nowMs()),
    heldHere: (limit) => store.heldIn(chatKey, limit),
    moderationSteps: (limit) => store.moderationSteps(chatKey, limit),
    blocks: async () => {
      const scopes = terms.isOperator ? [settingsKey, EVERYWHERE] : [settingsKey];
      return (await Promise.all(scopes.map((scope) => store.blocks(scope, nowMs(), BLOCKS_MAX)))).flat();
    },
    operatorNotes: async () => (terms.isOperator ? services.operatorNotes() : []),
    backends: async () =>
      Promise.all(
        (await services.router.health()).map(async (each) => ({ ...each, speed: await store.speed(each.facts.name) })),
      ),
  };
}
