import { type Decision, NONE_OF_THESE } from "../../src/domain/decision.ts";
import type { Job, Progress, Receipt } from "../../src/domain/job.ts";
import type { Meeting } from "../../src/domain/meeting.ts";
import type { MeetingChange } from "../../src/domain/meeting-change.ts";
import type { Offer } from "../../src/domain/offer.ts";
import { styleSchema } from "../../src/domain/style.ts";
import { text, verbatim } from "../../src/domain/text.ts";
import type { HoldReason, Withheld } from "../../src/domain/withheld.ts";
import {
  brokeHere,
  cancelledBy,
  noBackend,
  refusedThere,
  startedTooOften,
  styleGone,
} from "../../src/jobs/job-problems.ts";
import type { Context } from "../../src/ports/command.ts";
import type { Outcome } from "../../src/ports/outcome.ts";
import type { AllowanceRefusal } from "../../src/ports/payment.ts";
import type { FormSpec, View } from "../../src/ports/view.ts";
import { lockedButtons } from "../../src/views/buttons.ts";
import type { CardFacts } from "../../src/views/card-facts.ts";
import { decisionCard, decisionReminder } from "../../src/views/decision.ts";
import { documentCard } from "../../src/views/document.ts";
import { heldView, withheldIn } from "../../src/views/held.ts";
import { jobCard, originalCard, pickCard, placeholderCard, plainCard, takenOffCard } from "../../src/views/job-card.ts";
import { knockView } from "../../src/views/knock.ts";
import { itemCard, meetingCard, openingCard, whereCard } from "../../src/views/meeting/card.ts";
import type { MeetingFacts } from "../../src/views/meeting/facts.ts";
import { voteStepToken } from "../../src/views/meeting/vote-token.ts";
import { offerRows, offersView } from "../../src/views/offers.ts";
import { originalView, plainView } from "../../src/views/picture.ts";
import { pngSaying, recipeOf } from "../fakes/recipe-files.ts";
import { rerollVote } from "../fakes/reroll-vote.ts";
import {
  allowance,
  ana,
  ben,
  chalk,
  contextWith,
  fileOf,
  jobWith,
  letteredPictureOf,
  NOW_MS,
  orderWith,
  pictureOf,
  rca,
  root,
  subjectOf,
  worldOf,
} from "./context.ts";
import { BATCH, CANDIDATES, decisionOf, optionOf, outcomeOf, voteOf } from "./decisions.ts";
import { factsOf as documentFacts, documentWith, madeDocument } from "./documents.ts";
import { BEGIN, MEETING_ID, meetingAfter, runningMeeting, waitingMeeting } from "./meetings.ts";
import { decided, pressed, pressedInChat } from "./parts.ts";

const given = pngSaying({ parameters: "a kite <lora:x:1>\nSteps: 20, Sampler: Euler, Seed: 3, Size: 800x600" });
const found = JSON.stringify(await recipeOf(given));
/** Enough jobs, pictures and styles that lists have a second page. */
const manyStyles = Array.from({ length: 20 }, (_, n) => styleSchema.parse({ ...chalk, id: `s${n}` }));
export const manyWorld = worldOf({ styles: [rca, ...manyStyles] });
const done = jobWith();
const batch = jobWith({ order: orderWith({}, { count: 4 }) });
const open: Job[] = [jobWith({ state: "queued" }), jobWith({ state: "running" })];
const pictures = Array.from({ length: 12 }, (_, n) => pictureOf(done, 0, { number: 100 - n }));

const letteredPicture = letteredPictureOf(done);

const contextOf = (over: Partial<Context> = {}) =>
  contextWith({
    ...over,
    reads: {
      job: async () => done,
      openJobs: async () => open,
      blocks: async () => Array.from({ length: 12 }, (_, number) => ({ ...blocked, number })),
      pictureByNumber: async () => pictures[0],
      history: async () => pictures,
      keptRecipe: async () => found,
      decision: async () => decisionOf("proposal"),
      picture: async () => pictures[0],
      winners: async () => [
        {
          imageId: CANDIDATES[0]?.imageId ?? "",
          decision: decisionOf("pick", { outcome: outcomeOf([], {}, { note: "yes" }) }),
        },
      ],
      heldHere: async (limit) =>
        Array.from({ length: limit }, (_, n) => ({
          jobId: done.jobId,
          number: 1 + n,
          lastNumber: 1 + (n % 2) * 3 + n,
          member: ana,
          why: { kind: "hidden", presses: 2 },
          sinceMs: NOW_MS - 90_000,
        })),
      moderationSteps: async () =>
        (["hide", "hold", "approved", "refused", "withdrawn"] as const).map((verb) => ({
          verb,
          number: 12,
          byName: "Ben",
          atMs: NOW_MS - 90_000,
        })),
      joinedAccounts: async () => [ana, { id: "telegram:7", name: "Ana" }, { id: "shell:you", name: "you" }],
      gifts: async () => [{ gpuMs: 30_000, atMs: NOW_MS - 90_000 }],
      pot: async () => ({
        balanceGpuMs: 90_000,
        heldGpuMs: 4000,
        givers: [{ name: "Ben", gpuMs: 60_000 }],
        recent: [{ jobId: done.jobId, usedGpuMs: 4000, atMs: NOW_MS - 90_000, prompt: "a red fox" }],
      }),
    },
  });

const blocked = { number: 1, scope: "web:room", member: ben, by: root, sinceMs: NOW_MS, reason: "spam" };

const heldSubject = subjectOf(done, {
  pictures: [
    pictureOf(done, 0, { deleted: { atMs: NOW_MS, byName: "", withheld: { state: "held", why: { kind: "all" } } } }),
  ],
});

const cardFacts = (job: Job, over: Partial<CardFacts> = {}): CardFacts => ({
  job,
  pictures: subjectOf(job).pictures,
  ownerIds: [job.memberId],
  vote: undefined,
  ahead: undefined,
  progress: undefined,
  previewKey: undefined,
  outOfRoom: false,
  unserved: false,
  styleOf: () => rca,
  spoiler: false,
  backendTitle: verbatim,
  reroll: { by: "vote", needed: 3 },
  canSketch: true,
  nowMs: NOW_MS,
  ...over,
});

const ballotOf = (state: Decision["state"]): Decision =>
  rerollVote([{ memberId: ana.id, name: ana.name }], { needed: 50, closesAtMs: NOW_MS, state });

const offline = text("backend.error.offline", { place: verbatim("the GPU box") });
const lineage = { parentImageId: done.jobId, parentNumber: 3, change: text("change.seed") };

/** Jobs as they go and end. */
const paidBy: readonly Receipt[] = [
  { by: "pot", gpuMs: 2000 },
  ...["Ben", "Cy", "Di", "Eve", "Flo"].map((name) => ({ by: "member" as const, name, gpuMs: 400 })),
];
const jobs: readonly Job[] = [
  ...(["queued", "running", "done", "failed", "cancelled", "deferred"] as const).map((state) => jobWith({ state })),
  jobWith({ state: "deferred", deferral: { allowance, expectedAtMs: NOW_MS + 9_000_000 } }),
  batch,
  jobWith({ state: "failed", problem: noBackend(done, [offline], { tooLarge: false, waitMs: 90_000 }) }),
  jobWith({ state: "failed", problem: refusedThere(offline) }),
  jobWith({ state: "failed", problem: brokeHere(done) }),
  jobWith({ state: "failed", problem: styleGone(done) }),
  jobWith({ state: "failed", problem: startedTooOften(done, 3) }),
  jobWith({
    state: "cancelled",
    problem: cancelledBy("Ben", 900),
    outcome: {
      backend: "sketch",
      route: [],
      usedGpuMs: 900,
      tookMs: 900,
      cancelled: { byName: "Ben", returnedGpuMs: 3100 },
    },
  }),
  jobWith({ outcome: { backend: "sketch", route: [offline], usedGpuMs: 1, tookMs: 1 } }),
  ...[paidBy.slice(0, 1), paidBy.slice(0, 3), paidBy].map((receipts) =>
    jobWith({ outcome: { backend: "sketch", route: [], usedGpuMs: 4000, tookMs: 1, receipts } }),
  ),
  jobWith({
    order: orderWith(
      { init: { key: "a", strength: 0.5 } },
      { advice: [text("advice.lettering", { example: "Ready" })] },
    ),
  }),
];

const progresses: readonly Progress[] = [
  { fraction: 0.1, backend: "sketch", route: [offline] },
  { fraction: 0.5, backend: "sketch", route: [], step: { at: 3, of: 28 } },
  { fraction: 0, backend: "sketch", route: [], waiting: { position: 3, etaMs: 90_000 } },
  { fraction: 0, backend: "sketch", route: [], waiting: { position: 0 } },
  { fraction: 0, backend: "sketch", route: [], waiting: { why: offline, etaMs: 40_000 } },
];

const shortOf: readonly AllowanceRefusal[] = [
  {
    code: "quota_used",
    memberId: ana.id,
    neededGpuMs: 9000,
    account: { bucket: { balanceGpuMs: 4000, atMs: NOW_MS }, heldGpuMs: 2000, recent: [] },
  },
  ...(["pot_used", "address_used"] as const).map((code) => ({ code, neededGpuMs: 9, leftGpuMs: 1, capGpuMs: 10 })),
];
const offers: readonly Offer[] = [
  { kind: "sketch", order: done.order, gpuMs: 0 },
  { kind: "steps", order: done.order, gpuMs: 4000, insteadOf: 40 },
  { kind: "size", order: done.order, gpuMs: 4000, insteadOf: { widthPx: 1024, heightPx: 1536 } },
  { kind: "count", order: done.order, gpuMs: 4000, insteadOf: 4 },
  { kind: "later", order: done.order, gpuMs: 9000, atMs: NOW_MS + 9_000_000 },
];

/** Of every kind, while it is open and after. */
const decisionViews = (token: Context["token"]): readonly View[] => {
  const facts = {
    pictures: CANDIDATES,
    subject: { job: BATCH, pictures: CANDIDATES, ownerIds: [BATCH.memberId] },
    rules: { spoiler: false, polls: "native" as const, pays: "pot" as const },
    nowMs: NOW_MS,
  };
  const [first] = CANDIDATES;
  const { question: _question, ...used } = decisionOf("proposal", {
    options: [{ id: "agree", ...(first ? { imageId: first.imageId } : {}) }],
  });
  const chair = { by: "chair" as const, person: { id: root.id, name: root.name } };
  const all: readonly Decision[] = (["reroll", "pick", "proposal", "spend"] as const).flatMap((kind) => {
    const [option = { id: "" }] = decisionOf(kind).options;
    const votes = [voteOf("Ben", [option.id]), voteOf("Cy", ["block"], "no"), voteOf("Di", ["disagree"], "no")];
    return [
      ...(["live", "hidden", "secret"] as const).map((visibility) => decisionOf(kind, { votes, rule: { visibility } })),
      decisionOf(kind, {
        state: "passed",
        votes,
        outcome: outcomeOf([option.id], { [option.id]: 2 }, { closed: chair, note: "yes" }),
      }),
      decisionOf(kind, {
        state: "closed",
        votes,
        draftJobId: BATCH.jobId,
        outcome: outcomeOf([], {}, { notVoted: 2 }),
      }),
    ];
  });
  const picks = [
    decisionOf("pick", { question: "Which one?", round: 2, rule: { method: "limited", maxChoices: 3 } }),
    decisionOf("pick", { state: "closed", outcome: outcomeOf([optionOf(12), optionOf(13)], { [optionOf(12)]: 2 }) }),
    decisionOf("pick", {
      state: "passed",
      outcome: outcomeOf([NONE_OF_THESE], { [NONE_OF_THESE]: 2 }, { chairChose: true, closed: chair }),
    }),
    decisionOf("spend", { draftJobId: BATCH.jobId }),
    decisionOf("proposal", { rule: { needed: "majority_present" } }),
    used,
  ];
  return [
    ...[...all, ...picks].map((decision) => decisionCard(decision, facts, token)),
    decisionCard(decisionOf("pick"), { ...facts, pictures: [], subject: undefined }, token),
    decisionReminder(decisionOf("pick"), facts, token),
    decisionReminder(decisionOf("pick", { presentIds: [ben.id] }), facts, token),
    decisionReminder(decisionOf("pick", { state: "closed" }), facts, token),
    ...(["open", "passed", "closed"] as const).map((state) =>
      jobCard(cardFacts(done, { draftOf: decisionOf("spend", { state }) }), token),
    ),
  ];
};

const fromPot: Offer = { kind: "pot", order: done.order, gpuMs: 9000, leftGpuMs: 20_000 };

const closeStep = (token: Context["token"]) => ({
  label: text("button.close-vote"),
  token: voteStepToken(token, decisionOf("pick"), "close"),
});

const cards = (token: Context["token"]): readonly View[] => {
  const deleted = pictureOf(done, 0, { deleted: { atMs: NOW_MS, byName: ana.name } });
  const [queued, running] = jobs;
  return [
    ...jobs.map((job) => jobCard(cardFacts(job), token)),
    // On the chair's phone.
    { text: text("button.close-vote"), buttons: [[closeStep(token)]] },
    ...jobs.map((job) => plainCard(job, { kind: "job" }, subjectOf(job).pictures)),
    plainCard(done, { kind: "job" }, []),
    ...(["job", "picture", "original"] as const).map((kind) =>
      placeholderCard(done, kind === "job" ? { kind } : { kind, index: 0 }),
    ),
    ...(queued ? [jobCard(cardFacts(queued, { ahead: { jobs: 2, estimateMs: 90_000 } }), token)] : []),
    ...(queued ? [jobCard(cardFacts(queued, { outOfRoom: true }), token)] : []),
    ...(queued ? [jobCard(cardFacts(queued, { unserved: true }), token)] : []),
    ...(running ? progresses.map((progress) => jobCard(cardFacts(running, { progress }), token)) : []),
    ...(running ? [jobCard(cardFacts(running, { previewKey: "v.1" }), token)] : []),
    ...(["reroll", "vote", "vary", "edit", "again", "lettering"] as const).map((kind) =>
      jobCard(cardFacts(jobWith({ order: orderWith({}, { lineage: { ...lineage, kind } }) })), token),
    ),
    ...(["open", "passed", "closed"] as const).map((state) =>
      jobCard(cardFacts(batch, { vote: ballotOf(state) }), token),
    ),
    jobCard(cardFacts(done, { pictures: [deleted] }), token),
    takenOffCard(deleted, token),
    ...heldViews(token),
    originalCard(pictureOf(done), { spoiler: false }),
    originalView(letteredPicture, { spoiler: false }, token),
    plainView(letteredPicture, { spoiler: false }),
    pickCard(cardFacts(batch), pictureOf(batch, 3), "Ben", token),
    ...shortOf.flatMap((short) =>
      [offers, [fromPot]].map((some) =>
        offersView(short, offerRows(some, { id: "0123456789abcdef", token, nowMs: NOW_MS })),
      ),
    ),
    ...decisionViews(token),
    ...meetingViews(token),
    knockView({ id: "web:0123456789ab", name: "Ben" }, token),
    { text: verbatim("#7"), buttons: lockedButtons(token, "me") },
    { text: verbatim("#7"), buttons: lockedButtons(token, "everyone") },
  ];
};

/** What waits for a moderator, why, and what became of it. */
const heldViews = (token: Context["token"]): readonly View[] => {
  const reasons: readonly HoldReason[] = [
    { kind: "all" },
    { kind: "flagged", label: "nudity", score: 0.97 },
    { kind: "hidden", presses: 2 },
  ];
  const states: readonly Withheld[] = [
    ...reasons.map((why) => ({ state: "held" as const, why })),
    { state: "withdrawn", why: { kind: "all" } },
    { state: "refused", why: { kind: "all" }, reason: "spam", returnedGpuMs: 4200 },
  ];
  return [done, batch].flatMap((job) =>
    states.flatMap((withheld) => {
      const deleted = { atMs: NOW_MS, byName: root.name, withheld };
      const pictures = Array.from({ length: job.order.count }, (_, index) => pictureOf(job, index, { deleted }));
      const [first] = pictures;
      const held = withheldIn(pictures);
      return [
        jobCard(cardFacts(job, { pictures }), token),
        ...(first ? [takenOffCard(first, token)] : []),
        ...(held && withheld.state === "held" ? [heldView(held, pictures, token)] : []),
      ];
    }),
  );
};

/** At each of its stages, with a vote behind it and one that is open. */
const meetingViews = (token: Context["token"]): readonly View[] => {
  const [first] = CANDIDATES;
  const rules = { spoiler: false, polls: "buttons" as const, pays: "voters" as const };
  const known = { pictures: CANDIDATES, subject: undefined, rules, nowMs: NOW_MS };
  const won = decisionOf("pick", {
    state: "passed",
    outcome: outcomeOf([optionOf(12)], { [optionOf(12)]: 2 }, { note: "yes", notVoted: 1 }),
  });
  const note: MeetingChange = { does: "note", at: 1, by: { id: ana.id, name: ana.name }, note: "The hall is booked" };
  const budget = { budgetGpuMs: 90_000, budgetFrom: { by: "pot" as const } };
  const waiting = waitingMeeting(budget);
  const long = waitingMeeting({ agenda: Array.from({ length: 14 }, (_, n) => ({ title: `Item ${n}`, minutes: 5 })) });
  const running = meetingAfter([BEGIN, { does: "next", at: 0 }, note], waiting);
  const last = meetingAfter([{ does: "next", at: 1 }], running);
  const ended = meetingAfter([{ does: "end" }], last);
  const links = { join: "https://example.org/join/BCDFGH", wall: "https://example.org/wall/0123456789abcdef" };
  const factsOf = (meeting: Meeting, candidates = CANDIDATES): MeetingFacts => ({
    items: meeting.items.map((item, index) =>
      index === 0
        ? { item, chosen: first, votes: [{ decision: won, known }] }
        : index === 1
          ? { item: { ...item, chosen: { imageId: "i", by: "chair" as const } }, chosen: undefined, votes: [] }
          : { item, chosen: undefined, votes: [{ decision: decisionOf("pick"), known }] },
    ),
    candidates,
    links,
    leftGpuMs: 12_000,
    rules,
    nowMs: NOW_MS,
  });
  const open = [waiting, long, running, last];
  return [
    ...open.flatMap((meeting) => [
      meetingCard(meeting, factsOf(meeting), token),
      whereCard(meeting, factsOf(meeting, []), token),
    ]),
    ...[0, 1, 2].flatMap((index) => itemCard(factsOf(ended), index) ?? []),
    openingCard(long),
    meetingCard(ended, factsOf(ended), token),
  ];
};

/** Files as they are asked for, made, given and forgotten. */
function documentCards(token: Context["token"]): readonly View[] {
  const picture = pictureOf(done);
  const print = { paper: "letter", bleedMm: 3, cropMarks: true, fit: "fill" } as const;
  const problem = { code: "not_found", text: text("problem.document.changed") } as const;
  const file = { fileMaxBytes: 1e6 };
  return [
    documentFacts(documentWith({ state: "queued" }), { before: 2 }),
    ...(["sheet", "deck", "slides", "zip"] as const).map((kind) =>
      documentFacts(documentWith({ kind }), { progress: { done: 3, total: 12 } }),
    ),
    ...(["answered", "winners", "newest"] as const).map((chosen) =>
      documentFacts(documentWith({ of: { imageIds: ["a"], chosen } })),
    ),
    documentFacts(documentWith({ of: { meetingId: "m".repeat(16) } })),
    documentFacts(documentWith({ kind: "print", print }), { picture }),
    documentFacts(madeDocument()),
    documentFacts(madeDocument(), { ...file, href: "https://posters.example.org/document/d/f" }),
    documentFacts(madeDocument(), file),
    documentFacts(madeDocument({ forgotten: true })),
    documentFacts(documentWith({ state: "failed", problem })),
  ].flatMap((known) => documentCard(known, token) ?? []);
}

/** What commands and buttons answer with, and every card, in nobody's language yet. */
export async function everythingShown(): Promise<readonly (View | FormSpec)[]> {
  const contexts = [contextOf(), contextOf({ member: root, isAdmin: true })];
  const lines = [
    "/queue",
    "/quota",
    "/history",
    "/history mine:yes",
    "/show 100",
    "/info 100",
    "/styles",
    "/examples",
    "/poster",
  ];
  const more = [
    "/help",
    "/help rca",
    "/block",
    "/guide",
    "/guide seed",
    "/settings",
    "/unlock",
    "/language",
    "/unlink",
    "/forget me",
    "/privacy",
    "/pot",
    "/meeting",
    "/moderation",
    "/hide 100",
  ];
  const outcomes = contexts.flatMap((context) => [
    ...[...lines, ...more].map((line) => decided(line, context, manyWorld)),
    ...["info", "original", "edit", "more", "letters"].map((verb) =>
      pressed(verb, context, subjectOf(done), manyWorld),
    ),
    pressed("print", context, subjectOf(done), manyWorld),
    pressed("refuse", context, heldSubject, manyWorld),
    pressed("block", context, heldSubject, manyWorld),
    pressed("info", context, { ...subjectOf(done), pictures: [letteredPicture] }, manyWorld),
    pressed("edit", context, subjectOf(batch, { which: "all" }), manyWorld),
    pressedInChat("styles", context, { page: "1" }, undefined, manyWorld),
    pressedInChat("posters", context, { page: "1" }, undefined, manyWorld),
    pressedInChat("settings", context, { page: "0" }, undefined, manyWorld),
    decided(
      "/settings retention_days:1",
      { ...context, reads: { ...context.reads, countOlderThan: async () => 12_345_678 } },
      manyWorld,
    ),
    decided("/best", context, manyWorld),
    decided("/best of:week", context, manyWorld),
    ...(["disagree", "block"] as const).map((o) =>
      pressedInChat("choose", context, { d: "d".repeat(16), o }, undefined, manyWorld),
    ),
    ...["note", "chair"].map((d) =>
      pressedInChat("meet", { ...context, meeting: runningMeeting() }, { m: MEETING_ID, d, a: "2" }),
    ),
    decided("/meeting", { ...context, meeting: runningMeeting() }, manyWorld),
    decided("/meeting start", context, manyWorld),
    pressedInChat("endvote", context, undefined, undefined, manyWorld),
    decided("/info", { ...context, attachments: [fileOf(given)] }, manyWorld),
    pressedInChat("rework", context, undefined, undefined, manyWorld),
    decided("/edit", { ...context, attachments: [fileOf(new Uint8Array([1]))] }, manyWorld),
    ...["/poster template:rally", "/poster when:now", "/poster title:x template:quote when:now"].map((line) =>
      decided(line, context, manyWorld),
    ),
    ...["/edit 100", "/reroll 100", "/vary picture:100"].map((line) => decided(line, context, manyWorld)),
  ]);
  const shown = (outcome: Outcome): readonly (View | FormSpec)[] =>
    outcome.do === "reply"
      ? [outcome.view]
      : outcome.do === "form"
        ? [outcome.form]
        : outcome.do === "decide" && outcome.asks
          ? [outcome.asks]
          : [];
  return [
    ...(await Promise.all(outcomes)).flatMap(shown),
    ...contexts.flatMap(({ token }) => [...cards(token), ...documentCards(token)]),
  ];
}
