import { describe, expect, it } from "vitest";
import { fakeBackend } from "../../src/backends/fake.ts";
import { group } from "./harness.ts";

describe("one picture", () => {
  it("arrives in the message that said it was queued, with its buttons", async () => {
    const gate = Promise.withResolvers<void>();
    const { chat, message, picture, app } = await group({
      backends: () => [fakeBackend({ gate: () => gate.promise })],
    });
    await chat.type("ana", "/rca prompt:Ready for the march? cfg:3 seed:7");
    const waiting = await message(({ view }) => view.tone === "working");
    expect(waiting.view.text).toContain("“Ready for the march?”");
    gate.resolve();
    const done = await picture();
    expect(done.ref.messageId).toBe(waiting.ref.messageId);
    expect(done.view.text).toContain("seed 7");
    expect(done.view.image?.alt).toBe("AI picture: Ready for the march?");
    expect(done.view.buttons?.flat().map(({ label }) => label)).toEqual([
      "Reroll",
      "Lock seed",
      "Vary subtle",
      "Vary strong",
      "Edit",
      "Info",
      "Original",
      "Delete",
      "Change the lettering",
      "Print on paper",
      "Upscale",
    ]);
    await app.idle();
    expect(chat.violations).toEqual([]);
  });

  it("tells the place in the queue and shows progress on the way", async () => {
    const gate = Promise.withResolvers<void>();
    const { chat, picture, said, app } = await group({
      backends: () => [fakeBackend({ gate: () => gate.promise, facts: { concurrency: 1 }, delayMs: 40 })],
    });
    await chat.type("ana", "/rca one");
    await chat.type("bo", "/rca two");
    await chat.type("cy", "/rca three");
    expect((await said("“three”")).view.text).toMatch(/queued, (1|2) ahead of you, about /);
    gate.resolve();
    await picture(3);
    await app.idle();
    const versions = [...chat.messages.values()].flatMap((each) => each.versions);
    expect(versions.some(({ progress, tone }) => tone === "working" && (progress ?? 0) > 0)).toBe(true);
  });

  it("is one picture when its update is delivered twice", async () => {
    const { chat, picture, pictures, app } = await group();
    const updateId = await chat.type("ana", "/rca a red fox");
    await picture();
    await chat.type("ana", "/rca a red fox", { updateId });
    await app.idle();
    expect(pictures()).toHaveLength(1);
  });

  it("takes seed 0 as a seed and scale 0 as a choice", async () => {
    const backend = fakeBackend();
    const { chat, picture } = await group({ backends: () => [backend] });
    await chat.type("ana", "/rca a red fox seed:0 scale:0");
    await picture();
    expect(backend.calls[0]?.request).toMatchObject({ seed: 0, loraScale: 0, finalPrompt: "a red fox" });
  });

  it("names every wrong option in one private answer and spends nothing", async () => {
    const { chat, app } = await group();
    await chat.type("ana", "/rca a red fox cfg:99 steps:0 seed:-1");
    const [answer] = chat.visibleTo("ana");
    expect(answer?.view.text).toMatch(/cfg[\s\S]*steps|steps[\s\S]*cfg/);
    expect(answer?.view.text).toContain("seed");
    expect(chat.visibleTo("bo")).toEqual([]);
    expect(
      (await app.services.store.account("loopback:ana", app.services.installation.allowance, Date.now())).bucket
        .balanceGpuMs,
    ).toBe(300_000);
  });

  it("posts a copy without the recipe and keeps the recipe in the original", async () => {
    const { chat, picture, app } = await group();
    await chat.type("ana", "/rca a red fox seed:7");
    const { view, image } = await picture();
    const original = await app.media((view.image?.key ?? "").replace("/posted", "/original"));
    expect(Buffer.from(image?.bytes ?? []).includes("placard")).toBe(false);
    expect(Buffer.from(original?.bytes ?? []).includes("RCA style, a red fox")).toBe(true);
  });

  it("gives a batch as one grid whose numbers post the single picture with its own seed, once", async () => {
    const { chat, picture, pictures, app } = await group();
    await chat.type("ana", "/rca a red fox seed:7 count:4");
    const grid = await picture();
    expect(grid.view.buttons?.[0]?.map(({ label }) => label)).toEqual(["1", "2", "3", "4"]);
    await chat.press("bo", grid.ref.messageId, "3");
    await chat.press("cy", grid.ref.messageId, "3");
    const single = await picture(2);
    expect(single.view.text).toContain("seed 9");
    await app.idle();
    expect(pictures()).toHaveLength(2);
  });
});
