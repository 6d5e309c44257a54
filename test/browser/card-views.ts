import type { Job, Picture } from "../../src/domain/job.ts";
import { type Text, text, verbatim } from "../../src/domain/text.ts";
import type { View } from "../../src/ports/view.ts";
import type { CardFacts } from "../../src/views/card-facts.ts";
import { jobCard } from "../../src/views/job-card.ts";
import { offerRows, offersView } from "../../src/views/offers.ts";
import { jobWith, NOW_MS, orderWith, pictureOf } from "../commands/context.ts";
import { rerollVote } from "../fakes/reroll-vote.ts";

/** What the core would sign: the page only hands it back. */
export const token = (verb: string) => `2.${verb}.abcdefghijklmnop.0..AAAAAAAAAAA`;
export const WORDS = "“RENT STRIKE”, a raised fist, red and cream";
export const order = orderWith({ prompt: WORDS });

const factsOf = (job: Job, over: Partial<CardFacts> = {}): CardFacts => ({
  job,
  pictures: Array.from({ length: job.order.count }, (_, index) => pictureOf(job, index)),
  ownerIds: [job.memberId, ...(job.voterIds ?? [])],
  vote: undefined,
  ahead: undefined,
  progress: undefined,
  previewKey: undefined,
  outOfRoom: false,
  unserved: false,
  styleOf: () => ({ id: "rca", title: "Agitprop" }),
  spoiler: false,
  backendTitle: () => verbatim("home GPU"),
  reroll: { by: "vote", needed: 3 },
  canSketch: true,
  nowMs: NOW_MS,
  ...over,
});
export const card = (job: Partial<Job>, over: Partial<CardFacts> = {}): View => {
  const whole = jobWith({ order, ...job });
  return jobCard(factsOf(whole, over), token);
};
/** Waiting for a moderator. */
export const heldOf = (job: Partial<Job>) => [
  pictureOf(jobWith({ order, ...job }), 0, {
    deleted: { atMs: NOW_MS, byName: "", withheld: { state: "held", why: { kind: "hidden", presses: 2 } } },
  }),
];
const missing = (picture: Picture, missed: readonly Text[]): Picture => ({
  ...picture,
  recipe: { ...picture.recipe, missed: [...missed] },
});

/** Every state that there is, as this member sees it. */
export const cardStates = (me: string) =>
  ({
    queued: card({ state: "queued", memberId: me }, { ahead: { jobs: 2, estimateMs: 36_000 } }),
    deferred: card({
      state: "deferred",
      memberId: me,
      deferral: {
        allowance: { capacityGpuMs: 1, refillGpuMsPerHour: 1, resetMs: 0 },
        expectedAtMs: NOW_MS + 9_000_000,
      },
    }),
    working: card(
      { state: "running", memberId: me, estimateMs: 10_000 },
      {
        progress: { fraction: 0.64, backend: "gpu", route: [], step: { at: 18, of: 28 } },
        previewKey: "preview/abcdefghijklmnop/1",
      },
    ),
    failed: card({
      state: "failed",
      memberId: me,
      estimateGpuMs: 10_000,
      problem: {
        code: "no_backend",
        text: {
          as: "sentences",
          parts: [
            text("problem.no-picture"),
            text("backend.error.offline", { place: verbatim("The home GPU") }),
            text("problem.returned"),
          ],
        },
      },
      outcome: undefined as never,
    }),
    offers: offersView(
      {
        code: "quota_used",
        memberId: me,
        neededGpuMs: 10_000,
        account: { bucket: { balanceGpuMs: 4000, atMs: NOW_MS }, heldGpuMs: 0, recent: [] },
      },
      offerRows(
        [
          { kind: "sketch", order, gpuMs: 0 },
          { kind: "steps", order: orderWith({ steps: 11 }), gpuMs: 4000, insteadOf: 28 },
          { kind: "later", order, gpuMs: 10_000, atMs: NOW_MS + 9_000_000 },
        ],
        { id: "0123456789abcdef", token, nowMs: NOW_MS },
      ),
    ),
    theirs: card(
      { memberId: "web:somebody", memberName: "Bo" },
      {
        pictures: [
          missing(pictureOf(jobWith({ order })), [text("backend.sketch.missed.things", { things: "sunrise" })]),
        ],
        vote: rerollVote([{ memberId: "web:cy", name: "Cy" }], { closesAtMs: NOW_MS }),
      },
    ),
    groups: card(
      {
        memberId: "web:somebody",
        memberName: "Bo",
        voterNames: ["Bo", "Cy", "Di"],
        order: {
          ...order,
          lineage: { parentImageId: "x", parentNumber: 7, kind: "vote", change: text("change.seed"), sameSeedOn: null },
        },
      },
      {
        vote: rerollVote(
          [
            { memberId: me, name: "Ana" },
            { memberId: "web:cy", name: "Cy" },
          ],
          { closesAtMs: NOW_MS },
        ),
      },
    ),
    batch: card({ memberId: me, order: { ...order, count: 4 } }),
    held: card({ memberId: me }, { pictures: heldOf({ memberId: me }) }),
    "held, another's": card({ memberId: "web:somebody", memberName: "Bo" }, { pictures: heldOf({ memberName: "Bo" }) }),
    mine: card({ memberId: me }),
  }) satisfies Readonly<Record<string, View>>;
