import { describe, expect, it } from "vitest";
import { fakeBackend } from "../../src/backends/fake.ts";
import { group } from "./harness.ts";

const full = 300_000;

describe("what is shown when something breaks", () => {
  it("takes a deleted picture off every message that showed it again", async () => {
    const { chat, picture, app } = await group();
    await chat.type("ana", "/rca a red fox count:2");
    const { ref } = await picture();
    await chat.type("bo", "/show 1");
    const one = chat.visibleTo("bo").at(-1)!;
    await chat.type("bo", "/show", { about: ref.messageId });
    const sheet = chat.visibleTo("bo").at(-1)!;
    await chat.press("ana", one.ref.messageId, "Original");
    expect([one, sheet].map(({ view }) => view.image?.key.split("/")[0])).toEqual(["picture", "grid"]);
    await chat.press("ana", one.ref.messageId, "Delete");
    await app.idle();
    expect([...chat.messages.values()].filter(({ view }) => view.image || view.file)).toEqual([]);
    expect(chat.messages.get(one.ref.messageId)?.view.text).toBe(
      "Picture #1 was deleted by ana. If it is brought back, /show 1 shows it.",
    );
    await chat.press("ana", one.ref.messageId, "Undo");
    await app.idle();
    expect(chat.messages.get(ref.messageId)?.view.image).toBeDefined();
    expect(chat.violations).toEqual([]);
  });

  it("says in plain words where a picture is whose card the platform does not take", { timeout: 30_000 }, async () => {
    const { chat, said, clock, logged } = await group();
    chat.faults.refuses = ({ image }) => image !== undefined;
    await chat.type("ana", "/rca a red fox count:2");
    await chat.waitFor(() => logged.some((line) => line.includes("outbox.refused")));
    const minutes = setInterval(() => clock.advanceMs(60_000), 20);
    const { ref } = await chat.waitFor(
      () => [...chat.messages.values()].find(({ view }) => view.text.includes("/show")),
      20_000,
    );
    clearInterval(minutes);
    expect(chat.messages.get(ref.messageId)?.view.text).toBe(
      "Pictures #1 to #2 are made and kept, but cannot be shown in this message. /show 1 shows the first.",
    );
    chat.faults.refuses = undefined;
    await chat.type("bo", "/show 1");
    expect((await said("#1 · ")).view.image).toBeDefined();
    // Whatever changes it next makes it whole.
    await chat.type("bo", "/reroll picture:1");
    await chat.waitFor(() => chat.messages.get(ref.messageId)?.view.image);
    expect(chat.violations).toEqual([]);
  });

  it("says so where a picture is cancelled from the list of what waits", async () => {
    const backend = fakeBackend({ gate: () => new Promise(() => {}), facts: { costWeight: 0 } });
    const { chat, app } = await group({ backends: () => [backend] });
    await chat.type("ana", "/rca a red fox");
    await chat.type("ana", "/queue");
    const list = chat.visibleTo("ana").at(-1)!;
    const [cancel] = list.view.tiles?.flatMap(({ buttons = [] }) => buttons) ?? [];
    await chat.pressToken("ana", cancel?.token);
    expect(chat.visibleTo("ana").at(-1)?.view.text).toBe("It is cancelled, and the allowance was returned.");
    await app.idle();
    expect(chat.visibleTo("bo").at(-1)?.view.text).toContain("Cancelled by ana");
    expect(chat.violations).toEqual([]);
  });

  it("cancels a waiting and a running job, each once, with the allowance back where pictures are free", async () => {
    const never = new Promise<void>(() => undefined);
    const backend = fakeBackend({ gate: () => never, facts: { concurrency: 1, costWeight: 0 } });
    const { chat, said, message, app } = await group({ backends: () => [backend] });
    await chat.type("ana", "/rca first");
    await chat.type("ana", "/rca second");
    const running = await message(({ view }) => view.text.includes("“first”"));
    const waiting = await said("“second”");
    await chat.press("ana", waiting.ref.messageId, "Cancel");
    await chat.press("ana", running.ref.messageId, "Cancel");
    await chat.waitFor(
      () => [...chat.messages.values()].filter(({ view }) => view.text.includes("Cancelled by ana")).length === 2,
    );
    await app.idle();
    const account = await app.services.store.account("loopback:ana", app.services.installation.allowance, Date.now());
    expect(account).toMatchObject({ heldGpuMs: 0, bucket: { balanceGpuMs: full } });
  });

  it("refuses forged and foreign buttons and loses nothing by them", async () => {
    const { chat, picture, pictures, app } = await group();
    await chat.type("ana", "/rca a red fox");
    const { view } = await picture();
    const [reroll] = view.buttons?.flat() ?? [];
    for (const token of [
      "",
      "1.reroll.x",
      `${reroll?.token}x`,
      reroll?.token.replace("reroll", "delete"),
      reroll?.token.replace(/.{11}$/u, "AAAAAAAAAAA"),
      null,
      { a: 1 },
    ])
      await chat.pressToken("bo", token);
    await chat.pressToken("bo", reroll?.token, { chatId: "another" });
    await app.idle();
    expect(pictures()).toHaveLength(1);
    const answers = chat.visibleTo("bo").filter(({ view: { tone } }) => tone === "bad");
    expect(answers.map(({ view }) => view.text)).toEqual(Array(7).fill(expect.stringContaining("not one of ours")));
    expect(chat.visibleTo("bo", "another").at(-1)?.view.text).toContain("does not work here");
  });

  it("does not call undone what was done and could only not be said", async () => {
    const { chat, logged } = await group();
    chat.faults.rateLimited = 1;
    await chat.type("root", "/settings votes:7", { admin: true });
    expect(chat.visibleTo("root").at(-1)?.view.text).toMatch(/perhaps only while answering/);
    chat.faults.rateLimited = 1;
    await chat.type("root", "/help");
    expect(chat.visibleTo("root").at(-1)?.view.text).toMatch(/nothing was charged\. Please try again/);
    await chat.type("root", "/settings", { admin: true });
    expect(chat.visibleTo("root").at(-1)?.view.fields).toContainEqual({ name: "Votes a reroll needs", value: "7" });
    expect(logged.filter((line) => line.includes("intake.broke"))).toEqual([]);
  });

  it("sends what the platform refused for a while, once", async () => {
    const { chat, picture, app } = await group({ hurried: true });
    chat.faults.rateLimited = 2;
    await chat.type("ana", "/rca a red fox").catch(() => undefined);
    await picture();
    await app.idle();
    expect([...chat.messages.values()].filter(({ view }) => view.image)).toHaveLength(1);
  });
});
