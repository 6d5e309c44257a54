import { readFileSync } from "node:fs";
import { describe, expect, it, onTestFinished } from "vitest";
import { tinyPng } from "../../src/backends/fake/png.ts";
import { pngSize } from "../../src/lib/png.ts";
import { someRequest } from "../contracts/backend.ts";
import { ARITHMETIC, OWN, UPSCALERS } from "../fakes/webui/enlarging.ts";
import { type FakeWebuiOptions, openFakeWebui } from "../fakes/webui.ts";
import { at, rca, signIn } from "./webui-rig.ts";

async function opened(options: FakeWebuiOptions, listed?: unknown) {
  const server = await openFakeWebui({ signIn, ...options });
  if (listed !== undefined) server.upscalers(listed);
  const backend = at(server);
  onTestFinished(async () => {
    await backend.close();
    await server.close();
  });
  return { server, backend };
}
const FROM = { widthPx: 64, heightPx: 96 };
const input = (signal = AbortSignal.timeout(5000)) => ({
  request: { ...someRequest, ...FROM },
  style: rca,
  picture: tinyPng(64, 96, "small"),
  from: FROM,
  to: { widthPx: 128, heightPx: 192 },
  signal,
});
type Opened = Awaited<ReturnType<typeof opened>>["backend"];
const enlarge = (backend: Opened, signal?: AbortSignal) => Array.fromAsync(backend.enlarge?.(input(signal)) ?? []);
const fixture = (name: string) => readFileSync(new URL(`../fixtures/resampled/${name}`, import.meta.url));
const looked = async (backend: Opened) => {
  expect(await backend.health(AbortSignal.timeout(5000))).toMatchObject({ up: true });
  return backend.features.enlarges;
};

describe("webui makes pictures larger", () => {
  it.each<FakeWebuiOptions>([
    { flavour: "forge" },
    { flavour: "a1111", page: false },
    { flavour: "sdnext" },
    { flavour: "sdnext", jobs: true },
  ])("by a model of %j, once it is known that it has one", async (options) => {
    const { server, backend } = await opened(options);
    expect(backend.features.enlarges).toBeUndefined();
    expect(await looked(backend)).toEqual({ model: "RealESRGAN_x4plus" });
    const image = (await enlarge(backend)).at(-1);
    if (image?.type !== "image") throw new Error("no image");
    expect(image.model).toBe("RealESRGAN_x4plus");
    expect(pngSize(image.bytes)).toEqual({ widthPx: 128, heightPx: 192 });
    expect(server.work[0]?.body).toMatchObject({ upscaler_1: "R-ESRGAN 4x+", upscaling_resize: 2 });
  });

  it("by one that lies there before one that is fetched, whatever it is called in the list", async () => {
    const { server, backend } = await opened({ flavour: "sdnext" }, [...UPSCALERS, OWN]);
    expect(await looked(backend)).toEqual({ model: "4x-UltraSharp" });
    await enlarge(backend);
    expect(server.work[0]?.body).toMatchObject({ upscaler_1: "ESRGAN 4x-UltraSharp" });
    const { upscaler } = (await backend.inspect?.([], AbortSignal.timeout(5000))) ?? {};
    expect(upscaler).toContain("not for commercial use");
  });

  it.each([
    ["only arithmetic", ARITHMETIC],
    ["nothing", []],
    ["a list of another kind", { upscalers: ["R-ESRGAN 4x+"] }],
  ])("not with %s: that is resampled here, for nothing", async (_, listed) => {
    const { server, backend } = await opened({ flavour: "forge" }, listed);
    expect(await looked(backend)).toBeUndefined();
    await expect(enlarge(backend)).rejects.toMatchObject({ code: "rejected", elsewhere: true });
    expect(server.work).toEqual([]);
    const { nextSteps, upscaler } = (await backend.inspect?.([], AbortSignal.timeout(5000))) ?? {};
    expect([upscaler, nextSteps?.join(" ")]).toEqual([undefined, expect.stringContaining("RealESRGAN_x2plus.pth")]);
  });

  it.each([false, true])("aborted, it stops what is surely its own (another's at work: %s)", async (isBusy) => {
    const { server, backend } = await opened({ flavour: "a1111", page: false });
    server.takes(60_000);
    await looked(backend);
    const foreign = isBusy ? server.foreign() : undefined;
    const gone = new AbortController();
    const making = enlarge(backend, gone.signal);
    await expect.poll(() => server.work.some(({ ours }) => ours)).toBe(true);
    gone.abort(new Error("cancelled"));
    await expect(making).rejects.toThrow("cancelled");
    expect(server.work.map(({ state }) => state)).toEqual(foreign ? ["running", "waiting"] : ["cancelled"]);
  });

  it("takes no picture for a model's that was only resampled: without its model a web UI does that, and says nothing", async () => {
    const { server, backend } = await opened({ flavour: "a1111" });
    const whole = {
      ...input(),
      picture: fixture("source.png"),
      from: { widthPx: 96, heightPx: 64 },
      to: { widthPx: 192, heightPx: 128 },
    };
    server.enlargesTo(fixture("lanczos.png"));
    await expect(Array.fromAsync(backend.enlarge?.(whole) ?? [])).rejects.toMatchObject({
      // It may draw as before: that is no reason to rest.
      code: "rejected",
      elsewhere: true,
      message: expect.stringContaining("RealESRGAN_x4plus"),
    });
    // Nor does it work in vain a second time, until another file is there.
    expect(await looked(backend)).toBeUndefined();
    await expect(enlarge(backend)).rejects.toMatchObject({ code: "rejected", elsewhere: true });
    expect(server.work).toHaveLength(1);
  });

  it("takes what is sharper for its model's work", async () => {
    const { server, backend } = await opened({ flavour: "a1111" });
    const whole = {
      ...input(),
      picture: fixture("source.png"),
      from: { widthPx: 96, heightPx: 64 },
      to: { widthPx: 192, heightPx: 128 },
    };
    server.enlargesTo(fixture("sharper.png"));
    expect((await Array.fromAsync(backend.enlarge?.(whole) ?? [])).at(-1)).toMatchObject({
      model: "RealESRGAN_x4plus",
    });
  });

  it("says that somebody interrupted it there", async () => {
    const { server, backend } = await opened({ flavour: "forge" });
    server.takes(60_000);
    await looked(backend);
    const making = enlarge(backend);
    await expect.poll(() => server.work.length).toBe(1);
    server.pressInterrupt();
    await expect(making).rejects.toMatchObject({ code: "stopped" });
  });
});
