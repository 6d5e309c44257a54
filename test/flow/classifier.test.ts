import { expect, it } from "vitest";
import { fakeBackend } from "../../src/backends/fake.ts";
import type { PictureVerdict } from "../../src/domain/picture-verdict.ts";
import type { Judge } from "../../src/jobs/judging/judge.ts";
import { fakeMaker } from "../fakes/document-maker.ts";
import { group } from "./harness.ts";

const ROOT = { admin: true } as const;
const flagged = (weight: "spoiler" | "hold"): PictureVerdict => ({
  kind: "flagged",
  label: "nudity",
  score: 0.96,
  weight,
});

async function judged(verdict: PictureVerdict) {
  const judge: Judge = {
    pid: undefined,
    judge: async () => verdict,
    load: () => Promise.reject(new Error("nothing to load")),
    close: async () => {},
  };
  const maker = fakeMaker();
  const backends = () => [fakeBackend({ previews: true })];
  return { ...(await group({ judge: () => judge, backends, documentMaker: () => maker })), maker };
}

it("what a classifier is unsure of is covered wherever it is shown, and on no contact sheet", async () => {
  const { chat, app, picture, maker } = await judged(flagged("spoiler"));
  await chat.type("root", "/settings adult:yes", ROOT);
  await chat.type("ana", "/rca a fox");
  await picture();
  await app.idle();
  const shown = [...chat.messages.values()].flatMap(({ versions }) => versions).flatMap(({ image }) => image ?? []);
  expect(shown.map(({ key, spoiler }) => [key.split("/")[0], spoiler])).toContainEqual(["picture", true]);
  // Unfinished ones as well: nobody has looked at those.
  expect(shown.filter(({ spoiler }) => !spoiler)).toEqual([]);
  await chat.type("bo", "/sheet 1");
  await app.idle();
  expect(maker.specs).toEqual([]);
  expect([...chat.messages.values()].at(-1)?.view.text).toContain("Pictures are covered here");
});

it("what it is sure of is held where pictures for adults are off, whatever is held else", async () => {
  const { chat, app, said } = await judged(flagged("hold"));
  await chat.type("ana", "/rca a fox");
  expect((await said("#1 waits for a moderator")).view.image).toBeUndefined();
  await app.idle();
});
