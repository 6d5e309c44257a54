import { describe, expect, it, onTestFinished } from "vitest";
import type { ComfyuiOptions } from "../../src/backends/comfyui/backend.ts";
import type { ImageRequest } from "../../src/domain/recipe.ts";
import { styleSchema } from "../../src/domain/style.ts";
import type { Backend, BackendEvent } from "../../src/ports/backend.ts";
import { someRequest, someStyle } from "../contracts/backend.ts";
import { type FakeComfyui, type FakeComfyuiOptions, openFakeComfyui } from "../fakes/comfyui.ts";
import { backendAt, eventually, rca } from "./comfyui-rig.ts";

async function opened(each: readonly FakeComfyuiOptions[], options: ComfyuiOptions = {}) {
  const servers = await Promise.all(each.map(openFakeComfyui));
  const backend = backendAt(
    servers.map(({ url }) => url),
    {},
    options,
  );
  onTestFinished(async () => {
    await backend.close();
    await Promise.all(servers.map((server) => server.close()));
  });
  return { servers, first: servers[0]!, second: servers[1]!, backend };
}
const make = (backend: Backend, change: Partial<ImageRequest> = {}, attachKey?: string): Promise<BackendEvent[]> =>
  Array.fromAsync(
    backend.generate({
      request: { ...someRequest, ...change },
      style: rca,
      signal: AbortSignal.timeout(15_000),
      ...(attachKey === undefined ? {} : { attachKey }),
    }),
  );
/** Ours: other programs' graphs have no such node. */
const oursAt = (server: FakeComfyui) => server.jobs().filter(({ graph }) => graph["40"]);
const counts = (servers: readonly FakeComfyui[]) => servers.map((server) => oursAt(server).length);

describe("several hosts", () => {
  it("are used round robin", async () => {
    const { servers, backend } = await opened([{}, {}]);
    for (const seed of [1, 2, 3, 4]) await make(backend, { seed });
    expect(counts(servers)).toEqual([2, 2]);
  });

  it("share out what comes at once, two for each", async () => {
    const { servers, backend } = await opened([{}, {}, {}]);
    expect(backend.concurrency).toBe(6);
    const releases = servers.map((server) => server.hold());
    const all = [1, 2, 3, 4, 5, 6].map((seed) => make(backend, { seed }));
    await eventually(() => counts(servers)).toEqual([2, 2, 2]);
    for (const release of releases) release();
    await Promise.all(all);
    await eventually(() => servers.map((server) => server.sockets())).toEqual([0, 0, 0]);
  });

  it("with other programs' jobs come later", async () => {
    const { servers, first, backend } = await opened([{}, {}]);
    const release = first.hold();
    for (let jobs = 0; jobs < 3; jobs += 1) first.foreign({ clientId: "other" });
    for (const seed of [1, 2, 3]) await make(backend, { seed });
    expect(counts(servers)).toEqual([0, 3]);
    release();
  });

  it("keep a job to its end, also for a process after ours", async () => {
    const { servers, first, second, backend } = await opened([{}, {}]);
    const release = first.hold();
    const work = make(backend);
    await eventually(() => counts(servers)).toEqual([1, 0]);
    // Shorter by now, and none of its business.
    release();
    const [attached] = await work;
    expect(attached).toMatchObject({ type: "attached", key: expect.stringContaining(new URL(first.url).host) });
    if (attached?.type === "attached") await make(backend, {}, attached.key);
    expect(counts([first, second])).toEqual([1, 0]);
  });

  it("that do not answer are passed over", async () => {
    const { servers, first, backend } = await opened([{}, {}]);
    first.crash();
    for (const seed of [1, 2]) await make(backend, { seed });
    expect(counts(servers)).toEqual([0, 2]);
    expect(await backend.health(AbortSignal.timeout(2000))).toMatchObject({
      up: true,
      detail: "1 of 2 machines is ready",
    });
  });

  it.each([
    [
      "breaks off",
      (server: FakeComfyui) => server.breakAt("VAEDecode", { type: "torch.OutOfMemoryError", message: "" }),
    ],
    ["does not take the job", (server: FakeComfyui) => server.fail("prompt", { status: 503 })],
    ["does not give the picture", (server: FakeComfyui) => server.fail("view", "html")],
  ])("help out where one %s", async (_why, spoil) => {
    const { servers, first, backend } = await opened([{}, {}]);
    spoil(first);
    expect((await make(backend)).at(-1)).toMatchObject({ type: "image" });
    expect(oursAt(servers[1]!)).toHaveLength(1);
  });

  it("help out where one dies for good under its job", async () => {
    const { first, second, backend } = await opened([{}, {}]);
    first.hold();
    const work = make(backend);
    await eventually(() => oursAt(first)[0]?.state).toBe("running");
    first.crash();
    expect((await work).at(-1)).toMatchObject({ type: "image" });
    expect(oursAt(second)).toHaveLength(1);
  });

  it("tell the last one's error where all fail", async () => {
    const { servers, backend } = await opened([{}, {}]);
    for (const server of servers) server.breakAt("VAEDecode", { type: "torch.OutOfMemoryError", message: "" });
    await expect(make(backend)).rejects.toMatchObject({ code: "out_of_memory" });
    expect(counts(servers)).toEqual([1, 1]);
  });

  it("do not make again elsewhere what a person stopped", async () => {
    const { servers, first, backend } = await opened([{}, {}]);
    first.hold();
    const work = make(backend);
    await eventually(() => oursAt(first)[0]?.state).toBe("running");
    first.removeJob(oursAt(first)[0]?.id ?? "");
    await expect(work).rejects.toMatchObject({ code: "stopped" });
    expect(counts(servers)).toEqual([1, 0]);
  });

  it("get only pictures whose LoRA they have", async () => {
    const { servers, backend } = await opened([{ files: { loras: [] } }, {}]);
    for (const seed of [1, 2, 3]) await make(backend, { seed });
    expect(counts(servers)).toEqual([0, 3]);
    expect(backend.lacks?.(someRequest, rca)).toBeUndefined();
    // The base model is on both.
    await make(backend, { loraScale: 0 });
    expect(counts(servers)).toEqual([1, 3]);
  });

  it("promise the same picture again only where they are alike", async () => {
    const { backend, second } = await opened([{}, {}]);
    expect(backend.features.reproducible).toBe(false);
    await backend.health(AbortSignal.timeout(2000));
    expect(backend.features.reproducible).toBe(true);
    second.fail("stats", "html");
    await backend.health(AbortSignal.timeout(2000));
    expect(backend.features.reproducible).toBe(false);
  });

  it("promise a guidance only where all of them take it", async () => {
    const { backend } = await opened([{}, { files: { diffusion_models: ["flux1-schnell.safetensors"] } }]);
    await backend.health(AbortSignal.timeout(2000));
    expect(backend.features.guidance).toBe(false);
  });
});

describe("schnell", () => {
  it.each([
    ["takes four steps where only the style has a number", 28, 4],
    ["takes the number that somebody asked for", 9, 9],
  ])("%s", async (_what, steps, taken) => {
    const { servers, backend } = await opened([{ files: { diffusion_models: ["flux1-schnell.safetensors"] } }]);
    const events = await make(backend, { steps });
    expect(servers[0]?.jobs()[0]?.graph).toMatchObject({ "42": { inputs: { steps: taken } } });
    expect(events.at(-1)).toMatchObject({ fixed: { steps: taken, guidance: 1 } });
  });
});

describe("the doctor", () => {
  const styles = [
    rca,
    styleSchema.parse({ ...someStyle, id: "fox", title: "Fox", lora: { comfyui: "fox.safetensors" } }),
    styleSchema.parse({ ...someStyle, id: "bare", title: "Bare" }),
    styleSchema.parse({ ...someStyle, id: "far", title: "Far", lora: { space: "x" } }),
  ];
  const told = async (each: readonly FakeComfyuiOptions[]) => {
    const { backend } = await opened(each);
    return (await backend.inspect?.(styles, AbortSignal.timeout(10_000)))!;
  };

  it("finds version, models and LoRAs, and styles that point to nothing", async () => {
    const found = await told([{}]);
    expect(found).toMatchObject({
      health: { up: true },
      version: "ComfyUI 0.3.64",
      latencyMs: expect.any(Number),
      models: ["flux1-dev.safetensors", "flux1-fill-dev.safetensors", "v1-5-pruned-emaonly.safetensors"],
      loras: ["other.safetensors", "posters/RCA_v2.safetensors"],
    });
    expect(found.nextSteps).toEqual([
      expect.stringMatching(/style Fox wants .*fox\.safetensors.*ComfyUI\/models\/loras/),
      expect.stringMatching(/style Far has no LoRA here/),
    ]);
  });

  it("says which file goes into which folder, and for which machine", async () => {
    const found = await told([{ files: { vae: [] } }, {}]);
    expect(found.health).toEqual({ up: true, detail: "1 of 2 machines is ready" });
    expect(found.nextSteps).toContainEqual(
      expect.stringMatching(/^127\.0\.0\.1:\d+: Put ae\.safetensors into ComfyUI\/models\/vae/),
    );
  });

  it("says how to see pictures grow, and that it is too old", async () => {
    const { nextSteps } = await told([{ previews: false }]);
    expect(nextSteps).toContainEqual(expect.stringMatching(/--preview-method auto/));
    const old = await told([{ version: "0.3.40" }]);
    expect(old.health).toMatchObject({ up: false, reason: /too old/ });
    expect(old.nextSteps).toContainEqual(expect.stringMatching(/Update ComfyUI: 0\.3\.40 was found, 0\.3\.56/));
  });

  it("knows before it promises previews", async () => {
    const { backend } = await opened([{ previews: false }]);
    expect(backend.features.preview).toBe(true);
    await backend.health(AbortSignal.timeout(2000));
    expect(backend.features.preview).toBe(false);
  });

  it.each([
    ["asks for a password", { status: 401 } as const, /user and a password/],
    ["is something else", "html", /not ComfyUI/],
    ["is not there", "refuse", /start ComfyUI/],
  ] as const)("says what to do where the far end %s", async (_why, fault, step) => {
    const { backend, first } = await opened([{}]);
    for (const exchange of ["stats", "models"]) first.fail(exchange, fault);
    const found = await backend.inspect?.([], AbortSignal.timeout(10_000));
    expect(found?.health.up).toBe(false);
    expect(found?.nextSteps).toEqual([expect.stringMatching(step)]);
  });
});
