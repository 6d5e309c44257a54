import { expect, it } from "vitest";
import { saidIn } from "../../src/dispatch/words.ts";
import type { Invocation } from "../../src/ports/chat.ts";

const place = { platform: "web", chatId: "room", group: true } as const;
const file = (name: string, sizeBytes: number) => ({
  ...{ name, sizeBytes, mime: "image/png" },
  read: async () => new Uint8Array(),
});
const command = (over: Partial<Invocation> = {}): Invocation => ({
  ...{ updateId: "u", commandName: "rca", raw: { text: "a fox" }, attachments: [] },
  member: { id: "web:ana", name: "ana", admin: false },
  target: { place, memberId: "web:ana", replyToken: "t", replyTokenExpiresAtMs: 1 },
  ...over,
});
const wordsOf = (over: Partial<Invocation> = {}) => saidIn(command(over), 5).words;

it.each<[string, Partial<Invocation>]>([
  ["its case", { commandName: "RCA" }],
  ["its event", { updateId: "another" }],
  ["when it came", { sent: { atMs: 1, late: true } }],
])("the same command but for %s says the same", (_what, over) => expect(wordsOf(over)).toBe(wordsOf()));

it.each<[string, Partial<Invocation>, Partial<Invocation>]>([
  ["another command", {}, { commandName: "cat" }],
  ["other text", {}, { raw: { text: "a fox!" } }],
  ["other values", { raw: { values: { prompt: "a" } } }, { raw: { values: { prompt: "b" } } }],
  ["text that looks like values", { raw: { text: "a" } }, { raw: { values: { text: 1 } } }],
  ["about something", {}, { about: { place, messageId: "m1" } }],
  ["about something else", { about: { place, messageId: "m1" } }, { about: { place, messageId: "m2" } }],
  [
    "about another of an album",
    { about: { place, messageId: "m1" } },
    { about: { place, messageId: "m1", albumIndex: 1 } },
  ],
  ["a file", {}, { attachments: [file("a.png", 1)] }],
  ["a file of another name", { attachments: [file("a.png", 1)] }, { attachments: [file("b.png", 1)] }],
  ["a file of another size", { attachments: [file("a.png", 1)] }, { attachments: [file("a.png", 2)] }],
])("%s says something else", (_what, one, other) => expect(wordsOf(one)).not.toBe(wordsOf(other)));

it("says when it was sent, and whether that was late", () => {
  expect(saidIn(command(), 5)).toMatchObject({ atMs: 5 });
  expect(saidIn(command(), 5).late).toBeUndefined();
  expect(saidIn(command({ sent: { atMs: 3, late: false } }), 5)).toEqual({ words: wordsOf(), atMs: 3 });
  expect(saidIn(command({ sent: { atMs: 3, late: true } }), 5)).toEqual({ words: wordsOf(), atMs: 3, late: true });
});
