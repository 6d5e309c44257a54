import { describe, expect, it } from "vitest";
import { tinyPng } from "../../src/backends/fake/png.ts";
import { type FakeBackend, fakeBackend } from "../../src/backends/fake.ts";
import { verbatim } from "../../src/domain/text.ts";
import { BackendError, type GenerateInput } from "../../src/ports/backend.ts";
import { sentence } from "../../src/ports/backend-sentence.ts";
import { group } from "./harness.ts";

const full = 300_000;

describe("when something breaks", () => {
  it("tries the next backend and says why", async () => {
    const { chat, picture } = await group({
      backends: () => [
        fakeBackend({
          name: "first",
          mood: "offline",
          facts: { title: verbatim("the first one") },
          health: () => ({ up: true }),
        }),
        fakeBackend({ name: "second", facts: { title: verbatim("the second one") } }),
      ],
    });
    await chat.type("ana", "/rca a red fox");
    const { view } = await picture();
    expect(view.text).toContain("the first one does not answer.");
    expect(view.text).toContain("the second one");
  });

  it.each([
    ["a model", "model", "second"],
    ["a program, which meant it", "program", "first"],
  ] as const)("a black picture of %s comes from the right place, and costs once", async (_whose, drawnBy, from) => {
    const backends = [
      fakeBackend({ name: "first", mood: "black", usedMs: 5000, facts: { title: verbatim("the first one"), drawnBy } }),
      fakeBackend({ name: "second", usedMs: 1000, facts: { title: verbatim("the second one") } }),
    ];
    const { chat, picture, app } = await group({ backends: () => backends });
    await chat.type("ana", "/rca a red fox");
    const { view } = await picture();
    expect(view.text).toContain(`the ${from} one`);
    expect(view.text.includes("the first one gave a picture of a single colour")).toBe(drawnBy === "model");
    const account = await app.services.store.account("loopback:ana", app.services.installation.allowance, Date.now());
    // Some comes back each second.
    const spentGpuMs = full - account.bucket.balanceGpuMs;
    expect(Math.round(spentGpuMs / 1000)).toBe(from === "second" ? 1 : 5);
    expect(account.heldGpuMs).toBe(0);
  });

  it("a black picture of the only model is none: it says why, and gives all back", async () => {
    const black = fakeBackend({
      mood: "black",
      usedMs: 5000,
      facts: { title: verbatim("the only one"), drawnBy: "model" },
    });
    const { chat, said, app } = await group({ backends: () => [black] });
    await chat.type("ana", "/rca a red fox");
    expect((await said("No picture this time")).view.text).toContain("the only one gave a picture of a single colour");
    const account = await app.services.store.account("loopback:ana", app.services.installation.allowance, Date.now());
    expect(account.bucket.balanceGpuMs).toBe(full);
  });

  describe("says why it was not the first choice", () => {
    const two = () => {
      const gate = Promise.withResolvers<void>();
      const model = (name: string) =>
        fakeBackend({
          name,
          gate: () => gate.promise,
          health: () => ({ up: true }),
          facts: {
            title: verbatim(`the ${name} one`),
            where: "local",
            costWeight: 0,
            concurrency: 1,
            firstGuess: { perMegapixelStepMs: 0, overheadMs: 150_000 },
          },
        });
      return { backends: [model("first"), model("second")], gate };
    };

    it("where the first had a queue when it was asked for", async () => {
      const { backends, gate } = two();
      const { chat, pictures, app } = await group({ backends: () => backends });
      await chat.type("ana", "/rca one");
      await chat.type("bo", "/rca two");
      gate.resolve();
      await app.idle();
      const texts = pictures().map(({ view }) => view.text);
      expect(texts.find((text) => text.includes("“two”"))).toMatch(
        /the second one\nthe first one has a queue of about 2 min 30 s/,
      );
      expect(texts.find((text) => text.includes("“one”"))).not.toContain("queue");
    });

    it("where the first rested when it was asked for and is back when its turn comes", async () => {
      const { backends, gate } = two();
      const { chat, pictures, app } = await group({ backends: () => backends });
      const [first] = backends;
      app.services.router.failed(first!, new BackendError("first", "auth", "no"));
      await chat.type("ana", "/rca one");
      await chat.type("bo", "/rca two");
      app.services.router.succeeded(first!);
      gate.resolve();
      await app.idle();
      for (const { view } of pictures()) expect(view.text).toContain("the first one does not accept our key.");
      expect(pictures()).toHaveLength(2);
    });
  });

  it("varies a picture on another backend from its pixels: there its seed is another composition", async () => {
    const [first, second] = [fakeBackend({ name: "first" }), fakeBackend({ name: "second" })];
    const { chat, picture, app } = await group({ backends: () => [first, second] });
    app.services.router.failed(first, new BackendError("first", "auth", "no"));
    await chat.type("ana", "/rca a red fox seed:7");
    const { ref } = await picture();
    await chat.press("ana", ref.messageId, "Vary subtle");
    await picture(2);
    expect(second.calls[1]).toMatchObject({ request: { seed: 7, variation: { strength: 0.15 } } });
    app.services.router.succeeded(first);
    await chat.press("ana", ref.messageId, "Vary subtle");
    await picture(3);
    expect(first.calls[0]?.request).toMatchObject({ init: { strength: 0.35 } });
    expect(first.calls[0]?.request).not.toHaveProperty("variation");
    expect(first.calls[0]?.initBytes).toBeGreaterThan(0);
  });

  it("says under every picture that its prompt left your own network", async () => {
    const made = async (where: "local" | "remote") => {
      const { chat, picture } = await group({
        backends: () => [fakeBackend({ facts: { title: verbatim("the far one"), where } })],
      });
      await chat.type("ana", "/rca a red fox");
      return (await picture()).view.text;
    };
    expect(await made("remote")).toContain("the far one (outside your network)");
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
    const first = fakeBackend({ name: "first", mood: "offline", facts: { title: verbatim("the first one") } });
    const { chat, picture, app } = await group({ backends: () => [first, fakeBackend({ name: "second" })] });
    await app.services.router.look();
    await chat.type("ana", "/rca a red fox");
    expect((await picture()).view.text).toContain("the first one does not answer.");
    expect(first.calls).toEqual([]);
  });

  it.each(["busy", "loading"] as const)("waits for a model that is %s rather than sketching", async (mood) => {
    const model = fakeBackend({ name: "model", mood: (call) => (call === 1 ? mood : "ok"), facts: { where: "local" } });
    const sketch = fakeBackend({ name: "sketch" });
    const { chat, picture } = await group({ hurried: true, backends: () => [model, sketch] });
    await chat.type("ana", "/rca a red fox");
    await picture();
    expect([model.calls.length, sketch.calls.length]).toEqual([2, 0]);
  });

  it("waits three times at most, and not where another model is left or the wait is long", async () => {
    const busy = (name: string) => fakeBackend({ name, mood: "busy", facts: { where: "local" } });
    const long: FakeBackend = busy("long");
    const far = {
      ...long,
      // biome-ignore lint/correctness/useYield: it fails before there is anything to tell
      async *generate() {
        tries += 1;
        throw new BackendError("long", "loading", "wakes", { retryAfterMs: 120_000 });
      },
    };
    let tries = 0;
    const [model, first, second] = [
      busy("model"),
      busy("first"),
      fakeBackend({ name: "second", facts: { where: "local" } }),
    ];
    for (const backends of [[model], [first, second], [far]]) {
      const { chat, picture } = await group({
        hurried: true,
        backends: () => [...backends, fakeBackend({ name: "sketch" })],
      });
      await chat.type("ana", "/rca a red fox");
      await picture();
    }
    expect([model.calls.length, first.calls.length, second.calls.length, tries]).toEqual([3, 1, 1, 1]);
  });

  it("draws on a free backend for a member with nothing left, and charges nothing", async () => {
    const paid = fakeBackend({ name: "paid", usedMs: 2000 });
    const free = fakeBackend({ name: "free", usedMs: 5000, facts: { costWeight: 0 } });
    const { chat, picture, app } = await group({
      hurried: true,
      backends: () => [paid, free],
      installation: { allowance: { capacityGpuMs: 1000, refillGpuMsPerHour: 0, resetMs: 0 } },
    });
    const left = async () =>
      (await app.services.store.account("loopback:ana", app.services.installation.allowance, Date.now())).bucket
        .balanceGpuMs;
    await chat.type("ana", "/rca a red fox");
    await picture(1);
    expect(await left()).toBe(-1000);
    app.services.router.failed(app.services.router.backends[0]!, new BackendError("paid", "quota", "used"));
    await chat.type("ana", "/rca a blue fox");
    await picture(2);
    expect(await left()).toBe(-1000);
  });

  it("does not take a member below their allowance for a backend that costs more", async () => {
    const free = fakeBackend({ name: "free", mood: "bad_response", facts: { costWeight: 0, where: "local" } });
    const paid = fakeBackend({
      name: "paid",
      facts: { title: verbatim("the paid one"), firstGuess: { perMegapixelStepMs: 0, overheadMs: 400_000 } },
    });
    const { chat, said, app } = await group({ backends: () => [free, paid] });
    await chat.type("ana", "/rca a red fox");
    expect((await said("No picture this time")).view.text).toContain(
      "the paid one costs more than is left of the allowance",
    );
    expect(paid.calls).toEqual([]);
    const account = await app.services.store.account("loopback:ana", app.services.installation.allowance, Date.now());
    expect(account.bucket.balanceGpuMs).toBe(full);
  });

  describe("a backend that costs more than the one that failed", () => {
    const dearer = (costMs: number) => {
      const free = fakeBackend({ name: "free", mood: "bad_response", facts: { costWeight: 0, where: "local" } });
      const paid = fakeBackend({
        name: "paid",
        usedMs: costMs,
        facts: { title: verbatim("the paid one"), firstGuess: { perMegapixelStepMs: 0, overheadMs: costMs } },
      });
      return { paid, backends: () => [free, paid] };
    };

    it("takes what a role allows, not what everybody has", async () => {
      const { backends } = dearer(400_000);
      const { chat, picture } = await group({ backends });
      await chat.type("ana", '/settings role_allowance:"Artists=2"', { admin: true, roles: [] });
      await chat.type("ana", "/rca a red fox", { roles: ["Artists"] });
      expect((await picture()).view.text).toContain("the paid one");
    });

    it("does not spend more than the chat may", async () => {
      const { paid, backends } = dearer(20_000);
      const { chat, said } = await group({ backends });
      await chat.type("ana", "/settings daily_cap_seconds:10", { admin: true });
      await chat.type("ana", "/rca a red fox");
      expect((await said("No picture this time")).view.text).toContain(
        "the paid one costs more than this chat may still spend today",
      );
      expect(paid.calls).toEqual([]);
    });
  });

  it.each([
    [
      { why: sentence("backend.error.loading"), etaMs: 20_500 },
      "the far one is still loading its model. About 21 s more.",
    ],
    [{ position: 3, etaMs: 120_000 }, "waiting on the far one, 3 ahead in its queue, about 2 min"],
    [{ position: 0 }, "waiting on the far one, next in its queue"],
    [{}, "waiting on the far one"],
  ])("says what it waits for: %j", async (waiting, line) => {
    const gate = Promise.withResolvers<void>();
    const far = fakeBackend({ facts: { title: verbatim("the far one") } });
    const backend = {
      ...far,
      async *generate(input: GenerateInput) {
        yield { type: "waiting" as const, ...waiting };
        await gate.promise;
        yield* far.generate(input);
      },
    };
    const { chat, said, picture } = await group({ backends: () => [backend] });
    await chat.type("ana", "/rca a red fox");
    expect((await said("the far one")).view.text.split("\n")[1]).toBe(line);
    gate.resolve();
    await picture();
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
    expect(view.image?.alt).toBe("unfinished AI picture: a red fox");
    expect(image?.mime).toBe("image/jpeg");
    open();
    expect((await picture()).view.image?.key).toMatch(/^picture\//);
    await app.idle();
  });
});
