import { describe, expect, it } from "vitest";
import type { Job } from "../../src/domain/job.ts";
import type { SeedLock, SeedScope } from "../../src/domain/seed.ts";
import { styleSchema } from "../../src/domain/style.ts";
import { verbatim } from "../../src/domain/text.ts";
import {
  allowance,
  ana,
  ben,
  type ContextOver,
  chalk,
  contextWith,
  jobWith,
  lockOf,
  NOW_MS,
  orderWith,
  PLACE,
  root,
  worldOf,
} from "./context.ts";
import { pressInChat, refusal, tokensOf, typed, viewOf } from "./parts.ts";

const idOf = (letter: string) => letter.repeat(16);
const waiting = (letter: string, over: Partial<Job> = {}) => jobWith({ jobId: idOf(letter), state: "queued", ...over });
const bens = { memberId: ben.id, memberName: ben.name };

const queued = [
  waiting("a", { state: "running" }),
  waiting("b", bens),
  waiting("c", { acceptedAtMs: NOW_MS - 1000 }),
  waiting("d", { acceptedAtMs: NOW_MS - 2000 }),
];
const during = (over: ContextOver = {}, open = queued) =>
  contextWith({
    ...over,
    reads: {
      openJobs: async ({ memberId }) => open.filter((job) => memberId === undefined || job.memberId === memberId),
      ahead: async ({ jobId }) =>
        jobId === idOf("b") ? { jobs: 0, estimateMs: 1000 } : { jobs: 2, estimateMs: 60_000 },
      ...over.reads,
    },
  });

describe("/queue", () => {
  it("tells each place, who waits and how long", async () => {
    const tiles = viewOf(await typed("/queue", during())).tiles ?? [];
    expect(tiles.map(({ title }) => title)).toEqual(["1 · Ana", "2 · Ben", "3 · Ana", "4 · Ana"]);
    expect(tiles.map(({ text }) => text.split("\n")[0])).toEqual([
      "being made now",
      "next, ready in about 5 s",
      "2 before it, ready in about 1 min 4 s",
      "2 before it, ready in about 1 min 4 s",
    ]);
  });

  it.each([
    ["a member their own", ana, 3],
    ["another member theirs", ben, 1],
    ["an admin all", root, 4],
  ])("lets %s be cancelled", async (_why, member, buttons) =>
    expect(tokensOf(viewOf(await typed("/queue", during({ member }))))).toHaveLength(buttons),
  );

  it("says that nothing waits", async () =>
    expect(viewOf(await typed("/queue", during({}, []))).text).toContain("would be next"));

  it("shows the first ten and counts the others", async () => {
    const many = Array.from({ length: 12 }, () => waiting("a"));
    const { text, tiles } = viewOf(await typed("/queue", during({}, many)));
    expect(tiles).toHaveLength(10);
    expect(text).toContain("12 pictures are under way in this chat. The first 10 are shown, 2 more wait.");
  });

  it("shortens a long prompt", async () => {
    const long = [waiting("a", { order: orderWith({ prompt: "fox ".repeat(300) }) })];
    expect(viewOf(await typed("/queue", during({}, long))).tiles?.[0]?.text.length).toBeLessThan(120);
  });
});

it("/queue says what keeps the installation from working, to those who run it", async () => {
  const notes = { operatorNotes: async () => [verbatim("Telegram: another program receives this bot's messages.")] };
  for (const context of [during({ reads: notes }), contextWith({ reads: notes })])
    expect(await typed("/queue", context)).toMatchObject({
      view: { text: expect.stringMatching(/\nTelegram: another program/) },
    });
});

it.each<[string, number, RegExp]>([
  [
    "when it bites",
    91_000,
    /\nAll who come from your internet address may spend 100 s together within 24 hours; 9 s is left\.$/,
  ],
  ["and not before", 50_000, /your picture would be next\.$/],
])("/queue says what is left at an address %s", async (_when, usedGpuMs, text) => {
  const context = contextWith({
    addressCeiling: { addressKey: "here", capGpuMs: 100_000 },
    reads: { addressWindow: async () => ({ heldGpuMs: 0, usedGpuMs }) },
  });
  expect(await typed("/queue", context)).toMatchObject({ view: { text: expect.stringMatching(text) } });
});

describe("/cancel", () => {
  it.each<[string, string, typeof ana, string]>([
    ["a member's newest", "/cancel", ana, "c"],
    ["one by its place", "/cancel 4", ana, "d"],
    ["one by #place", "/cancel #1", ana, "a"],
    ["one by its id", `/cancel ${idOf("c")}`, ana, "c"],
    ["anybody's, for an admin", "/cancel 2", root, "b"],
  ])("takes back %s", async (_why, line, member, letter) =>
    expect(await typed(line, during({ member }))).toEqual({ do: "cancel", jobId: idOf(letter) }),
  );

  it.each<[string, string, typeof ana, Parameters<typeof refusal>]>([
    ["somebody else's", "/cancel 2", ana, ["not_allowed", /Only Ben/]],
    ["a place past the end", "/cancel 5", ana, ["not_found", /\/queue/]],
    ["place 0", "/cancel 0", ana, ["not_found", /\/queue/]],
    ["a word", "/cancel everything", ana, ["not_found", /\/queue/]],
    ["when one has nothing waiting", "/cancel", root, ["not_found", /You have no picture waiting/]],
  ])("refuses %s", async (_why, line, member, expected) =>
    expect(await typed(line, during({ member }))).toMatchObject(refusal(...expected)),
  );
});

describe("/quota", () => {
  const fieldsOf = async (over: ContextOver): Promise<Record<string, string>> => {
    const { text, fields = [] } = viewOf(await typed("/quota", contextWith(over)));
    return { Said: text, ...Object.fromEntries(fields.map(({ name, value }) => [name, value])) };
  };
  const account = (balanceGpuMs: number, over: object = {}) => ({
    account: async () => ({ bucket: { balanceGpuMs, atMs: NOW_MS, ...over }, heldGpuMs: 4000, recent: [] }),
  });

  it.each<[string, ContextOver, Record<string, unknown>]>([
    [
      "everything",
      {},
      {
        Said: "You have 300 s of your allowance of 300 s left. /guide allowance explains it.",
        "More arrives": "you have all of it",
        "All of it is back": "now",
      },
    ],
    [
      "a part, and when more arrives",
      { reads: account(150_000, { resetAtMs: NOW_MS + 3_600_000 }) },
      {
        Said: expect.stringContaining("150 s of your allowance of 300 s") as string,
        "Set aside for pictures under way": "4 s",
        "More arrives": "1 s more in 10 min",
        "All of it is back": "in 1 h; what is set aside and not used comes back at once",
      },
    ],
    [
      "a debt as nothing left",
      { reads: account(-2000) },
      { Said: expect.stringContaining("You have 0 s of") as string },
    ],
    [
      "that nothing comes back by itself",
      { reads: account(0), allowance: { ...allowance, refillGpuMsPerHour: 0 } },
      { "More arrives": "not by itself: ask an admin", "All of it is back": "not by itself: ask an admin" },
    ],
  ])("tells %s", async (_why, over, fields) => expect(await fieldsOf(over)).toMatchObject(fields));

  it("tells what the last pictures cost", async () => {
    const recent = [{ jobId: idOf("a"), usedGpuMs: 4200, atMs: NOW_MS - 120_000, prompt: "a red fox" }];
    const reads = { account: async () => ({ bucket: { balanceGpuMs: 1000, atMs: NOW_MS }, heldGpuMs: 0, recent }) };
    expect(await fieldsOf({ reads })).toMatchObject({ "Last pictures": "4.2 s for “a red fox”, 2 min ago" });
    expect(await fieldsOf({})).toMatchObject({ "Last pictures": "none yet" });
  });

  const reads = { spendWindow: async () => ({ heldGpuMs: 4000, usedGpuMs: 60_000 }) };
  it.each<[string, ContextOver, Record<string, unknown>]>([
    [
      "spent together, without a limit",
      { reads },
      { "This chat together": "no limit · 60 s spent in the last 24 hours · 4 s set aside" },
    ],
    [
      "left of a community's spend window",
      { reads, spendCapGpuMs: 100_000, place: { ...PLACE, communityId: "c" } },
      { "This community together": "36 s of 100 s left · 60 s spent in the last 24 hours · 4 s set aside" },
    ],
    [
      "left of an overdrawn spend window",
      { reads, spendCapGpuMs: 50_000 },
      { "This chat together": "0 s of 50 s left · 60 s spent in the last 24 hours · 4 s set aside" },
    ],
    [
      "left in direct messages",
      { spendCapGpuMs: 9000, place: { ...PLACE, group: false } },
      { Here: "9 s of 9 s left · 0 s spent in the last 24 hours" },
    ],
  ])("tells what is %s", async (_why, over, fields) => expect(await fieldsOf(over)).toMatchObject(fields));

  it("tells nothing about a spend window where one is alone and there is none", async () =>
    expect(Object.keys(await fieldsOf({ place: { ...PLACE, group: false } }))).not.toContain("Here"));
});

describe("unlocking a seed", () => {
  const refused = refusal("not_allowed", /only an admin.*seed:random/);
  it.each<[string, string, SeedLock | undefined, boolean, object]>([
    ["one's own lock", "/unlock", lockOf(7), false, { do: "unlock", scope: "me" }],
    ["one's own lock by name", "/unlock me", lockOf(7, "everyone"), false, { do: "unlock", scope: "me" }],
    ["everyone's, by an admin", "/unlock", lockOf(0, "everyone"), true, { do: "unlock", scope: "everyone" }],
    [
      "everyone's behind one's own, by an admin",
      "/unlock everyone",
      lockOf(7),
      true,
      { do: "unlock", scope: "everyone" },
    ],
    ["everyone's, by another: refused", "/unlock", lockOf(7, "everyone"), false, refused],
    ["everyone's by name, by another: refused", "/unlock scope:everyone", undefined, false, refused],
    [
      "nothing",
      "/unlock",
      undefined,
      false,
      { do: "reply", view: { text: expect.stringContaining("No seed") as string } },
    ],
    ["a scope that is none: refused", "/unlock them", undefined, true, refusal("bad_args", /me, everyone/)],
  ])("%s", async (_why, line, seedLock, isAdmin, outcome) =>
    expect(await typed(line, contextWith({ seedLock, isAdmin }))).toMatchObject(outcome),
  );

  it.each<[SeedScope, boolean, SeedScope | "refused"]>([
    ["me", false, "me"],
    ["everyone", true, "everyone"],
    ["everyone", false, "refused"],
  ])("the button (scope %s, admin %s): %s", async (of, isAdmin, scope) =>
    expect(await pressInChat("unlock", contextWith({ isAdmin }), { scope: of })).toMatchObject(
      scope === "refused" ? refused : { do: "unlock", scope },
    ),
  );
});

describe("galleries", () => {
  const many = worldOf({ styles: Array.from({ length: 20 }, (_, n) => styleSchema.parse({ ...chalk, id: `s${n}` })) });
  it.each([
    ["the first", 0, 9, ["More"]],
    ["one in the middle", 1, 9, ["Back", "More"]],
    ["the last", 2, 2, ["Back"]],
    ["one past the end, which is the last", 700, 2, ["Back"]],
  ])("styles: %s page", async (_why, index, tiles, labels) => {
    const view = viewOf(await pressInChat("styles", contextWith(), { page: String(index) }, undefined, many));
    expect(view.tiles).toHaveLength(tiles);
    expect(view.buttons?.flat().map(({ label }) => label)).toEqual(labels);
  });

  it("styles: each with its picture, trigger, values and licence, ready to fill in", async () => {
    const view = viewOf(await typed("/styles"));
    expect(view.buttons).toBeUndefined();
    expect(view.tiles?.[0]).toMatchObject({
      fill: "/rca ",
      image: { alt: "An example of the style RCA" },
      text: expect.stringMatching(
        /The style’s word: rca style.*cfg 3 · 28 steps · scale 0.9 · 832×1216.*Licence: /s,
      ) as string,
    });
  });

  it("examples: one of each style before a second of any", async () =>
    expect(viewOf(await typed("/examples")).tiles?.map(({ fill }) => fill)).toEqual([
      '/rca a march, "Ready?" in large letters',
      "/chalk a blackboard",
      "/rca a red fox",
    ]));

  it.each([
    ["/styles", /Ask whoever runs/],
    ["/examples", /\/guide prompt /],
  ])("%s says what to do where there is nothing", async (line, text) =>
    expect(
      viewOf(
        await typed(
          line,
          contextWith(),
          worldOf({ styles: line === "/styles" ? [] : [styleSchema.parse({ ...chalk, examples: [] })] }),
        ),
      ).text,
    ).toMatch(text),
  );
});
