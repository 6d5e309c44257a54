import { beforeEach, describe, expect, it } from "vitest";
import { openedFake, pngOf, upload } from "./telegram/caller.ts";
import type { Group } from "./telegram/people.ts";
import type { TelegramFake } from "./telegram.ts";

let fake: TelegramFake;
let group: Group;

beforeEach(async () => {
  fake = await openedFake({ flood: "off" });
  group = fake.supergroup("Rent strike", { members: [fake.person("Ada")] });
});

const photoBy = (bytes: Buffer) =>
  upload(fake, "sendPhoto", { chat_id: String(group.id) }, { photo: { bytes, name: "a.png" } });
const refusal = (description: string | RegExp, errorCode = 400) => ({
  ok: false,
  error_code: errorCode,
  description: typeof description === "string" ? description : expect.stringMatching(description),
});

describe("photos and documents", () => {
  it.each([
    ["width + height of 10,000", 5000, 5000, undefined],
    ["one pixel more", 5001, 5000, "Bad Request: PHOTO_INVALID_DIMENSIONS"],
    ["a ratio of 20", 400, 20, undefined],
    ["a ratio above 20", 401, 20, "Bad Request: PHOTO_INVALID_DIMENSIONS"],
  ])("%s", async (_what, widthPx, heightPx, description) => {
    const answer = await photoBy(await pngOf(widthPx, heightPx));
    expect(answer).toMatchObject(description === undefined ? { ok: true } : refusal(description));
  });
  it("10 MB are a photo, a byte more is none", async () => {
    const picture = await pngOf();
    const padded = (size: number) => Buffer.concat([picture, Buffer.alloc(size - picture.length)]);
    expect(await photoBy(padded(10 * 1024 * 1024))).toMatchObject({ ok: true });
    expect(await photoBy(padded(10 * 1024 * 1024 + 1))).toEqual(refusal(/is too big for a photo; the maximum size is/));
  });
  it("a request over 50 MB is not read", async () => {
    const bytes = Buffer.alloc(50 * 1024 * 1024 + 128 * 1024);
    const answer = await upload(fake, "sendDocument", { chat_id: "1" }, { document: { bytes, name: "a" } });
    expect(answer).toEqual(refusal("Request Entity Too Large", 413));
  });
});
