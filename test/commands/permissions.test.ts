import { describe, expect, it } from "vitest";
import type { Job } from "../../src/domain/job.ts";
import { pngSaying, recipeOf } from "../fakes/recipe-files.ts";
import {
  ana,
  ben,
  contextWith,
  jobWith,
  letteredPictureOf,
  NOW_MS,
  PLACE,
  pictureOf,
  root,
  subjectOf,
} from "./context.ts";
import { decisionOf } from "./decisions.ts";
import { documentWith } from "./documents.ts";
import { MEETING_ID, runningMeeting } from "./meetings.ts";
import { buttonFiles, press, pressInChat, type Said } from "./parts.ts";

const members = { requester: ana, other: ben, admin: root } as const;
const rerolls = ["vote", "everyone", "requester"] as const;
const generators = ["everyone", "admins"] as const;

interface Case {
  readonly who: keyof typeof members;
  readonly reroll: (typeof rerolls)[number];
  readonly generate: (typeof generators)[number];
  readonly group: boolean;
}

const cases: readonly Case[] = Object.keys(members).flatMap((who) =>
  rerolls.flatMap((reroll) =>
    generators.flatMap((generate) =>
      [true, false].map((group) => ({ who: who as Case["who"], reroll, generate, group })),
    ),
  ),
);

type Answer = Said["do"] | "not_allowed";
type Rule = (one: Case) => Answer;

const drawing =
  (rule: Rule): Rule =>
  (one) =>
    one.generate === "admins" && one.who !== "admin" ? "not_allowed" : rule(one);
const always =
  (answer: Answer): Rule =>
  () =>
    answer;
const owners =
  (answer: Answer): Rule =>
  ({ who }) =>
    who === "other" ? "not_allowed" : answer;

/** Who may press what, as members are told it: written down a second time, apart from the code. */
const rules: Readonly<Record<string, Rule>> = {
  again: drawing(always("draw")),
  sketch: drawing(always("draw")),
  edit: drawing(always("form")),
  letters: drawing(always("form")),
  redo: drawing(always("draw")),
  strong: drawing(always("draw")),
  subtle: drawing(always("draw")),
  instyle: drawing(always("draw")),
  upscale: drawing(always("draw")),
  reroll: drawing(({ who, reroll, group }) => {
    if (who === "requester" || !group) return "draw";
    return { everyone: "draw", vote: "decide", requester: "not_allowed" }[reroll] as Answer;
  }),
  cancel: owners("cancel"),
  delete: owners("delete"),
  undo: owners("restore"),
  info: always("reply"),
  lock: always("lock"),
  lockall: ({ who }) => (who === "admin" ? "lock" : "not_allowed"),
  more: always("reply"),
  original: always("reply"),
  plain: always("reply"),
  pick: always("pick"),
  print: always("form"),
  hide: ({ group }) => (group ? "hide" : "not_allowed"),
  look: owners("reply"),
  release: ({ who }) => (who === "admin" ? "rule" : "not_allowed"),
  refuse: ({ who }) => (who === "admin" ? "form" : "not_allowed"),
  withdraw: ({ who }) => (who === "requester" ? "rule" : "not_allowed"),
  block: ({ who }) => (who === "admin" ? "form" : "not_allowed"),
  votepick: ({ group }) => (group ? "open" : "not_allowed"),
};

const pageRules: Readonly<Record<string, Rule>> = {
  brand: ({ who }) => (who === "admin" ? "reply" : "not_allowed"),
  language: always("reply"),
  choose: always("decide"),
  doc: owners("cancel_document"),
  endvote: owners("form"),
  // Whose question it is, and nobody else, whoever runs the chat.
  forget: ({ who }) => (who === "requester" ? "forget_me" : "not_allowed"),
  meet: drawing(always("draw")),
  meetnew: drawing(({ group }) => (group ? "form" : "not_allowed")),
  meetvote: ({ who }) => (who === "other" ? "not_allowed" : "close"),
  letin: ({ who }) => (who === "admin" ? "let_in" : "not_allowed"),
  turnaway: ({ who, group }) => (who === "admin" && group ? "block" : "not_allowed"),
  offer: drawing(always("draw")),
  unlink: always("unlink"),
  poster: drawing(always("draw")),
  posters: always("reply"),
  remake: drawing(always("draw")),
  rework: drawing(always("form")),
  retain: ({ who }) => (who === "admin" ? "configure" : "not_allowed"),
  settings: ({ who }) => (who === "admin" ? "form" : "not_allowed"),
  start: drawing(always("draw")),
  styles: always("reply"),
  unblock: ({ who }) => (who === "admin" ? "unblock" : "not_allowed"),
  unlock: always("unlock"),
};

const job = (state: Job["state"]) => jobWith({ state });
const deleted = { atMs: NOW_MS, byName: ana.name };
const withheld = { state: "held", why: { kind: "all" } } as const;
const heldSubject = subjectOf(job("done"), {
  pictures: [pictureOf(job("done"), 0, { deleted: { atMs: NOW_MS, byName: "", withheld } })],
});
const subjects: Readonly<Record<string, ReturnType<typeof subjectOf>>> = {
  cancel: subjectOf(job("queued")),
  sketch: subjectOf(job("failed")),
  ...Object.fromEntries(["look", "release", "refuse", "withdraw"].map((verb) => [verb, heldSubject])),
  undo: subjectOf(job("done"), { pictures: [pictureOf(job("done"), 0, { deleted })] }),
  plain: subjectOf(job("done"), { pictures: [letteredPictureOf(job("done"))] }),
  instyle: subjectOf(job("done"), { values: { choice: "chalk" } }),
  redo: subjectOf(job("done"), {
    values: { prompt: "a red fox", cfg: "4", steps: "28", seed: "7", scale: "0.9", size: "poster" },
  }),
};

const pageValues: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  start: { prompt: "a red fox", style: "rca", change: "0.5" },
  poster: { title: "No rent rise" },
};

const kept = JSON.stringify(await recipeOf(pngSaying({ parameters: "a kite\nSteps: 20, Seed: 3" })));

const contextIn = ({ who, reroll, generate, group }: Case, verb?: string) =>
  contextWith({
    ...(verb?.startsWith("meet") && verb !== "meetnew" ? { meeting: runningMeeting() } : {}),
    member: members[who],
    settings: { reroll, generate },
    place: { ...PLACE, group },
    reads: {
      pendingImage: async () => new Uint8Array([1]),
      keptRecipe: async () => kept,
      keptOffer: async (_id, kind) => ({
        kind: kind === "steps" ? kind : "steps",
        order: jobWith().order,
        gpuMs: 1,
        insteadOf: 2,
      }),
      membersCalled: async () => [ben],
      decision: async () => decisionOf("proposal", verb === "meetvote" ? { meetingId: MEETING_ID } : {}),
      document: async () => documentWith(),
      blocks: async () => [{ number: 1, scope: "web:room", member: ben, by: root, sinceMs: NOW_MS }],
    },
  });
const answerOf = (outcome: Said): Answer | string => (outcome.do === "refuse" ? outcome.problem.code : outcome.do);
const inWords = ({ who, reroll, generate, group }: Case) =>
  `${who}, reroll ${reroll}, generate ${generate}, ${group ? "group" : "alone"}`;

describe("who may press", () => {
  it("has a rule for every button", () =>
    expect([...Object.keys(rules), ...Object.keys(pageRules)].toSorted()).toEqual(
      buttonFiles.map(({ file }) => file).toSorted(),
    ));

  it("covers every mixture of member, rule and place", () => expect(cases).toHaveLength(36));

  it.each(Object.entries(rules))("%s", async (verb, rule) => {
    const found = await Promise.all(
      cases.map(async (one) => [inWords(one), answerOf(await press(verb, contextIn(one), subjects[verb]))]),
    );
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(cases.map((one) => [inWords(one), rule(one)])));
  });

  it.each(Object.entries(pageRules))("%s", async (verb, rule) => {
    const found = await Promise.all(
      cases.map(async (one) => [
        inWords(one),
        answerOf(await pressInChat(verb, contextIn(one, verb), undefined, pageValues[verb])),
      ]),
    );
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(cases.map((one) => [inWords(one), rule(one)])));
  });

  it("everyone refused is told whom to ask or what to press instead", async () => {
    const refused = await Promise.all(
      Object.keys(rules).flatMap((verb) =>
        cases.map(async (one) => {
          const outcome = await press(verb, contextIn(one), subjects[verb]);
          return outcome.do === "refuse" ? [outcome.problem.text] : [];
        }),
      ),
    );
    const texts = new Set(refused.flat());
    expect(texts.size).toBeGreaterThan(4);
    for (const text of texts) expect(text).toMatch(/Ask|Press/);
  });
});
