import { describe, expect, it } from "vitest";
import { atThisPaceMs } from "../pace.ts";
import { english } from "../words.ts";
import { called, failureOf, making, opened, oursAt, started } from "./comfyui-making.ts";
import { eventually } from "./comfyui-rig.ts";

describe("cancelling", () => {
  const reason = new Error("cancelled");

  it.each([
    ["running", false],
    ["waiting", true],
  ] as const)("ends exactly its own %s job", async (state, isBehind) => {
    const { server, backend } = await opened();
    server.hold();
    const before = isBehind ? server.foreign({ clientId: "other" }) : undefined;
    const control = new AbortController();
    const { ended } = started(backend, { signal: control.signal });
    await eventually(() => oursAt(server)[0]?.state).toBe(state);
    const after = server.foreign({ clientId: "other" });
    control.abort(reason);
    expect(await ended).toBe(reason);
    await eventually(() => oursAt(server)[0]?.state).toBe("cancelled");
    if (before) expect(before.state()).toBe("running");
    expect(["waiting", "running"]).toContain(after.state());
  });

  it("uses the newer servers' one step", async () => {
    const { server, backend } = await opened({ isNewer: true, version: "0.5.1" });
    server.hold();
    const control = new AbortController();
    const { ended } = started(backend, { signal: control.signal });
    await eventually(() => server.jobs()[0]?.state).toBe("running");
    control.abort(reason);
    expect(await ended).toBe(reason);
    await eventually(() => server.jobs()[0]?.state).toBe("cancelled");
    expect(called(server)).toContain("POST /api/jobs/ID/cancel");
    expect(called(server)).not.toContain("POST /interrupt");
  });

  it("reaches a job whose acceptance was never heard of", async () => {
    const { server, backend } = await opened();
    server.hold();
    server.fail("prompt", "hang_after_headers");
    const control = new AbortController();
    const { ended } = started(backend, { signal: control.signal });
    await eventually(() => server.jobs()[0]?.state).toBe("running");
    control.abort(reason);
    expect(await ended).toBe(reason);
    await eventually(() => server.jobs()[0]?.state).toBe("cancelled");
  });

  it("reaches a job that arrives after it was cancelled", async () => {
    const { server, backend } = await opened();
    server.hold();
    const arrive = server.holdSubmits();
    const control = new AbortController();
    const { ended } = started(backend, { signal: control.signal });
    await eventually(() => called(server)).toContain("POST /prompt");
    control.abort(reason);
    expect(await ended).toBe(reason);
    expect(server.jobs()).toEqual([]);
    arrive();
    await eventually(() => server.jobs()[0]?.state).toBe("cancelled");
  });

  it("takes back a job whose acceptance cannot be read", async () => {
    const { server, backend } = await opened();
    server.hold();
    server.fail("prompt", "html");
    expect(english(await failureOf(backend))).toMatchObject({ code: "bad_response" });
    await eventually(() => server.jobs()[0]?.state).toBe("cancelled");
  });

  it("does not wait for a server that hangs", async () => {
    const { server, backend } = await opened();
    server.hold();
    const control = new AbortController();
    const { events, ended } = started(backend, { signal: control.signal });
    // The model is loaded and the first step waits: nothing more is said.
    await eventually(() => events.at(-1)?.type).toBe("progress");
    await eventually(() => server.jobs()[0]?.state).toBe("running");
    server.fail("cancel", "hang");
    const startedMs = performance.now();
    control.abort(reason);
    expect(await ended).toBe(reason);
    expect(performance.now() - startedMs).toBeLessThan(atThisPaceMs(backend.cancelWithinMs));
  });

  it("ends the job of a reader who walks away", async () => {
    const { server, backend } = await opened();
    server.hold();
    for await (const event of making(backend)) if (event.type !== "attached") break;
    await eventually(() => server.jobs()[0]?.state).toBe("cancelled");
  });
});

describe("somebody at the server", () => {
  it.each(["running", "waiting"] as const)("who removes a %s job has the last word", async (state) => {
    const { server, backend } = await opened();
    server.hold();
    if (state === "waiting") server.foreign({ clientId: "other" });
    const { ended } = started(backend);
    await eventually(() => oursAt(server)[0]?.state).toBe(state);
    server.removeJob(oursAt(server)[0]?.id ?? "");
    expect(await ended).toMatchObject({ code: "stopped", elsewhere: false });
    expect(oursAt(server)).toHaveLength(1);
  });
});
