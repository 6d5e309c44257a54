import { describe, expect, it } from "vitest";
import { BackendError, type GenerateInput } from "../../src/backend.ts";
import { tinyPng } from "../../src/backends/fake/png.ts";
import { fakeBackend } from "../../src/backends/fake.ts";
import { group } from "./harness.ts";

const full = 300_000;

describe("when something breaks", () => {
  it("tries the next backend and says why", async () => {
    const { chat, picture } = await group({
      backends: () => [
        fakeBackend({
          name: "first",
          mood: "offline",
          facts: { title: "the first one" },
          health: () => ({ up: true }),
        }),
        fakeBackend({ name: "second", facts: { title: "the second one" } }),
      ],
    });
    await chat.type("ana", "/rca a red fox");
    const { view } = await picture();
    expect(view.text).toContain("the first one failed: it does not answer");
    expect(view.text).toContain("the second one");
  });

  it("says under every picture that its prompt left the house", async () => {
    const made = async (where: "local" | "remote") => {
      const { chat, picture } = await group({
        backends: () => [fakeBackend({ facts: { title: "the far one", where } })],
      });
      await chat.type("ana", "/rca a red fox");
      return (await picture()).view.text;
    };
    expect(await made("remote")).toContain("the far one (outside the house)");
    expect(await made("local")).not.toContain("outside");
  });

  it("shows the numbers a backend has fixed, not those it was asked for", async () => {
    const fixed = fakeBackend();
    const { chat, picture } = await group({
      backends: () => [
        {
          ...fixed,
          async *generate(input: GenerateInput) {
            for await (const event of fixed.generate(input))
              yield event.type === "image" ? { ...event, fixed: { steps: 4, guidance: 1 } } : event;
          },
        },
      ],
    });
    await chat.type("ana", "/rca a red fox");
    const { view } = await picture();
    expect(view.text).toContain("cfg 1 · 4 steps");
  });

  it("knows a backend that is down before a job meets it", async () => {
    const first = fakeBackend({ name: "first", mood: "offline", facts: { title: "the first one" } });
    const { chat, picture, app } = await group({ backends: () => [first, fakeBackend({ name: "second" })] });
    await app.world.router.look();
    await chat.type("ana", "/rca a red fox");
    expect((await picture()).view.text).toContain("the first one is resting: told to be offline");
    expect(first.calls).toEqual([]);
  });

  it.each(["busy", "loading"] as const)("waits for a model that is %s rather than sketching", async (mood) => {
    const model = fakeBackend({ name: "model", mood: (call) => (call === 1 ? mood : "ok"), facts: { where: "local" } });
    const sketch = fakeBackend({ name: "sketch" });
    const { chat, picture } = await group({ backends: () => [model, sketch] });
    await chat.type("ana", "/rca a red fox");
    await picture();
    expect([model.calls.length, sketch.calls.length]).toEqual([2, 0]);
  });

  it("draws on a free backend for a member with nothing left, and charges nothing", async () => {
    const paid = fakeBackend({ name: "paid", usedMs: 2000 });
    const free = fakeBackend({ name: "free", usedMs: 5000, facts: { costWeight: 0 } });
    const { chat, picture, app } = await group({
      backends: () => [paid, free],
      installation: { allowance: { capacityGpuMs: 1000, refillGpuMsPerHour: 0, resetMs: 0 } },
    });
    const left = async () =>
      (await app.world.store.account("loopback:ana", app.world.installation.allowance, Date.now())).bucket.balanceGpuMs;
    await chat.type("ana", "/rca a red fox");
    await picture(1);
    expect(await left()).toBe(-1000);
    app.world.router.failed(app.world.router.backends[0]!, new BackendError("paid", "quota", "used"));
    await chat.type("ana", "/rca a blue fox");
    await picture(2);
    expect(await left()).toBe(-1000);
  });

  it("does not take a member below their allowance for a backend that costs more", async () => {
    const free = fakeBackend({ name: "free", mood: "bad_response", facts: { costWeight: 0, where: "local" } });
    const paid = fakeBackend({
      name: "paid",
      facts: { title: "the paid one", firstGuess: { perMegapixelStepMs: 0, overheadMs: 400_000 } },
    });
    const { chat, said, app } = await group({ backends: () => [free, paid] });
    await chat.type("ana", "/rca a red fox");
    expect((await said("No picture this time")).view.text).toContain(
      "the paid one costs more than is left of the allowance",
    );
    expect(paid.calls).toEqual([]);
    const account = await app.world.store.account("loopback:ana", app.world.installation.allowance, Date.now());
    expect(account.bucket.balanceGpuMs).toBe(full);
  });

  it("shows the unfinished picture, and drops what is none", async () => {
    let open = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const shown = fakeBackend({ previews: true, steps: 3, delayMs: 30, facts: { concurrency: 1 } });
    const backend = {
      ...shown,
      async *generate(input: GenerateInput) {
        yield { type: "progress" as const, fraction: 0.1, preview: Buffer.from("<html>no picture</html>") };
        yield { type: "progress" as const, fraction: 0.2, preview: tinyPng(64, 96, "half done") };
        await gate;
        yield* shown.generate(input);
      },
    };
    const { chat, message, picture, app } = await group({ backends: () => [backend] });
    await chat.type("ana", "/rca a red fox");
    const { view, image } = await message(({ view: { image: half } }) => half?.key.startsWith("preview/") === true);
    expect(view.image?.key).toMatch(/\/1$/);
    expect(view.image?.alt).toBe("unfinished: a red fox");
    expect(image?.mime).toBe("image/jpeg");
    open();
    expect((await picture()).view.image?.key).toMatch(/^picture\//);
    await app.idle();
  });

  it.each(["garbage", "html", "truncated", "wrong_size", "bomb", "no_image", "two_images", "throws"] as const)(
    "gives the allowance back when the only backend answers with %s",
    async (mood) => {
      const { chat, said, app } = await group({ backends: () => [fakeBackend({ mood })] });
      await chat.type("ana", "/rca a red fox");
      expect((await said("No picture this time")).view.text).toContain("allowance was returned");
      const account = await app.world.store.account("loopback:ana", app.world.installation.allowance, Date.now());
      expect(account).toMatchObject({ heldGpuMs: 0, bucket: { balanceGpuMs: full } });
    },
  );

  it("ends a hanging backend at its deadline", async () => {
    const { chat, said } = await group({ backends: () => [fakeBackend({ mood: "hang", facts: { timeoutMs: 60 } })] });
    await chat.type("ana", "/rca a red fox");
    expect((await said("No picture this time")).view.text).toContain("it took too long");
  });

  it("rests a backend after three failures and takes it back when a probe works", async () => {
    const first = fakeBackend({ name: "first", mood: (call) => (call <= 3 ? "offline" : "ok") });
    const { chat, picture, clock, app } = await group({ backends: () => [first, fakeBackend({ name: "second" })] });
    for (let n = 1; n <= 5; n += 1) {
      await chat.type("ana", `/rca picture ${n}`);
      await picture(n);
      await app.idle();
    }
    expect(first.calls).toHaveLength(3);
    clock.nowMs = Date.now() + 60_000;
    await chat.type("ana", "/rca picture 6");
    await picture(6);
    expect(first.calls).toHaveLength(4);
  });

  it("refuses before anything is spent when no backend can do what was asked", async () => {
    const { chat, app } = await group({ backends: () => [fakeBackend({ features: { negativePrompt: false } })] });
    await chat.type("ana", "/rca a red fox negative:blue");
    expect(chat.visibleTo("ana").at(-1)?.view.text).toContain("negative prompt");
    expect(await app.world.store.counts()).toEqual({ queued: 0, running: 0 });
  });

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

  it("says so where a picture is cancelled from the list of what waits", async () => {
    const { chat, app } = await group({ backends: () => [fakeBackend({ gate: () => new Promise(() => {}) })] });
    await chat.type("ana", "/rca a red fox");
    await chat.type("ana", "/queue");
    const list = chat.visibleTo("ana").at(-1)!;
    const [cancel] = list.view.tiles?.flatMap(({ buttons = [] }) => buttons) ?? [];
    await chat.pressToken("ana", cancel?.token);
    expect(chat.visibleTo("ana").at(-1)?.view.text).toBe("It is cancelled, and the allowance was returned.");
    expect(chat.visibleTo("bo").at(-1)?.view.text).toContain("Cancelled by ana");
    await app.idle();
    expect(chat.violations).toEqual([]);
  });

  it("cancels a waiting and a running job, each once, with the allowance back", async () => {
    const never = new Promise<void>(() => undefined);
    const backend = fakeBackend({ gate: () => never, facts: { concurrency: 1 } });
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
    const account = await app.world.store.account("loopback:ana", app.world.installation.allowance, Date.now());
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
      null,
      { a: 1 },
    ])
      await chat.pressToken("bo", token);
    await chat.pressToken("bo", reroll?.token, { chatId: "another" });
    await app.idle();
    expect(pictures()).toHaveLength(1);
    expect(chat.visibleTo("bo").filter(({ view: { tone } }) => tone === "bad").length).toBe(6);
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
    expect(chat.visibleTo("root").at(-1)?.view.fields).toContainEqual({ name: "votes", value: "7" });
    expect(logged.filter((line) => line.includes("intake.broke"))).toEqual([]);
  });

  it("sends what the platform refused for a while, once", async () => {
    const { chat, picture, app } = await group();
    chat.faults.rateLimited = 2;
    await chat.type("ana", "/rca a red fox").catch(() => undefined);
    await picture();
    await app.idle();
    expect([...chat.messages.values()].filter(({ view }) => view.image)).toHaveLength(1);
  });
});
