import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { fakeBackend } from "../../src/backends/fake.ts";
import type { Picture } from "../../src/domain/job.ts";
import { decodePress } from "../../src/domain/press-token.ts";
import { recipeToText } from "../../src/domain/recipe-text.ts";
import { verbatim } from "../../src/domain/text.ts";
import { HISTORY_PAGE_PICTURES } from "../../src/features/pictures/history.ts";
import { withPngText } from "../../src/lib/png.ts";
import type { Reads } from "../../src/ports/command.ts";
import type { ShownView } from "../../src/ports/view.ts";
import { rerollVote } from "../fakes/reroll-vote.ts";
import {
  ana,
  ben,
  type ContextOver,
  contextWith,
  fileOf,
  jobWith,
  KEY,
  NOW_MS,
  orderWith,
  pictureOf,
  root,
  subjectOf,
  worldOf,
} from "./context.ts";
import { CANDIDATES, decisionOf, optionOf, outcomeOf } from "./decisions.ts";
import { press, refusal, tokensOf, typed, viewOf } from "./parts.ts";

const job = jobWith();
const here = (number: number, over: Partial<Picture> = {}) =>
  pictureOf(job, 0, { number, imageId: `${job.jobId}.${number}`, ...over });
const deleted = { atMs: NOW_MS - 1000, byName: "Ben" };
const known = [
  here(1),
  here(2, { chatKey: "web:elsewhere" }),
  here(3, { deleted }),
  here(4, { memberId: ben.id, memberName: ben.name }),
];

/** Reads as the store promises them: newest first, without deleted ones. */
const readsOver = (pictures: readonly Picture[]): Partial<Reads> => ({
  job: async () => job,
  pictureByNumber: async (number) => pictures.find((picture) => picture.number === number),
  history: async (filter) =>
    pictures
      .filter((picture) => picture.chatKey === filter.chatKey && picture.deleted === undefined)
      .filter((picture) => filter.memberId === undefined || picture.memberId === filter.memberId)
      .filter(
        (picture) =>
          filter.chatKey === undefined || filter.beforeNumber === undefined || picture.number < filter.beforeNumber,
      )
      .toSorted((a, b) => b.number - a.number)
      .slice(0, filter.limit),
});
const looking = (over: ContextOver = {}, pictures = known) =>
  contextWith({ ...over, reads: { ...readsOver(pictures), ...over.reads } });

describe.each(["/show", "/info"])("%s and a number", (command) => {
  it.each(["1", "#1", " #1 "])("finds “%s”", async (number) =>
    expect(JSON.stringify(viewOf(await typed(`${command} ${number}`, looking())))).toContain("#1"),
  );

  it.each<[string, string]>([
    ["a picture of another chat", "2"],
    ["a deleted one", "3"],
    ["a number not given yet", "99"],
  ])("answers %s with the same words: nothing is told", async (_why, number) =>
    expect(await typed(`${command} ${number}`, looking())).toEqual({
      do: "refuse",
      problem: {
        code: "not_found",
        text: `There is no picture #${number} in this chat. /history shows those there are.`,
      },
    }),
  );

  it.each(["fox", "0", "-1", "1.5", "1234567890", "#"])("asks for a number instead of “%s”", async (number) =>
    expect(await typed(`${command} ${number}`, looking())).toMatchObject(refusal("bad_args", /number, for example 12/)),
  );
});

describe("/show", () => {
  it("shows the newest without a number", async () =>
    expect(viewOf(await typed("/show", looking())).text).toContain("#4"));

  it("shows the picture to all, with its prompt as text and its buttons", async () => {
    expect(await typed("/show 1", looking())).toMatchObject({
      visibility: "public",
      view: {
        text: expect.stringContaining("seed 7") as string,
        image: { alt: "AI picture: a red fox" },
        card: { state: "done" },
      },
    });
    expect(tokensOf(viewOf(await typed("/show 1", looking())))).toHaveLength(13);
  });

  it("counts an open vote on the button", async () => {
    const voters = [{ memberId: ben.id, name: ben.name }];
    const vote = rerollVote(voters, { subjectJobId: job.jobId });
    const view = viewOf(await typed("/show 1", looking({ reads: { decisionAbout: async () => vote } })));
    expect(view.buttons?.[0]?.[0]?.label).toBe("Reroll 1/3");
  });

  it("shows a picture whose job is gone, without buttons", async () => {
    const view = viewOf(await typed("/show 1", looking({ reads: { job: async () => undefined } })));
    expect(view).toMatchObject({ image: { alt: "AI picture: a red fox" } });
    expect(view.buttons).toBeUndefined();
  });
});

const verbsOf = (view: ShownView) => tokensOf(view).map((token) => decodePress(KEY, token)?.verb);

describe("/info", () => {
  const fieldsOf = async (line: string, over: ContextOver = {}, pictures = known) =>
    Object.fromEntries(
      (viewOf(await typed(line, looking(over, pictures))).fields ?? []).map((field) => [field.name, field.value]),
    );

  it("takes the newest of this chat without a number", async () =>
    expect(viewOf(await typed("/info", looking())).text).toContain("#4"));

  it("refuses where there is no picture yet", async () =>
    expect(await typed("/info", looking({}, []))).toMatchObject(refusal("not_found", /no picture in this chat yet/)));

  it("tells the whole recipe, seed 0 and scale 0 included", async () => {
    const order = orderWith({ seed: 0, loraScale: 0, negativePrompt: "fog" });
    const picture = pictureOf(jobWith({ order }), 0, { number: 1 });
    expect(await fieldsOf("/info 1", {}, [picture])).toMatchObject({
      Prompt: "a red fox",
      "Sent as": "rca style, a red fox",
      "Kept out": "fog",
      Seed: "0",
      Settings: "cfg 3 · 28 steps · scale 0",
      Cost: "4.2 s",
      "Why there": "it was the first choice",
    });
  });

  it.each([
    ["typed", "typed"],
    ["locked", "the locked seed"],
    ["drawn", "chance"],
    ["parent", "the picture it was made from"],
  ] as const)("tells how a %s seed came about", async (seedFrom, text) => {
    const picture = pictureOf(jobWith({ order: orderWith({}, { seedFrom }) }), 0, { number: 1 });
    expect(await fieldsOf("/info 1", {}, [picture])).toMatchObject({ "Where the seed came from": text });
  });

  it.each([
    ["here", "here, inside Placard"],
    ["local", "in your own network: the prompt did not leave it"],
    ["remote", "outside: the prompt left your own network"],
  ] as const)("tells where a picture of a backend that is %s was made", async (where, text) => {
    const picture = pictureOf(jobWith(), 0, { number: 1 });
    const facts = fakeBackend({ name: picture.recipe.backend, facts: { where } });
    const backends = async () => [{ facts, health: { up: true } as const, speed: undefined }];
    expect(await fieldsOf("/info 1", { reads: { backends } }, [picture])).toMatchObject({ Where: text });
    expect(await fieldsOf("/info 1", {}, [picture])).not.toHaveProperty("Where");
  });

  it("tells parent, change and who paid", async () => {
    const lineage = { parentImageId: "x", parentNumber: 9, kind: "vote", change: verbatim("new seed") } as const;
    const picture = pictureOf(jobWith({ order: orderWith({}, { lineage }) }), 0, { number: 1 });
    const paid = jobWith({ voterNames: ["Ben", "Cy"] });
    expect(await fieldsOf("/info 1", { reads: { job: async () => paid } }, [picture])).toMatchObject({
      "Made from": "#9, by a vote: new seed",
      "Paid by": "Ben and Cy, in equal parts",
    });
  });

  it("tells what chose it, and the line that was said about it", async () => {
    const vote = (winner: number) =>
      decisionOf("pick", {
        state: "passed",
        outcome: outcomeOf([optionOf(winner)], { [optionOf(winner)]: 5 }, { voted: 7, note: "front page" }),
      });
    const of = (winner: number) =>
      fieldsOf("/info 12", { reads: { decisionAbout: async () => vote(winner) } }, [...CANDIDATES]);
    expect(await of(12)).toMatchObject({ "Chosen by vote": "5 of 7 chose it · Note: front page" });
    expect(await of(13)).not.toHaveProperty("Chosen by vote");
  });

  it.each([
    ["admins", root, true],
    ["nobody else", ana, false],
  ])("offers Lock for everyone to %s", async (_why, member, offered) =>
    expect(verbsOf(viewOf(await typed("/info 1", looking({ member }))))).toEqual([
      "again",
      "edit",
      "votepick",
      ...(offered ? ["lockall"] : []),
      "hide",
    ]),
  );

  const png = async () =>
    await sharp({ create: { width: 2, height: 2, channels: 3, background: "red" } })
      .png()
      .toBuffer();
  it("reads our recipe from a file", async () => {
    const file = withPngText(await png(), recipeToText(here(1).recipe));
    expect(await fieldsOf("/info", { attachments: [fileOf(file)] })).toMatchObject({ Prompt: "a red fox", Seed: "7" });
  });

  it("reads another program's settings from a file", async () => {
    const text = "a blue fox\nNegative prompt: fog\nSteps: 20, Seed: 3";
    const file = withPngText(await png(), [{ keyword: "parameters", text }]);
    expect(await fieldsOf("/info", { attachments: [fileOf(file)] })).toMatchObject({ Prompt: "a blue fox", Seed: "3" });
  });

  it.each<[string, () => Promise<Uint8Array>]>([
    ["a picture without a recipe", png],
    ["a file that is no picture", async () => new TextEncoder().encode("hello")],
    ["an empty file", async () => new Uint8Array()],
  ])("refuses %s, and says which file would do", async (_why, file) =>
    expect(await typed("/info", looking({ attachments: [fileOf(await file())] }))).toMatchObject(
      refusal("not_found", /Original/),
    ),
  );
});

describe("/history", () => {
  const numbers = async (line: string, over: ContextOver = {}, pictures = known) =>
    viewOf(await typed(line, looking(over, pictures))).tiles?.map(({ fill }) => fill);

  it("shows this chat's pictures, newest first; none of another chat, none that was deleted", async () =>
    expect(await numbers("/history")).toEqual(["/show 4", "/show 1"]));

  it.each([
    ["the member's own", ana, ["/show 1"]],
    ["of another member theirs", ben, ["/show 4"]],
  ])("mine:yes shows %s", async (_why, member, shown) =>
    expect(await numbers("/history mine:yes", { member })).toEqual(shown),
  );

  it.each([
    ["nobody", "/history", []],
    ["this member", "/history mine:yes", [here(4, { memberId: ben.id })]],
  ])("says what to do where %s made a picture", async (_why, line, pictures) =>
    expect(viewOf(await typed(line, looking({}, pictures))).text).toContain("/examples"),
  );

  const many = Array.from({ length: HISTORY_PAGE_PICTURES + 1 }, (_, n) => here(n + 1));
  it("offers More exactly when there is more", async () => {
    expect(tokensOf(viewOf(await typed("/history", looking({}, many))))).toHaveLength(1);
    expect(tokensOf(viewOf(await typed("/history", looking({}, many.slice(1)))))).toHaveLength(0);
  });

  it.each([
    ["all", 10],
    ["mine", 5],
  ])("More goes on after its picture: %s", async (whose, count) => {
    const pictures = Array.from({ length: 20 }, (_, n) => here(n + 1, n % 2 === 0 ? {} : { memberId: ben.id }));
    const cursor = subjectOf(job, { pictures: [here(11)], which: 0 });
    const tiles =
      viewOf(await press("more", looking({}, pictures), cursor, worldOf(), { whose, to: "next" })).tiles ?? [];
    expect(tiles[0]?.fill).toBe(whose === "all" ? "/show 10" : "/show 9");
    expect(tiles).toHaveLength(Math.min(count, HISTORY_PAGE_PICTURES));
  });

  it("More goes on after a picture of a batch, even when it was deleted since", async () => {
    const cursor = subjectOf(job, { pictures: [here(3), here(3, { index: 1, deleted })], which: 1 });
    expect(viewOf(await press("more", looking(), cursor)).tiles?.map(({ fill }) => fill)).toEqual(["/show 1"]);
  });

  it.each([
    ["all", ben],
    ["mine", ana],
  ])("a later page leads back to the newest, of the same kind: %s", async (which, member) => {
    const context = looking({ member }, many);
    const line = which === "mine" ? "/history mine:yes" : "/history";
    const first = viewOf(await typed(line, context));
    const pressed = (view: ShownView, label: string) => {
      const token = view.buttons?.flat().find((button) => button.label === label)?.token;
      const found = decodePress(KEY, token);
      return press("more", context, subjectOf(job, { pictures: [here(2)] }), worldOf(), found?.arg ?? {});
    };
    const later = viewOf(await pressed(first, "More"));
    expect(later.buttons?.flat().map(({ label }) => label)).toEqual(["Newest"]);
    expect(viewOf(await pressed(later, "Newest"))).toEqual(first);
  });

  it("More says when its picture is gone", async () =>
    expect(await press("more", looking(), subjectOf(job, { pictures: [] }))).toMatchObject(
      refusal("expired", /\/history/),
    ));
});
