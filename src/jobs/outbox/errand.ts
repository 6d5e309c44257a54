import type { Decision } from "../../domain/decision.ts";
import { isOpenDocument, isPersonal, type StoredDocument } from "../../domain/document-order.ts";
import type { Job } from "../../domain/job.ts";
import type { Meeting } from "../../domain/meeting.ts";
import type { Place, ReplyTarget } from "../../domain/place.ts";
import { verbatim } from "../../domain/text.ts";
import type { DecisionContent, JobContent, MeetingContent, OutboxRow, Store } from "../../ports/store.ts";
import type { View } from "../../ports/view.ts";
import type { DocumentCards } from "../documents/card.ts";
import type { CardSource } from "./card-source.ts";
import type { Outgoing } from "./outgoing.ts";

/** A message that is owed, with what it is about as that was read just now. */
export interface Errand {
  readonly place: Place;
  /** Where it is posted, and by which right. */
  readonly target: ReplyTarget;
  /** `undefined`: there is nothing to show any more. */
  view(): Promise<View | undefined>;
  placeholder(): Promise<View>;
  /** There will be a card whatever comes: its placeholder can go before that is made. */
  readonly isSure: boolean;
  /** In place of its whole card. */
  plain(): Promise<View>;
  /** Posted again where somebody took it away? What was complete stays away. */
  readonly comesBack: boolean;
  /** For whoever asked alone. */
  readonly isPrivate?: boolean;
  /** Nothing else waits for it. */
  readonly isAll: boolean;
  /** It was shown there just now. */
  shown(adapter: Outgoing): void;
}

interface ErrandDeps {
  readonly store: Pick<Store, "job" | "decision" | "meeting" | "document">;
  readonly cards: CardSource;
  readonly documents: DocumentCards;
  readonly nowMs: () => number;
  /** The message of this job or document was shown just now. */
  readonly shown: (ownerId: string, isOpen: boolean, adapter: Outgoing) => void;
}

/** `undefined`: what it was about is gone. */
export async function errandOf(row: OutboxRow, deps: ErrandDeps): Promise<Errand | undefined> {
  if (row.decisionId !== undefined) {
    const decision = await deps.store.decision(row.decisionId, deps.nowMs());
    return decision && decisionErrand(row, decision, deps.cards);
  }
  if (row.meetingId !== undefined) {
    const meeting = await deps.store.meeting(row.meetingId);
    return meeting && meetingErrand(row, meeting, deps.cards);
  }
  if (row.documentId !== undefined) {
    const document = await deps.store.document(row.documentId);
    return document && documentErrand(document, deps);
  }
  // Nobody owes any yet.
  if (row.jobId === undefined) return undefined;
  const job = await deps.store.job(row.jobId);
  return job && jobErrand(row, job, deps);
}

function jobErrand(row: OutboxRow & JobContent, job: Job, { cards, shown }: ErrandDeps): Errand {
  // The token answers the event once: with the job's own message. What is posted beside it must not use it up.
  const { replyToken: _token, replyTokenExpiresAtMs: _expires, ...beside } = job.target;
  const wasComplete = job.state === "done" && row.revision > (row.kind === "job" ? 2 : 1);
  return {
    place: job.target.place,
    target: row.kind === "job" && row.placed === undefined ? job.target : beside,
    // Where it waited has nothing to say in another chat.
    view: async () => (row.kind === "waited" && !row.message ? undefined : jobView(row, job, cards)),
    placeholder: async () => cards.placeholder(job, row),
    isSure: row.kind === "job",
    plain: () => cards.plain(job, row),
    // A member deleted it before the picture came: the answer goes to the chat as a new message.
    comesBack: !wasComplete && row.kind !== "waited",
    isAll: row.kind === "original" || !job.withOriginals,
    shown: (adapter) => shown(job.jobId, isOpen(job), adapter),
  };
}

function jobView(row: OutboxRow & JobContent, job: Job, cards: CardSource): Promise<View | undefined> {
  switch (row.kind) {
    case "job":
      return cards.job(job);
    case "waited":
      return cards.waited(job);
    case "picture":
      return cards.pick(job, row.index, row.byName ?? "");
    case "original":
      return cards.original(job, row.index);
  }
}

const isOpen = ({ state }: Job): boolean => state === "queued" || state === "running";

function documentErrand(document: StoredDocument, { documents, shown }: ErrandDeps): Errand {
  const { target, documentId, forgotten } = document;
  return {
    place: target.place,
    target,
    view: () => documents.card(document),
    placeholder: () => documents.words(document),
    isSure: false,
    plain: () => documents.linked(document),
    // A member took it away before the file came: that comes as a new message.
    comesBack: !forgotten,
    isPrivate: isPersonal(document),
    isAll: true,
    shown: (adapter) => shown(documentId, isOpenDocument(document), adapter),
  };
}

function decisionErrand(row: OutboxRow & DecisionContent, decision: Decision, cards: CardSource): Errand {
  const isReminder = row.kind === "reminder";
  const cardOf = (each: Decision) => (isReminder ? cards.reminder(each) : cards.decision(each));
  const view = () => cardOf(decision);
  return {
    place: decision.place,
    target: { place: decision.place, memberId: decision.openedBy.id },
    // Over before it was sent: nobody is to be reminded.
    view: async () => (isReminder && !row.message && decision.state !== "open" ? undefined : view()),
    // One that is posted twice stays behind: without buttons, and never with an outcome that then stood there twice.
    async placeholder() {
      const { outcome: _none, ...open } = decision;
      return wordsOf(await cardOf({ ...open, state: "open" }));
    },
    isSure: false,
    async plain() {
      const card = await view();
      return { ...wordsOf(card), ...(card.buttons ? { buttons: card.buttons } : {}) };
    },
    comesBack: !isReminder,
    isAll: true,
    shown() {},
  };
}

function meetingErrand(row: OutboxRow & MeetingContent, meeting: Meeting, cards: CardSource): Errand {
  const { place, chair } = meeting;
  // What it left behind says what came of it, where it stands; nowhere else.
  const isLeft = row.kind !== "meeting";
  const view = async () => (isLeft && !row.message ? undefined : cards.meeting(meeting, row));
  return {
    place,
    target: { place, memberId: chair.id },
    view,
    async placeholder() {
      return wordsOf((await view()) ?? { text: verbatim(meeting.title) });
    },
    isSure: false,
    async plain() {
      const card = (await view()) ?? { text: verbatim(meeting.title) };
      return { ...wordsOf(card), ...(card.buttons ? { buttons: card.buttons } : {}) };
    },
    comesBack: !isLeft,
    isAll: true,
    shown() {},
  };
}

const wordsOf = ({ text, tone }: View): View => ({ text, ...(tone ? { tone } : {}) });
