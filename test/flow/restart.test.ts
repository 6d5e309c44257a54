import { describe, expect, it } from "vitest";
import { type FakeBackend, fakeBackend } from "../../src/backends/fake.ts";
import { group } from "./harness.ts";

describe("after a restart", () => {
  it("finishes what was running, in the same message", async () => {
    let opened = 0;
    const { chat, message, picture, restart } = await group({
      backends: () => {
        opened += 1;
        return [fakeBackend(opened === 1 ? { gate: () => new Promise<void>(() => undefined) } : {})];
      },
    });
    await chat.type("ana", "/rca a red fox seed:7");
    const before = await message(({ view }) => view.tone === "working");
    await restart();
    const done = await picture();
    expect(done.ref.messageId).toBe(before.ref.messageId);
    expect(done.view.text).toContain("seed 7");
  });

  it("goes on where a picture was begun, by its key, and says so where that is not the first choice", async () => {
    const lives: FakeBackend[] = [];
    const { chat, picture, restart } = await group({
      backends: () => {
        const gate = lives.length === 0 ? { gate: () => new Promise<void>(() => undefined) } : {};
        const second = fakeBackend({ name: "second", attaches: true, ...gate });
        lives.push(second);
        const mood = lives.length === 1 ? "offline" : "ok";
        return [fakeBackend({ name: "first", mood, health: () => ({ up: true }) }), second];
      },
    });
    await chat.type("ana", "/rca a red fox seed:7");
    await chat.waitFor(() => lives[0]?.calls.length === 1);
    await restart();
    const { view } = await picture();
    expect(lives[1]?.calls.map(({ attachKey }) => attachKey)).toEqual(["second-7"]);
    expect(view.text).toContain("It was already being made there.");
  });

  it("makes the first of a batch anew and goes on with the one that was under way", async () => {
    const lives: FakeBackend[] = [];
    const { chat, message, picture, restart } = await group({
      backends: () => {
        const never = new Promise<void>(() => undefined);
        const isFirst = lives.length === 0;
        const backend: FakeBackend = fakeBackend({
          attaches: true,
          gate: () => (isFirst && backend.calls.length === 2 ? never : Promise.resolve()),
        });
        lives.push(backend);
        return [backend];
      },
    });
    await chat.type("ana", "/rca a red fox seed:7 count:2");
    await message(({ view }) => (view.progress ?? 0) >= 0.5);
    await chat.waitFor(() => lives[0]?.calls.length === 2);
    await restart();
    await picture();
    expect(lives[1]?.calls.map(({ attachKey }) => attachKey)).toEqual([undefined, "fake-8"]);
  });

  it("keeps the buttons of earlier pictures working, for those who may press them", async () => {
    const { chat, picture, said, restart } = await group();
    await chat.type("ana", "/rca a red fox seed:7");
    const { ref } = await picture();
    await restart();
    await chat.press("bo", ref.messageId, "Delete");
    expect(chat.visibleTo("bo").at(-1)?.view.tone).toBe("bad");
    await chat.press("ana", ref.messageId, "Reroll");
    expect((await picture(2)).view.text).toContain("rerolled from #1 by ana");
    await chat.press("ana", ref.messageId, "Delete");
    await said("was deleted by ana");
    await chat.press("ana", ref.messageId, "Undo");
    await chat.waitFor(() => chat.messages.get(ref.messageId)?.view.image);
  });

  it("keeps votes and seed locks", async () => {
    const { chat, picture, restart } = await group({ installation: { votes: 2 } });
    await chat.type("ana", "/rca a red fox seed:7");
    const { ref } = await picture();
    await chat.press("ana", ref.messageId, "Lock seed");
    await chat.press("bo", ref.messageId, "Reroll");
    await chat.waitFor(() => chat.messages.get(ref.messageId)?.view.buttons?.[0]?.[0]?.label === "Reroll 1/2");
    await restart();
    await chat.press("cy", ref.messageId, "Reroll 1/2");
    expect((await picture(2)).view.text).toContain("by vote of bo and cy");
    await chat.type("ana", "/rca a blue fox");
    expect((await picture(3)).view.text).toContain("seed 7 (locked)");
  });
});
