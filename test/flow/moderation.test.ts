import { describe, expect, it } from "vitest";
import type { Loopback } from "../../adapters/loopback/shape.ts";
import { fakeBackend } from "../../src/backends/fake.ts";
import { group } from "./harness.ts";

const ROOT = { admin: true } as const;
const last = (chat: Loopback, name: string) => chat.visibleTo(name).at(-1)?.view;
const HELD = "waits for a moderator";

describe("a chat that looks at every picture first", () => {
  const strict = async () => {
    const world = await group({ backends: () => [fakeBackend({ usedMs: 100 })] });
    await world.chat.type("root", "/settings hold:all", ROOT);
    return world;
  };

  it("shows nobody what is made until a moderator lets it through, over a restart as well", async () => {
    const { chat, picture, said, restart, logged, pictures } = await strict();
    await chat.type("ana", "/rca a secret fox");
    const held = await said(HELD);
    expect(held.view.text).toContain("#1 waits for a moderator. Until then only ana and moderators see it.");
    expect([held.view.image, held.file, pictures()]).toEqual([undefined, undefined, []]);
    for (const line of ["/show 1", "/history", "/info 1", "/original 1", "/vary picture:1", "/zip 1", "/vote 1"]) {
      await chat.type("bo", line);
      const view = last(chat, "bo");
      expect([view?.image, view?.file, view?.tiles?.some(({ image }) => image) ?? false], line).toEqual([
        undefined,
        undefined,
        false,
      ]);
    }
    await chat.press("bo", held.ref.messageId, "Look");
    expect(last(chat, "bo")?.text).toMatch(/^Only who asked for it and moderators look/);
    await chat.press("bo", held.ref.messageId, "Release");
    expect(last(chat, "bo")?.text).toMatch(/^Only moderators and admins/);
    await chat.type("bo", "/moderation");
    expect(last(chat, "bo")?.text).toMatch(/^Only moderators and admins/);
    await chat.press("ana", held.ref.messageId, "Look");
    expect(last(chat, "ana")?.image?.key).toMatch(/^held\//);
    await restart();
    await chat.type("root", "/moderation", ROOT);
    const list = chat.visibleTo("root").at(-1);
    expect([list?.onlyFor, list?.view.text]).toEqual(["loopback:root", expect.stringMatching(/^1 order waits/)]);
    await chat.press("root", held.ref.messageId, "Release", ROOT);
    const { view, ref } = await picture();
    expect([ref.messageId, view.text]).toEqual([held.ref.messageId, expect.stringContaining("#1")]);
    await chat.press("root", held.ref.messageId, "Refuse", ROOT).catch(() => undefined);
    const steps = logged.filter((line) => line.includes("moderation.step"));
    expect(steps.map((line) => JSON.parse(line))).toMatchObject([{ verb: "approved", number: 1, by: "loopback:root" }]);
    expect(logged.filter((line) => line.includes("fox") && !line.includes('"debug"'))).toEqual([]);
    expect(chat.violations).toEqual([]);
  });

  it("gives back what a refused one cost, and says why to all", async () => {
    const { chat, said, app } = await strict();
    await chat.type("ana", "/quota");
    const before = last(chat, "ana")?.fields?.map(({ value }) => value);
    await chat.type("ana", "/rca a fox");
    const held = await said(HELD);
    await chat.press("root", held.ref.messageId, "Refuse", ROOT);
    await chat.submit("root", { reason: "no foxes" }, ROOT);
    await chat.waitFor(() => chat.messages.get(held.ref.messageId)?.view.text.includes("refused"));
    expect(chat.messages.get(held.ref.messageId)?.view.text).toMatch(/^root refused #1\. Why: no foxes/);
    await app.idle();
    await chat.type("ana", "/quota");
    expect(last(chat, "ana")?.fields?.map(({ value }) => value)).toEqual(before);
  });

  it("lets its author say it in other words, or take it back", async () => {
    const { chat, said, app } = await strict();
    await chat.type("ana", "/rca a fox");
    const held = await said(HELD);
    await chat.press("bo", held.ref.messageId, "Withdraw");
    expect(last(chat, "bo")?.text).toMatch(/^Only who asked for it can withdraw it/);
    await chat.press("ana", held.ref.messageId, "Change the words");
    await chat.submit("ana", { prompt: "a wolf" });
    await said("#2 waits for a moderator");
    await chat.press("ana", held.ref.messageId, "Withdraw");
    await chat.waitFor(() => chat.messages.get(held.ref.messageId)?.view.text === "ana withdrew #1.");
    await app.idle();
  });

  it("shows no unfinished picture, and does where nothing is held", async () => {
    const seen = async (settings: string) => {
      const { chat, app, said } = await group({ backends: () => [fakeBackend({ previews: true })] });
      await chat.type("root", settings, ROOT);
      await chat.type("ana", "/rca a fox");
      await said("#1");
      await app.idle();
      return [...chat.messages.values()]
        .flatMap(({ versions }) => versions)
        .some(({ image }) => /^preview/.test(image?.key ?? ""));
    };
    expect(await seen("/settings hold:all")).toBe(false);
    expect(await seen("/settings votes:3")).toBe(true);
  });
});

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
});
