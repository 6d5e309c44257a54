import { expect, it } from "vitest";
import { showsPicture } from "../../src/views/meeting/screen-facts.ts";
import { imageOfPicture, imageOfPictures, originalView, plainView } from "../../src/views/picture.ts";
import { jobWith, orderWith, pictureOf } from "../commands/context.ts";

const job = jobWith({ order: orderWith({}, { count: 2 }) });
const rules = { spoiler: false };
const flagged = { kind: "flagged", label: "nudity", score: 0.9, weight: "spoiler" } as const;

it.each([
  ["flagged", flagged, true],
  ["fine", { kind: "fine" } as const, undefined],
  ["never looked at", undefined, undefined],
])("what was %s is covered whatever the chat says: %s", (_what, verdict, spoiler) => {
  const picture = pictureOf(job, 0, verdict ? { verdict } : {});
  const other = pictureOf(job, 1);
  expect(imageOfPicture(picture, "posted", rules).spoiler).toBe(spoiler);
  expect(imageOfPictures([other, picture], rules).spoiler).toBe(spoiler);
  expect(originalView(picture, rules).file?.spoiler).toBe(spoiler);
  expect(plainView(picture, rules).file?.spoiler).toBe(spoiler);
  expect(showsPicture(picture, undefined, { isCovered: false })).toBe(spoiler === undefined);
  expect(imageOfPicture(other, "posted", { spoiler: true }).spoiler).toBe(true);
});
