import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { type FakeMood, type FakeOptions, fakeMoods, parseFakeBackend } from "../../src/backends/fake/options.ts";
import { tinyPng } from "../../src/backends/fake/png.ts";
import { fakeBackend, module } from "../../src/backends/fake.ts";
import type { BackendEvent } from "../../src/ports/backend.ts";
import { backendContract, someRequest, someStyle } from "../contracts/backend.ts";
import { moduleServices } from "../fakes/module-services.ts";

backendContract(
  "fake",
  () => {
    const backend = fakeBackend();
    return {
      backend,
      record: () => JSON.stringify(backend.calls.at(-1)),
      slow: fakeBackend({ delayMs: 5000, steps: 100 }),
    };
  },
  { initBytes: tinyPng(256, 256, "start") },
);
backendContract(
  "fake, by its bytes",
  () => ({ backend: fakeBackend(), slow: fakeBackend({ mood: "hang_after_progress" }) }),
  {
    initBytes: tinyPng(256, 256, "start"),
  },
);

const request = { ...someRequest, widthPx: 256, heightPx: 320 };
const eventsOf = (options: FakeOptions, signal = AbortSignal.timeout(4000)): Promise<BackendEvent[]> =>
  Array.fromAsync(fakeBackend(options).generate({ request, style: someStyle, signal }));

async function bytesOf(mood: FakeMood): Promise<Uint8Array> {
  const image = (await eventsOf({ mood })).find((event) => event.type === "image");
  if (!image) throw new Error("no image");
  return image.bytes;
}

it("keeps its newest calls, and counts all of them: a demo runs for weeks", async () => {
  const begun: number[] = [];
  const backend = fakeBackend({
    mood(call) {
      begun.push(call);
      return "rejected";
    },
  });
  const input = { request, style: someStyle, signal: AbortSignal.timeout(60_000) };
  for (let at = 0; at < 1003; at += 1)
    await Array.fromAsync(backend.generate({ ...input, attachKey: `${at}` })).catch(() => {});
  expect(backend.calls).toHaveLength(1000);
  expect(backend.calls[0]).toMatchObject({ attachKey: "3" });
  expect(begun.at(-1)).toBe(1003);
});

describe("moods", () => {
  it.each(["offline", "busy", "quota", "rejected", "bad_response", "timeout"] as const)("fails as %s", async (mood) => {
    await expect(eventsOf({ mood })).rejects.toMatchObject({
      name: "BackendError",
      code: mood,
      elsewhere: mood !== "rejected",
    });
  });
  it("throws as a bug would", async () => {
    await expect(eventsOf({ mood: "throws" })).rejects.toMatchObject({ name: "Error" });
  });
  it.each([
    ["no_image", 0],
    ["ok", 1],
    ["two_images", 2],
  ] as const)("%s makes %i", async (mood, images) => {
    expect((await eventsOf({ mood })).filter((event) => event.type === "image")).toHaveLength(images);
  });
  it.each(["garbage", "html", "truncated"] as const)("%s does not decode", async (mood) => {
    const bytes = await bytesOf(mood);
    expect(bytes.length).toBeLessThan(1_000_000);
    await expect(sharp(bytes, { limitInputPixels: 16_000_000 }).raw().toBuffer()).rejects.toThrow();
  });
  it.each([
    ["wrong_size", { format: "png", width: 192, height: 320 }],
    ["wrong_type", { format: "jpeg", width: 256, height: 320 }],
    ["ok", { format: "png", width: 256, height: 320 }],
  ] as const)("%s decodes", async (mood, facts) => {
    expect(await sharp(await bytesOf(mood)).metadata()).toMatchObject(facts);
  });
  it.each(["hang", "hang_after_progress"] as const)("%s ends with the signal only", async (mood) => {
    await expect(eventsOf({ mood }, AbortSignal.timeout(30))).rejects.toMatchObject({ name: "TimeoutError" });
  });
  it("late takes more than a second to notice the end", async () => {
    const startedAtMs = performance.now();
    await expect(eventsOf({ mood: "late" }, AbortSignal.timeout(20))).rejects.toMatchObject({ name: "TimeoutError" });
    expect(performance.now() - startedAtMs).toBeGreaterThan(1000);
  });
  it("may change from call to call", async () => {
    const backend = fakeBackend({ mood: (call) => (call === 1 ? "busy" : "ok") });
    const draw = () =>
      Array.fromAsync(backend.generate({ request, style: someStyle, signal: AbortSignal.timeout(1000) }));
    await expect(draw()).rejects.toMatchObject({ code: "busy" });
    await expect(draw()).resolves.toHaveLength(5);
    expect(backend.calls.map((call) => call.end)).toEqual(["failed", "done"]);
  });
});

describe("options", () => {
  it("holds each picture at the gate", async () => {
    const gate = Promise.withResolvers<void>();
    const backend = fakeBackend({ gate: () => gate.promise });
    const work = Array.fromAsync(backend.generate({ request, style: someStyle, signal: AbortSignal.timeout(1000) }));
    expect(await Promise.race([work, new Promise((resolve) => setImmediate(resolve, "held"))])).toBe("held");
    gate.resolve();
    expect((await work).at(-1)).toMatchObject({ type: "image" });
  });
  it("gives a key, and takes it up again", async () => {
    const backend = fakeBackend({ attaches: true });
    const input = { request, style: someStyle, signal: AbortSignal.timeout(1000) };
    const [first] = await Array.fromAsync(backend.generate(input));
    expect(first).toEqual({ type: "attached", key: "fake-7" });
    await Array.fromAsync(backend.generate({ ...input, attachKey: "fake-7" }));
    expect(backend.calls.map((call) => call.attachKey)).toEqual([undefined, "fake-7"]);
  });
  it("claims the time it is told to", async () => {
    expect((await eventsOf({ usedMs: 500 })).at(-1)).toMatchObject({ usedMs: 500 });
    expect((await eventsOf({})).at(-1)).not.toHaveProperty("usedMs");
  });
});

describe("FAKE_BACKEND", () => {
  const world = moduleServices();
  it("is off unless it is set", async () => {
    expect(await module.create({}, world)).toBeUndefined();
    expect(await module.create({ FAKE_BACKEND: "on" }, world)).toMatchObject({ name: "fake" });
  });
  it("reads every part", () => {
    expect(parseFakeBackend("delay:2000, mood:busy,name:slowpoke,steps:3,used:500,concurrency:2")).toEqual({
      name: "slowpoke",
      mood: "busy",
      delayMs: 2000,
      steps: 3,
      usedMs: 500,
      facts: { concurrency: 2 },
    });
  });
  it.each(["mood:sunny", "delay:soon", "dellay:1", "delay", "name:Ab!"])("refuses %s", (text) => {
    expect(() => parseFakeBackend(text)).toThrow();
  });
  it("knows every mood by name", () => {
    for (const mood of fakeMoods) expect(parseFakeBackend(`mood:${mood}`).mood).toBe(mood);
  });
});
