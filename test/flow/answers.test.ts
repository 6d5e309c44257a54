import { describe, expect, it } from "vitest";
import { tinyPng } from "../../src/backends/fake/png.ts";
import { fakeBackend } from "../../src/backends/fake.ts";
import { group } from "./harness.ts";

describe("answering a picture", () => {
  it("with words makes it anew: the same recipe, other words", async () => {
    const { chat, picture } = await group();
    await chat.type("ana", "/rca a red fox seed:7 cfg:2.5");
    const { ref } = await picture();
    await chat.type("bo", "/edit a blue fox", { about: ref.messageId });
    const { view } = await picture(2);
    expect(view.text).toContain("“a blue fox” · bo");
    expect(view.text).toContain("edited from #1 by bo: prompt edited");
    expect(view.text).toContain("seed 7 · cfg 2.5");
  });

  it("with settings alone keeps the words", async () => {
    const { chat, picture } = await group();
    await chat.type("ana", "/rca a red fox seed:7");
    const { ref } = await picture();
    await chat.type("ana", "/edit cfg:5 style:plain", { about: ref.messageId });
    const { view } = await picture(2);
    expect(view.text).toContain("“a red fox” · ana");
    expect(view.text).toMatch(/Plain · seed 7 · cfg 5 .*\nedited from #1 by ana: style RCA → Plain, cfg 3 → 5/s);
  });

  it("with nothing opens the form, filled in", async () => {
    const { chat, picture } = await group();
    await chat.type("ana", "/rca a red fox seed:7");
    const { ref } = await picture();
    await chat.type("bo", "/edit", { about: ref.messageId });
    await chat.submit("bo", { prompt: "a green fox" });
    const { view } = await picture(2);
    expect(view.text).toContain("“a green fox” · bo");
    expect(view.text).toContain("seed 7");
    expect(chat.violations).toEqual([]);
  });

  it("of a batch means the batch, one of its album that picture, a picked one itself", async () => {
    const { chat, picture, app } = await group();
    await chat.type("ana", "/rca a red fox seed:7 count:3");
    const grid = await picture();
    expect(grid.view.album?.map(({ key }) => key.slice(-8))).toEqual(["0/posted", "1/posted", "2/posted"]);
    await chat.type("ana", "/vary strong", { about: grid.ref.messageId });
    expect(chat.visibleTo("ana").at(-1)?.view.text).toMatch(/#1 to #3. Say which one, .*picture:3/);
    await chat.type("ana", "/vary strong", { about: grid.ref.messageId, albumIndex: 1 });
    expect((await picture(2)).view.text).toContain("varied from #2 by ana: varied strongly");
    await chat.press("ana", grid.ref.messageId, "3");
    const picked = await picture(3);
    // Where it stands is noted after it was shown.
    await app.idle();
    await chat.type("ana", "/reroll", { about: picked.ref.messageId });
    expect((await picture(4)).view.text).toContain("rerolled from #3 by ana");
    await chat.type("ana", "/reroll", { about: grid.ref.messageId });
    expect((await picture(5)).view.album).toHaveLength(3);
    await app.idle();
    expect(chat.violations).toEqual([]);
  });

  it("of somebody else's picture rerolls by the chat's rules, and says what the vote became", async () => {
    const { chat, picture } = await group({ installation: { votes: 2 } });
    await chat.type("ana", "/rca a red fox");
    const { ref } = await picture();
    await chat.type("bo", "/reroll", { about: ref.messageId });
    expect(chat.visibleTo("bo").at(-1)?.view.text).toBe("Your vote for a reroll counts: 1 of 2.");
    await chat.type("bo", "/reroll 1");
    expect(chat.visibleTo("bo").at(-1)?.view.text).toBe("You took your vote for a reroll back: 0 of 2.");
    await chat.type("bo", "/reroll 1");
    await chat.type("cy", "/reroll", { about: ref.messageId });
    expect((await picture(2)).view.text).toContain("by vote of bo and cy");
  });

  it("to a reply that shows an old picture means that picture", async () => {
    const { chat, picture, message } = await group();
    await chat.type("ana", "/rca a red fox seed:7");
    await picture();
    await chat.type("ana", "/rca a blue boat");
    await picture(2);
    await chat.type("bo", "/show 1");
    const shown = await message(({ view }) => view.text.includes("#1 · ana"));
    await chat.type("bo", "/info", { about: shown.ref.messageId });
    expect(chat.visibleTo("bo").at(-1)?.view.text).toContain("#1");
    await chat.type("bo", "/edit a green fox", { about: shown.ref.messageId });
    expect((await picture(3)).view.text).toContain("edited from #1 by bo");
  });

  it("takes back the one that waits", async () => {
    const gate = new Promise<void>(() => undefined);
    const backend = fakeBackend({ gate: () => gate, facts: { concurrency: 1, costWeight: 0 } });
    const { chat, said, message } = await group({ backends: () => [backend] });
    await chat.type("ana", "/rca first");
    await chat.type("ana", "/rca second");
    const first = await message(({ view }) => view.text.includes("“first”"));
    await said("“second”");
    await chat.type("bo", "/cancel", { about: first.ref.messageId });
    expect(chat.visibleTo("bo").at(-1)?.view.text).toMatch(/^Only ana/);
    await chat.type("ana", "/cancel", { about: first.ref.messageId });
    expect(chat.visibleTo("ana").at(-1)?.view.text).toBe("It is cancelled, and the allowance was returned.");
    await chat.waitFor(() => chat.messages.get(first.ref.messageId)?.view.text.includes("Cancelled by ana"));
  });

  it.each(["/edit a blue fox", "/reroll", "/vary", "/info", "/show"])(
    "%s to a message that shows no picture, or one of another chat, is refused and tells nothing",
    async (line) => {
      const { chat, picture, pictures, app } = await group();
      await chat.type("ana", "/rca a red fox");
      const { ref } = await picture();
      for (const event of [
        { about: "m999" },
        { about: ref.messageId, chatId: "c2" },
        { about: ref.messageId, chatId: "c2", aboutChatId: "c1" },
      ]) {
        await chat.type("ana", line, event);
        expect(chat.visibleTo("ana", event.chatId).at(-1)?.view.text).toMatch(
          /^That message shows no picture of this chat/,
        );
      }
      await app.idle();
      expect(pictures()).toHaveLength(1);
    },
  );

  it("without an answer means the member's newest here", async () => {
    const { chat, picture } = await group();
    await chat.type("bo", "/edit a blue fox");
    expect(chat.visibleTo("bo").at(-1)?.view.text).toMatch(/You have made no picture in this chat yet/);
    await chat.type("bo", "/rca a red fox seed:7");
    await picture();
    await chat.type("ana", "/rca a boat");
    await picture(2);
    await chat.type("bo", "/edit a blue fox");
    expect((await picture(3)).view.text).toContain("edited from #1 by bo");
  });
});

describe("using a picture", () => {
  const photo = { name: "photo.png", mime: "image/png", bytes: tinyPng(256, 256, "photo") };

  it("that was attached, with words, starts from it", async () => {
    const backend = fakeBackend();
    const { chat, picture } = await group({ backends: () => [backend] });
    await chat.type("ana", "/edit a blue fox change:0.3 style:plain", { attachments: [photo], about: "m77" });
    const { view } = await picture();
    expect(view.text).toContain("started from an attached picture, change 0.3");
    expect(view.text).toContain("Plain");
    expect(backend.calls[0]?.initBytes).toBeGreaterThan(0);
  });

  it("chosen without a word asks what it should become, and starts from it after a restart too", async () => {
    const backends: ReturnType<typeof fakeBackend>[] = [];
    const { chat, picture, restart } = await group({
      backends: () => {
        backends.push(fakeBackend());
        return [backends.at(-1)!];
      },
    });
    await chat.command("ana", "edit", {}, { attachments: [photo], about: "m77" });
    expect(chat.forms.at(-1)?.form.fields.map(({ name, value }) => [name, value])).toEqual([
      ["prompt", ""],
      ["style", "rca"],
      ["change", "0.6"],
    ]);
    await restart();
    await chat.submit("ana", { prompt: "a blue fox", style: "plain", change: "0.2" });
    expect((await picture()).view.text).toContain("started from an attached picture, change 0.2");
    expect(backends.at(-1)?.calls[0]?.initBytes).toBeGreaterThan(0);
    expect(chat.violations).toEqual([]);
  });

  it("that is none is refused when the form comes back, and costs nothing", async () => {
    const { chat, app, pictures } = await group();
    await chat.command("ana", "edit", {}, { attachments: [{ ...photo, bytes: new TextEncoder().encode("<html>") }] });
    await chat.submit("ana", { prompt: "a blue fox", style: "rca", change: "0.2" });
    expect(chat.visibleTo("ana").at(-1)?.view.text).toMatch(/^Only PNG, JPEG/);
    await app.idle();
    expect(pictures()).toHaveLength(0);
  });

  it("is each member's own, per chat", async () => {
    const { chat } = await group();
    await chat.command("ana", "edit", {}, { attachments: [photo] });
    const { token } = chat.forms.at(-1)!.form;
    await chat.command("bo", "edit", {}, { attachments: [photo], chatId: "c2" });
    await chat.submit("bo", { prompt: "a blue fox", style: "rca", change: "0.2" });
    expect(chat.visibleTo("bo").at(-1)?.view.text).toMatch(/could not be fetched. Choose it again/);
    expect(token).toBe(chat.forms.at(-1)!.form.token);
  });

  it("of ours starts from its pixels when asked", async () => {
    const backend = fakeBackend();
    const { chat, picture } = await group({ backends: () => [backend] });
    await chat.type("ana", "/rca a red fox seed:7");
    const { ref } = await picture();
    await chat.type("ana", "/edit a blue fox change:0.4", { about: ref.messageId });
    expect((await picture(2)).view.text).toContain("edited from #1 by ana: prompt edited, started from it, change 0.4");
    expect(backend.calls[1]?.initBytes).toBeGreaterThan(0);
  });
});

describe("another style", () => {
  it("is chosen from the list on the info card, with the same seed", async () => {
    const { chat, picture, message } = await group();
    await chat.type("ana", "/rca a red fox seed:7");
    const { ref } = await picture();
    await chat.press("bo", ref.messageId, "Info");
    const card = await message(({ view }) => view.text.startsWith("Picture #1"));
    await chat.choose("bo", card.ref.messageId, "Try in another style", "Plain");
    const { view } = await picture(2);
    expect(view.text).toContain("Plain · seed 7");
    expect(view.text).toContain("edited from #1 by bo: style RCA → Plain");
    expect(chat.violations).toEqual([]);
  });
});

describe("a chat that moves", () => {
  it("goes on with its pictures, settings and locks; what was waiting is posted there", async () => {
    const gate = Promise.withResolvers<void>();
    let gated = Promise.resolve();
    const { chat, picture, message } = await group({
      backends: () => [fakeBackend({ gate: () => gated })],
      // As Telegram, the only platform whose chats move.
      chat: { replyTokens: false, capabilities: { postsOnce: false, editMinIntervalMs: 0 } },
    });
    await chat.type("ana", "/rca a red fox seed:7");
    const { ref } = await picture();
    await chat.press("ana", ref.messageId, "Lock seed");
    await chat.type("root", "/settings votes:1 style:plain", { admin: true });
    gated = gate.promise;
    await chat.type("bo", "/rca a blue boat");
    await message(({ view }) => view.text.includes("a blue boat") && view.tone === "working");
    await chat.migrate("c1", "c9");
    await chat.migrate("c1", "c9");
    gate.resolve();
    const moved = await chat.waitFor(() => chat.visibleTo("bo", "c9").find(({ view }) => view.image));
    expect(moved.view.text).toContain("a blue boat");
    await chat.type("ana", "/imagine a green hill", { chatId: "c9" });
    const locked = await chat.waitFor(() =>
      chat.visibleTo("ana", "c9").find(({ view }) => view.text.includes("green hill") && view.image),
    );
    expect(locked.view.text).toMatch(/Plain · seed 7 \(locked\)/);
    await chat.type("bo", "/reroll 1", { chatId: "c9" });
    await chat.waitFor(() => chat.visibleTo("bo", "c9").find(({ view }) => view.text.includes("by vote of bo")));
    expect(chat.visibleTo("bo", "c1").filter(({ view }) => view.text.includes("a blue boat") && view.image)).toEqual(
      [],
    );
  });
});

describe("the length of the queue", () => {
  it("counts what waits and runs in all chats, and is 0 while the store is broken", async () => {
    const gate = new Promise<void>(() => undefined);
    const { chat, app, logged } = await group({
      backends: () => [fakeBackend({ gate: () => gate, facts: { concurrency: 1 } })],
    });
    expect(await chat.queueLength()).toBe(0);
    await chat.type("ana", "/rca first");
    await chat.type("bo", "/rca second", { chatId: "c2" });
    expect(await chat.queueLength()).toBe(2);
    await app.services.store.close();
    expect(await chat.queueLength()).toBe(0);
    expect(logged.some((line) => line.includes("queue.unreadable"))).toBe(true);
  });
});

describe("while somebody types", () => {
  it("recent seeds, prompts and whole lines are offered", async () => {
    const { chat, picture } = await group();
    await chat.type("ana", "/rca a red fox seed:7");
    await picture();
    expect((await chat.suggestions("ana", "rca", "seed", "")).map(({ value }) => value)).toEqual(["random", "7"]);
    expect(await chat.suggestions("bo", "rca", "prompt", "fox")).toEqual([{ value: "a red fox", label: "a red fox" }]);
    expect((await chat.suggestions("ana", "", "", ""))[0]?.value).toBe("/rca a red fox cfg:3 seed:7");
  });
});
