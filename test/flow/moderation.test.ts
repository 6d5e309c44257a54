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
    expect(chat.messages.get(held.ref.messageId)?.view.text).toMatch(/^root refused #1\. .*\nWhy: no foxes/);
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
