import { describe, expect, it } from "vitest";
import { meaningOfFirst } from "../../src/domain/first-press.ts";
import type { Press } from "../../src/domain/press.ts";
import { buttonKeyOf, decodePress } from "../../src/domain/press-token.ts";

const jobId = "abcdefghijklmnop";
const NO_JOB = "----------------";
const about = (pictures: number | "all") => ({ jobId, pictures });

describe("what the first versions' buttons mean", () => {
  it.each<[string, { verb: string; jobId: string; index: number }, Omit<Press, "verb">]>([
    ["reroll of one picture", { verb: "reroll", jobId, index: 0 }, { subject: about(0), arg: {} }],
    ["reroll of the whole batch", { verb: "reroll", jobId, index: 4 }, { subject: about("all"), arg: {} }],
    ["edit of the third", { verb: "edit", jobId, index: 2 }, { subject: about(2), arg: {} }],
    ["pick of the fourth", { verb: "pick", jobId, index: 3 }, { subject: about(3), arg: {} }],
    ["try again", { verb: "again", jobId, index: 0 }, { subject: about(0), arg: {} }],
    ["cancel under its message", { verb: "cancel", jobId, index: 0 }, { subject: about("all"), arg: {} }],
    ["cancel in a list", { verb: "cancel", jobId, index: 1 }, { subject: about("all"), arg: { from: "list" } }],
    [
      "the page of all after the first",
      { verb: "more", jobId, index: 0 },
      { subject: about(0), arg: { whose: "all", to: "next" } },
    ],
    [
      "the page of mine after the third",
      { verb: "more", jobId, index: 5 },
      { subject: about(2), arg: { whose: "mine", to: "next" } },
    ],
    [
      "back to the newest of mine, from the second",
      { verb: "more", jobId, index: 19 },
      { subject: about(1), arg: { whose: "mine", to: "newest" } },
    ],
    ["unlock mine", { verb: "unlock", jobId: NO_JOB, index: 0 }, { subject: "chat", arg: { scope: "me" } }],
    ["unlock everyone's", { verb: "unlock", jobId: NO_JOB, index: 1 }, { subject: "chat", arg: { scope: "everyone" } }],
    ["unlock, whatever else", { verb: "unlock", jobId: NO_JOB, index: 2 }, { subject: "chat", arg: { scope: "me" } }],
    ["a page of settings", { verb: "settings", jobId: NO_JOB, index: 3 }, { subject: "chat", arg: { page: "3" } }],
    ["a page of styles", { verb: "styles", jobId: NO_JOB, index: 700 }, { subject: "chat", arg: { page: "700" } }],
    ["the form to start from a picture", { verb: "start", jobId: NO_JOB, index: 0 }, { subject: "chat", arg: {} }],
  ])("%s", (_means, first, press) => {
    expect(meaningOfFirst(first)).toEqual({ verb: first.verb, ...press });
  });

  it("is read from tokens that the first version signed, and from no others", () => {
    const key = buttonKeyOf(Buffer.alloc(32, 3));
    expect(decodePress(key, SIGNED)).toEqual({ verb: "reroll", subject: about("all"), arg: {} });
    expect(decodePress(key, SIGNED.replace(".4.", ".3."))).toBeUndefined();
    expect(decodePress(buttonKeyOf(Buffer.alloc(32, 4)), SIGNED)).toBeUndefined();
  });
});

/** By the first version's own code, with a key of 32 bytes of 3. */
const SIGNED = "1.reroll.abcdefghijklmnop.4.TJDwn2d_dgX";
