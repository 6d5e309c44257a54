import { describe, expect, it } from "vitest";
import { fakeBackend } from "../../src/backends/fake.ts";
import { verbatim } from "../../src/domain/text.ts";
import { BackendError } from "../../src/ports/backend.ts";
import { group } from "./harness.ts";

describe("when a backend hangs or rests", () => {
  it("ends a hanging backend at its deadline", async () => {
    const { chat, said } = await group({ backends: () => [fakeBackend({ mood: "hang", facts: { timeoutMs: 60 } })] });
    await chat.type("ana", "/rca a red fox");
    expect((await said("No picture this time")).view.text).toContain("took too long");
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
    clock.advanceMs(60_000);
    await chat.type("ana", "/rca picture 6");
    await picture(6);
    expect(first.calls).toHaveLength(4);
  });

  it("sends one job to try a backend after its rest, and the next one where that is cancelled", async () => {
    const never = new Promise<void>(() => undefined);
    const first = fakeBackend({
      name: "first",
      mood: (call) => (call <= 3 ? "offline" : "ok"),
      gate: () => (first.calls.length === 4 ? never : Promise.resolve()),
      health: () => ({ up: true }),
      facts: { concurrency: 3 },
    });
    const { chat, picture, pictures, clock, app } = await group({
      backends: () => [first, fakeBackend({ name: "second", facts: { concurrency: 3 } })],
    });
    for (let n = 1; n <= 3; n += 1) {
      await chat.type("ana", `/rca picture ${n}`);
      await picture(n);
    }
    await app.idle();
    clock.advanceMs(60_000);
    await chat.type("ana", "/rca the probe");
    await chat.waitFor(() => first.calls.length === 4);
    await chat.type("bo", "/rca meanwhile");
    await picture(4);
    expect(first.calls).toHaveLength(4);
    await chat.type("ana", "/cancel");
    await chat.type("bo", "/rca after that");
    await picture(5);
    expect(first.calls).toHaveLength(5);
    expect(pictures()).toHaveLength(5);
  });

  it("forgives a backend its failures once it has worked", async () => {
    const first = fakeBackend({
      name: "first",
      mood: (call) => (call % 3 === 0 ? "ok" : "offline"),
      health: () => ({ up: true }),
    });
    const { chat, picture, app } = await group({ backends: () => [first, fakeBackend({ name: "second" })] });
    for (let n = 1; n <= 6; n += 1) {
      await chat.type("ana", `/rca picture ${n}`);
      await picture(n);
      await app.idle();
    }
    expect(first.calls).toHaveLength(6);
  });

  it("refuses before anything is spent when no backend can do what was asked", async () => {
    const { chat, app } = await group({ backends: () => [fakeBackend({ features: { negativePrompt: false } })] });
    await chat.type("ana", "/rca a red fox negative:blue");
    expect(chat.visibleTo("ana").at(-1)?.view.text).toContain("negative prompt");
    expect(await app.services.store.counts()).toEqual({ queued: 0, running: 0 });
  });

  it("says when a resting model is back, and nothing of places the chat does not use", async () => {
    const backends = [fakeBackend({ name: "a", facts: { title: verbatim("the A") } }), fakeBackend({ name: "b" })];
    const { chat, app } = await group({ backends: () => backends });
    await chat.type("ana", "/settings backends:a", { admin: true });
    app.services.router.failed(backends[0]!, new BackendError("a", "quota", "used", { retryAfterMs: 7_200_000 }));
    await chat.type("ana", "/rca a red fox");
    expect(chat.visibleTo("ana").at(-1)?.view.text).toMatch(
      /^Nothing here can make this now\. the A has no free time left for now\. Try again in (2 h|1 h 59 min)\.$/,
    );
  });
});
