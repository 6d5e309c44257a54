import { describe, expect, it, onTestFinished, vi } from "vitest";
import { systemClock } from "../../src/lib/clock.ts";
import { CANARY } from "../contracts/far-end.ts";
import { moduleServices } from "../fakes/module-services.ts";
import { english } from "../words.ts";
import { rca } from "./space-rig.ts";
import { draw, failureOf, imageOf, onHub, opened } from "./space-talk.ts";

describe("when the Space says no", () => {
  it("rests until free GPU time comes back", async () => {
    const nowMs = Date.UTC(2026, 0, 5);
    const { server, backend } = await opened(onHub, moduleServices({ clock: { ...systemClock, nowMs: () => nowMs } }));
    server.sayNo(
      "You have exceeded your free ZeroGPU quota (70s requested vs. 41s left). Try again in 13:42:07. <a href='x'>more</a>",
      "ZeroGPU quota exceeded",
    );
    const error = await failureOf(draw(backend));
    expect([error.code, error.retryAfterMs]).toEqual(["quota", 49_327_000]);
    expect(english(error.memberText)).toMatch(
      /^it has given out today’s free time: 41 s are left of the 70 s it asks for\. There is more at (\w+day )?\d\d:43 /,
    );
  });
  it.each([
    ["No GPU was available after 60s. Try", "ZeroGPU queue timeout", "busy"],
    ["OutOfMemoryError", "ZeroGPU worker error", "out_of_memory"],
    ["GPU task aborted", "ZeroGPU worker error", "timeout"],
    [null, "Error", "bad_response"],
  ])("%s, %s is %s", async (message, title, code) => {
    const { server, backend } = await opened(onHub);
    server.sayNo(message, title);
    expect((await failureOf(draw(backend))).code).toBe(code);
  });
  it("is busy when its queue is full", async () => {
    const { server, backend } = await opened({ ...onHub, maxSize: 0 });
    expect((await failureOf(draw(backend))).code).toBe("busy");
    expect(server.jobs()).toEqual([]);
  });
  it("chooses again, once, when the session lost its LoRA", async () => {
    const { server, backend } = await opened(onHub);
    server.forgetSelection(1);
    await imageOf(draw(backend));
    expect(server.jobs().map(({ selected }) => selected)).toEqual([null, 0]);
    server.forgetSelection(2);
    expect(english(await failureOf(draw(backend)))).toMatchObject({ memberText: "it lost the style in the middle." });
    expect(server.jobs()).toHaveLength(4);
  });
  it("does not take the last frame of a job that somebody ended for the picture", async () => {
    const { server, backend } = await opened(onHub);
    server.stepsTake(30);
    const ended = failureOf(draw(backend, { steps: 40 }));
    await expect.poll(() => server.requests.filter(({ path }) => path.includes("/file=")).length).toBeGreaterThan(0);
    server.endRunning();
    expect((await ended).code).toBe("stopped");
  });
  it("notices a restart in the middle, and works with the new process", async () => {
    const { server, backend } = await opened(onHub);
    server.stepsTake(500);
    const broken = failureOf(draw(backend));
    await expect.poll(() => server.jobs()[0]?.state).toBe("running");
    server.restart();
    expect((await broken).code).toBe("offline");
    server.stepsTake(0);
    await imageOf(draw(backend));
  });
});

describe("cancelling", () => {
  it("names exactly this job, with the token, and never prints", async () => {
    const spies = (["error", "warn", "log"] as const).map((name) => vi.spyOn(console, name));
    onTestFinished(() => {
      for (const spy of spies) spy.mockRestore();
    });
    const { server, backend } = await opened({ ...onHub, token: CANARY, concurrency: 2 });
    server.stepsTake(300);
    const control = new AbortController();
    const reason = new Error("cancelled");
    const stopped = draw(backend, { seed: 1 }, rca, control.signal);
    const drawn = draw(backend, { seed: 2, steps: 3 });
    await expect.poll(() => server.jobs().filter(({ state }) => state === "running").length).toBe(2);
    control.abort(reason);
    await expect(stopped).rejects.toBe(reason);
    await imageOf(drawn);
    const states = server.jobs().toSorted((a, b) => Number(a.data[7]) - Number(b.data[7]));
    expect(states.map(({ state }) => state)).toEqual(["cancelled", "done"]);
    const cancels = server.requests.filter(({ path }) => path.endsWith("/cancel"));
    expect(cancels).toHaveLength(1);
    expect(cancels[0]?.headers.authorization).toBe(`Bearer ${CANARY}`);
    expect(cancels[0]?.body).toMatchObject({ fn_index: 2 });
    for (const spy of spies) expect(spy).not.toHaveBeenCalled();
  });
  it("finds a job whose join was not yet answered", async () => {
    const { server, backend } = await opened(onHub);
    const foreign = server.foreign();
    const answer = server.holdJoins();
    const control = new AbortController();
    const reason = new Error("cancelled");
    const work = draw(backend, {}, rca, control.signal).catch((error: unknown) => error);
    await expect.poll(() => server.jobs()[0]?.state).toBe("waiting");
    control.abort(reason);
    expect(await work).toBe(reason);
    answer();
    await expect.poll(() => server.jobs()[0]?.state).toBe("cancelled");
    expect(foreign.state()).toBe("running");
  });
  it("leaves nothing open when closed in the middle", async () => {
    const { server, backend } = await opened(onHub);
    server.stepsTake(500);
    const control = new AbortController();
    const work = draw(backend, {}, rca, control.signal).catch((error: unknown) => error);
    await expect.poll(() => server.jobs()[0]?.state).toBe("running");
    control.abort(new Error("stopping"));
    await backend.close();
    await work;
    await expect.poll(() => server.connections()).toBe(0);
    await expect.poll(() => server.jobs()[0]?.state).toBe("cancelled");
  });
});
