import { describe, expect, it } from "vitest";
import type { Loopback } from "../../adapters/loopback/shape.ts";
import { barSetter } from "../fakes/setter.ts";
import { group } from "./harness.ts";
import { lettered } from "./lettered.ts";

const ROOT = { admin: true } as const;
const last = (chat: Loopback, name: string) => chat.visibleTo(name).at(-1)?.view;
const HELD = "waits for a moderator";

describe("Hide", () => {
  it("by two members takes a picture and its replies out of sight, and a moderator decides", async () => {
    const { chat, picture, app, said } = await group();
    await chat.type("ana", "/rca a fox");
    const { ref } = await picture();
    await chat.type("cy", "/show 1");
    const reply = chat.visibleTo("cy").at(-1);
    expect(reply?.view.image).toBeDefined();
    await chat.type("bo", "/hide 1");
    expect(last(chat, "bo")?.text).toMatch(/^Counted: 1 of 2/);
    await Promise.all([chat.type("bo", "/hide 1"), chat.type("cy", "/hide 1")]);
    await chat.waitFor(() => chat.messages.get(ref.messageId)?.view.text.includes(HELD));
    expect(chat.messages.get(ref.messageId)?.view.image).toBeUndefined();
    await chat.waitFor(() => chat.messages.get(reply!.ref.messageId)?.view.text.includes("is not shown here any more"));
    await app.idle();
    await chat.press("root", ref.messageId, "Release", ROOT);
    await chat.waitFor(() => chat.messages.get(ref.messageId)?.view.image);
    await chat.type("bo", "/hide 1");
    await said("has looked at this picture and let it through");
  });

  it("by one who keeps order is enough, and nobody else hides where the chat says so", async () => {
    const { chat, picture } = await group();
    await chat.type("root", "/settings hide:0", ROOT);
    await chat.type("ana", "/rca a fox");
    const { ref } = await picture();
    await chat.type("bo", "/hide 1");
    expect(last(chat, "bo")?.text).toMatch(/^In this chat only moderators hide/);
    await chat.type("root", "/hide 1", ROOT);
    await chat.waitFor(() => chat.messages.get(ref.messageId)?.view.text.includes(HELD));
  });
});

describe("what is hidden", () => {
  it("is not shown again under other words: its author's are drawn anew", async () => {
    const { first, chat, backend, pictures, app } = await lettered({ setter: () => barSetter });
    await chat.type("root", "/hide 1", ROOT);
    await chat.waitFor(() => chat.messages.get(first.ref.messageId)?.view.text.includes(HELD));
    await chat.press("ana", first.ref.messageId, "Change the words");
    await chat.submit("ana", { prompt: 'a raised fist that says "No eviction"' });
    await chat.waitFor(() => pictures().length > 0);
    await app.idle();
    expect(backend.calls).toHaveLength(2);
  });
});

describe("words", () => {
  it("that a chat has blocked, and what no chat can allow, are refused by every way in before anything is spent", async () => {
    const { chat, picture, app, pictures } = await group();
    await chat.type("root", '/settings blocked_words:"gun, riot police"', ROOT);
    await chat.type("ana", "/rca a fox");
    const { ref } = await picture();
    const blocked = /^“(?:gun|riot police)” is not drawn with in this chat/;
    for (const line of [
      "/rca a GÜN",
      "/edit a gun picture:1",
      "/poster template:rally title:Riot police",
      "/caption gun picture:1",
    ]) {
      await chat.type("ana", line);
      expect(last(chat, "ana")?.text, line).toMatch(blocked);
    }
    await chat.press("ana", ref.messageId, "Edit");
    await chat.submit("ana", { prompt: "two fists and a gun" });
    expect(last(chat, "ana")?.text).toMatch(blocked);
    await chat.type("root", "/rca a naked child", ROOT);
    expect(last(chat, "root")?.text).toMatch(/^Placard draws nothing sexual with children/);
    await app.idle();
    expect(pictures()).toHaveLength(1);
  });
});

it("an admin blocks whose picture waits, for a time and with a reason that they are told", async () => {
  const { chat, said } = await group();
  await chat.type("root", "/settings hold:all", ROOT);
  await chat.type("ana", "/rca a fox");
  await said(HELD);
  await chat.type("root", "/moderation", ROOT);
  const list = chat.visibleTo("root").at(-1);
  await chat.press("root", list!.ref.messageId, "Block its author", ROOT);
  await chat.submit("root", { for: "1d", reason: "spam" }, ROOT);
  await chat.type("ana", "/rca a fox");
  expect(last(chat, "ana")?.text).toMatch(
    /^An admin of this chat blocked you here until .+\. The reason they gave: spam/,
  );
  await chat.type("bo", "/rca a wolf");
  await said("#2 waits");
  await chat.type("root", "/block bo for:2h reason:too many foxes", ROOT);
  expect(last(chat, "root")?.text).toMatch(/^bo is blocked here/);
  await chat.type("root", "/block", ROOT);
  expect(last(chat, "root")?.tiles?.map(({ title, text }) => `${title}: ${text}`)).toEqual([
    expect.stringMatching(/^bo: Here, until .+, by root · Why: too many foxes$/),
    expect.stringMatching(/^ana: .+ · Why: spam$/),
  ]);
});
