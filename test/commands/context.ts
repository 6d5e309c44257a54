import { loadTemplates } from "../../src/app/template-gallery.ts";
import { fakeBackend } from "../../src/backends/fake.ts";
import { rulesOf } from "../../src/domain/chat-settings.ts";
import { imageIdOf } from "../../src/domain/ids.ts";
import type { Job, Picture } from "../../src/domain/job.ts";
import { fullBucket } from "../../src/domain/ledger.ts";
import type { LetteringLayer } from "../../src/domain/lettering.ts";
import { logoProblem } from "../../src/domain/logo.ts";
import { buttonKeyOf, encodePress } from "../../src/domain/press-token.ts";
import { refuse } from "../../src/domain/problem.ts";
import { type ImageRequest, type Order, requestOf } from "../../src/domain/recipe.ts";
import { styleSchema } from "../../src/domain/style.ts";
import { verbatim } from "../../src/domain/text.ts";
import { wordReading } from "../../src/jobs/lettering/word-reading.ts";
import { spoken } from "../../src/messages/spoken.ts";
import type { Attachment } from "../../src/ports/chat.ts";
import type { Catalogue, Context, PressedJob, Reads } from "../../src/ports/command.ts";

export const NOW_MS = 1_800_000_000_000;
export const KEY = buttonKeyOf(new Uint8Array(32).fill(7));
export const DRAWN_SEED = 4242;
export const PLACE = { platform: "web", chatId: "room", group: true };
const CHAT = "web:room";

export const ana = { id: "web:ana", name: "Ana", admin: false };
export const ben = { id: "web:ben", name: "Ben", admin: false };
export const root = { id: "web:root", name: "Root", admin: true };

export const rca = styleSchema.parse({
  id: "rca",
  title: "RCA",
  summary: "bold posters",
  trigger: "rca style",
  defaults: { cfg: 3, steps: 28, scale: 0.9, width: 832, height: 1216 },
  examples: ['a march, "Ready?" in large letters', "a red fox"],
});
export const chalk = styleSchema.parse({ id: "chalk", title: "Chalk", examples: ["a blackboard"] });

/** Ours: what they are is tested, too. */
const { templates } = await loadTemplates();

export const worldOf = (over: Partial<Catalogue> = {}): Catalogue => ({
  styles: [rca, chalk],
  templates,
  backends: [
    { name: "gpu", title: verbatim("the GPU box"), features: fakeBackend().features },
    { name: "sketch", title: verbatim("the built-in sketch"), features: fakeBackend().features },
  ],
  languages: [
    { tag: "en", name: "English", reviewed: true },
    { tag: "es", name: "Español", reviewed: true },
    { tag: "pt-BR", name: "Português (Brasil)", reviewed: false },
  ],
  specs: () => [
    {
      group: "make",
      name: "rca",
      summary: verbatim("draw"),
      example: verbatim("/rca a fox"),
      adminOnly: false,
      options: [],
    },
    {
      group: "run",
      name: "settings",
      summary: verbatim("rules"),
      example: verbatim("/settings"),
      adminOnly: true,
      options: [],
    },
  ],
  ...over,
});

export function requestWith(over: Partial<ImageRequest> = {}): ImageRequest {
  return {
    prompt: "a red fox",
    finalPrompt: "rca style, a red fox",
    styleId: "rca",
    loraScale: 0.9,
    guidance: 3,
    trueCfg: 1,
    steps: 28,
    seed: 7,
    widthPx: 832,
    heightPx: 1216,
    ...over,
  };
}

export const orderWith = (request: Partial<ImageRequest> = {}, over: Partial<Order> = {}): Order => ({
  request: requestWith(request),
  count: 1,
  asked: [],
  advice: [],
  seedFrom: "drawn",
  ...over,
});

const JOB_ID = "abcdefghijklmnop";

export const jobWith = (over: Partial<Job> = {}): Job => ({
  jobId: JOB_ID,
  memberId: ana.id,
  memberName: ana.name,
  target: { place: PLACE, memberId: ana.id },
  order: orderWith(),
  lane: "sketch",
  estimateGpuMs: 4000,
  estimateMs: 4000,
  acceptedAtMs: NOW_MS - 5000,
  voterNames: [],
  state: "done",
  attempt: 1,
  outcome: { backend: "sketch", route: [], usedGpuMs: 4200, tookMs: 4100 },
  ...over,
});

export function pictureOf(job: Job, index = 0, over: Partial<Picture> = {}): Picture {
  return {
    imageId: imageIdOf(job.jobId, index),
    jobId: job.jobId,
    index,
    number: 12 + index,
    chatKey: CHAT,
    memberId: job.memberId,
    memberName: job.memberName,
    madeAtMs: NOW_MS - 60_000,
    recipe: {
      placard: 1,
      request: requestOf(job.order, index),
      style: { id: "rca", title: "RCA", triggerWord: "rca style" },
      backend: "sketch",
      model: "sketch 1",
      reproducible: true,
      notes: [],
    },
    order: job.order,
    sha256: "00",
    ...over,
  };
}

export const subjectOf = (job: Job = jobWith(), over: Partial<PressedJob> = {}): PressedJob => ({
  job,
  pictures: job.state === "done" ? Array.from({ length: job.order.count }, (_, index) => pictureOf(job, index)) : [],
  which: 0,
  ...over,
});

const nothing: Reads = {
  account: async () => ({ bucket: fullBucket(allowance, NOW_MS), heldGpuMs: 0, recent: [] }),
  openJobs: async () => [],
  ahead: async () => undefined,
  job: async () => undefined,
  spendWindow: async () => ({ heldGpuMs: 0, usedGpuMs: 0 }),
  addressWindow: async () => undefined,
  picturesOf: async () => [],
  heldHere: async () => [],
  moderationSteps: async () => [],
  pictureByNumber: async () => undefined,
  pictureLike: async () => undefined,
  countOlderThan: async () => 0,
  history: async () => [],
  picture: async () => undefined,
  decision: async () => undefined,
  decisionAbout: async () => undefined,
  openDecisions: async () => [],
  latestMeeting: async () => undefined,
  picturesAsked: async () => [],
  meetingBudget: async () => ({ leftGpuMs: 0, heldGpuMs: 0 }),
  meetingLinks: () => ({}),
  meeting: async () => undefined,
  document: async () => undefined,
  winners: async () => [],
  original: async () => new Uint8Array([1]),
  pendingImage: async () => undefined,
  keptRecipe: async () => undefined,
  keptOffer: async () => undefined,
  membersCalled: async () => [],
  isOperator: async () => false,
  accountsOf: async (memberId) => [memberId],
  joinedAccounts: async () => [],
  heldOf: async () => ({
    pictures: 0,
    staying: 0,
    votes: 0,
    documents: 0,
    messages: 0,
    alone: 0,
    backends: [],
  }),
  copiesMadeAtMs: async () => [],
  pot: async () => ({ balanceGpuMs: 0, heldGpuMs: 0, givers: [], recent: [] }),
  gifts: async () => [],
  blocks: async () => [],
  outOfRoom: () => false,
  picturesForWords: () => 0,
  isServed: () => true,
  operatorNotes: async () => [],
  backends: async () => [],
};

const LAYER: LetteringLayer = {
  lettering: 1,
  words: [{ text: "Rent strike", level: "title" }],
  place: "auto",
};
/** With words over it. */
export function letteredPictureOf(job: Job): Picture {
  const { recipe, ...picture } = pictureOf(job);
  return { ...picture, recipe: { ...recipe, request: { ...recipe.request, lettering: LAYER } } };
}

export const allowance = { capacityGpuMs: 300_000, refillGpuMsPerHour: 6000, resetMs: 86_400_000 };

export type ContextOver = Partial<Omit<Context, "reads">> & { readonly reads?: Partial<Reads> };

/** A context in which every seed drawn is `DRAWN_SEED` and nothing is stored. */
export function contextWith(over: ContextOver = {}): Context {
  const member = over.member ?? ana;
  const settings = over.settings ?? {};
  return {
    member,
    accountIds: [member.id],
    isAdmin: member.admin,
    isOperator: false,
    addressCeiling: undefined,
    place: PLACE,
    ownPlatform: (over.place ?? PLACE).platform === PLACE.platform,
    chatKey: CHAT,
    settingsKey: CHAT,
    directMessages: "on",
    spendCapGpuMs: undefined,
    approved: true,
    nowMs: NOW_MS,
    settings,
    rules: rulesOf(settings, { style: "rca", votes: 3 }),
    allowance,
    seedLock: undefined,
    attachments: [],
    about: undefined,
    spoken,
    newSeed: () => DRAWN_SEED,
    token: (verb, subject, arg = {}) => encodePress(KEY, { verb, subject, arg }),
    countTokens: (text) => ({ tokens: text.split(/\s+/).length, exact: true }),
    words: wordReading,
    readLogo: async () => refuse(logoProblem("kind")),
    sealOf: async () => undefined,
    ...over,
    reads: { ...nothing, ...over.reads },
  };
}

export const lockOf = (seed: number, scope: "me" | "everyone" = "me") => ({
  seed,
  scope,
  byMemberId: root.id,
  byName: root.name,
  atMs: NOW_MS - 1000,
});

export const fileOf = (bytes: Uint8Array, over: Partial<Attachment> = {}): Attachment => ({
  name: "a.png",
  mime: "image/png",
  sizeBytes: bytes.length,
  read: async () => bytes,
  ...over,
});
