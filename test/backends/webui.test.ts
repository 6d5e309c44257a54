import { describe, expect, it, onTestFinished } from "vitest";
import { readSettings } from "../../src/app/settings.ts";
import { tinyPng } from "../../src/backends/fake/png.ts";
import { serverAddress } from "../../src/backends/shared/address.ts";
import { createHttp } from "../../src/backends/shared/http.ts";
import type { WebuiOptions } from "../../src/backends/webui/backend.ts";
import { learn } from "../../src/backends/webui/known.ts";
import { module } from "../../src/backends/webui.ts";
import { styleSchema } from "../../src/domain/style.ts";
import type { BackendEvent } from "../../src/ports/backend.ts";
import { someRequest, someStyle } from "../contracts/backend.ts";
import { CANARY } from "../contracts/far-end.ts";
import { moduleServices } from "../fakes/module-services.ts";
import { type FakeWebui, type FakeWebuiOptions, openFakeWebui } from "../fakes/webui.ts";
import { english } from "../words.ts";
import { at, rca, signIn, states } from "./webui-rig.ts";

async function opened(options: FakeWebuiOptions, over: Partial<WebuiOptions> = {}) {
  const server = await openFakeWebui({ signIn, ...options });
  const backend = at(server, over);
  onTestFinished(async () => {
    await backend.close();
    await server.close();
  });
  return { server, backend };
}
const input = (over: Partial<typeof someRequest> = {}, signal = AbortSignal.timeout(10_000)) => ({
  request: { ...someRequest, ...over },
  style: rca,
  signal,
});
const asked = (server: FakeWebui, path: string) => server.requests.filter((request) => request.path.startsWith(path));

describe("webui", () => {
  it.each([
    [{ flavour: "forge" }, "Forge", { cfg_scale: 2, distilled_cfg_scale: 3.5, scheduler: "Simple" }],
    [{ flavour: "a1111" }, "Stable Diffusion web UI", { cfg_scale: 3.5 }],
    [{ flavour: "reforge" }, "reForge", { cfg_scale: 3.5, scheduler: "Simple" }],
    [{ flavour: "sdnext", docs: true }, "SD.Next", { cfg_scale: 3.5 }],
    [{ flavour: "sdnext" }, "SD.Next", { cfg_scale: 3.5 }],
  ] as const)("knows %j by its own description, and what cfg means there", async (options, title, fields) => {
    const { server, backend } = await opened(options);
    expect(english(backend.title)).toBe("the web UI");
    const trueCfg = options.flavour === "forge" ? 2 : 1;
    const events = await Array.fromAsync(backend.generate(input({ guidance: 3.5, trueCfg })));
    expect(english(backend.title)).toBe(title);
    const { body } = server.work[0]!;
    expect(body).toMatchObject({ ...fields, seed: 7, steps: 4, prompt: expect.stringMatching(/ <lora:rca:1>$/) });
    expect("distilled_cfg_scale" in body).toBe(options.flavour === "forge");
    expect(events.at(-1)).toMatchObject({ model: "flux1-dev", lora: { reference: "rca" }, seed: 7 });
  });

  it("tells the LoRA's hash where it is told", async () => {
    const { backend } = await opened({ flavour: "forge" });
    const image = (await Array.fromAsync(backend.generate(input()))).at(-1);
    expect(image).toMatchObject({ lora: { reference: "rca", hash: "0123456789ab" }, notes: [] });
  });

  it.each(["a1111", "reforge"] as const)("says under a picture of %s that it is not FLUX", async (flavour) => {
    const { backend } = await opened({ flavour });
    expect(english((await Array.fromAsync(backend.generate(input()))).at(-1))).toMatchObject({
      notes: [expect.stringContaining("no FLUX")],
    });
  });

  it("varies by a second seed, and starts from a picture", async () => {
    const { server, backend } = await opened({ flavour: "forge" });
    const variation = { seed: 0, strength: 0.15 };
    const init = { key: "photo", strength: 0.6 };
    await Array.fromAsync(backend.generate({ ...input({ variation, init }), initBytes: tinyPng(300, 100, "x") }));
    expect(server.work[0]?.body).toMatchObject({
      subseed: 0,
      subseed_strength: 0.15,
      denoising_strength: 0.6,
      init_images: [expect.any(String)],
    });
  });

  it.each([
    ["seed 0", { seed: 0 }, "it cannot take seed 0: choose another seed."],
    ["a variation seed", { variation: { seed: 1, strength: 0.2 } }, "it cannot vary by a seed."],
    ["a negative prompt", { negativePrompt: "fog" }, "it does not know a negative prompt."],
    ["true CFG", { trueCfg: 2 }, "it does not know true cfg."],
  ])("never sends %s to SD.Next", async (_why, over, lack) => {
    const { server, backend } = await opened({ flavour: "sdnext" });
    expect(
      english(await Array.fromAsync(backend.generate(input(over))).catch((error: unknown) => error)),
    ).toMatchObject({
      code: "rejected",
      elsewhere: true,
      memberText: lack,
    });
    expect(server.work).toEqual([]);
    await backend.health(AbortSignal.timeout(2000));
    expect(english(backend.lacks?.(input(over).request, rca))).toBe(lack);
    expect(backend.features).toMatchObject({ variation: "image", negativePrompt: false, trueCfg: false });
  });

  it("takes the largest seed and seed 0 elsewhere", async () => {
    const { server, backend } = await opened({ flavour: "forge" });
    for (const seed of [0, 4_294_967_295])
      expect((await Array.fromAsync(backend.generate(input({ seed })))).at(-1)).toMatchObject({ seed });
    expect(server.work.map(({ body }) => body["seed"])).toEqual([0, 4_294_967_295]);
  });

  it("overrides what the server would do by itself, and only settings it has", async () => {
    const { server, backend } = await opened({ flavour: "forge" });
    server.holds({ options: { sd_lora: "other" } });
    await Array.fromAsync(backend.generate(input()));
    expect(server.work[0]?.body["override_settings"]).toEqual({
      show_progress_every_n_steps: 2,
      enable_prompt_comments: false,
      lora_add_hashes_to_infotext: true,
      sd_lora: "None",
    });
    const next = await opened({ flavour: "sdnext" });
    await Array.fromAsync(next.backend.generate(input()));
    expect(next.server.work[0]?.body["override_settings"]).toEqual({ lora_add_hashes_to_infotext: true });
  });

  describe("a LoRA", () => {
    it("that is missing is noticed before anything is made, after one more look into the folder", async () => {
      const { server, backend } = await opened({ flavour: "forge" });
      server.holds({ loras: ["other"] });
      const refused = {
        code: "rejected",
        elsewhere: true,
        memberText: "it does not have the style’s file rca.safetensors.",
      };
      expect(english(await Array.fromAsync(backend.generate(input())).catch((error: unknown) => error))).toMatchObject(
        refused,
      );
      expect(server.work).toEqual([]);
      expect(asked(server, "/sdapi/v1/refresh-loras")).toHaveLength(1);
      server.holds({ unseen: ["rca"] });
      expect((await Array.fromAsync(backend.generate(input()))).at(-1)).toMatchObject({ lora: { reference: "rca" } });
    });

    it("that comes later is found by a look at the server's health", async () => {
      const { server, backend } = await opened({ flavour: "forge" });
      server.holds({ loras: ["other"], unseen: ["rca"] });
      await backend.health(AbortSignal.timeout(2000));
      expect(english(backend.lacks?.(input().request, rca))).toBe("it does not have the style’s file rca.safetensors.");
      await backend.health(AbortSignal.timeout(2000));
      expect(backend.lacks?.(input().request, rca)).toBeUndefined();
    });

    it.each(["forge", "sdnext"] as const)("that %s left out without a word is no picture", async (flavour) => {
      for (const jobs of flavour === "sdnext" ? [false, true] : [false]) {
        const { server, backend } = await opened({ flavour, jobs });
        server.drops("lora");
        expect(
          english(await Array.fromAsync(backend.generate(input())).catch((error: unknown) => error)),
        ).toMatchObject({
          code: "bad_response",
          memberText: "it left out the style’s file rca.",
        });
      }
    });

    it.each(["a:b", "a>b"])("named %s would end its tag, and is refused", async (name) => {
      const { server, backend } = await opened({ flavour: "forge" });
      server.holds({ loras: [name] });
      const style = styleSchema.parse({ ...someStyle, lora: { webui: name } });
      expect(
        english(await Array.fromAsync(backend.generate({ ...input(), style })).catch((error: unknown) => error)),
      ).toMatchObject({
        memberText: expect.stringContaining("it has to be renamed without : and >"),
      });
      expect(server.work).toEqual([]);
    });

    it("may be named by its alias, and stays out at scale 0", async () => {
      const { server, backend } = await opened({ flavour: "forge" });
      const style = styleSchema.parse({ ...someStyle, lora: { webui: "rca alias" } });
      await Array.fromAsync(backend.generate({ ...input(), style }));
      await Array.fromAsync(backend.generate({ ...input({ loraScale: 0 }), style }));
      expect(server.work.map(({ body }) => String(body["prompt"]).includes("<lora:rca:1>"))).toEqual([true, false]);
    });
  });

  describe("WEBUI_MODEL", () => {
    it("is asked for, and checked in the answer", async () => {
      const { server, backend } = await opened({ flavour: "forge" }, { model: "sd15.safetensors" });
      const image = (await Array.fromAsync(backend.generate(input()))).at(-1);
      expect(image).toMatchObject({ model: "sd15" });
      expect(server.work[0]?.body).toMatchObject({ override_settings: { sd_model_checkpoint: "sd15.safetensors" } });
    });

    it("that is not there stops everything before it begins", async () => {
      const { server, backend } = await opened({ flavour: "forge" }, { model: "gone.safetensors" });
      expect(english(await Array.fromAsync(backend.generate(input())).catch((error: unknown) => error))).toMatchObject({
        memberText: expect.stringContaining("does not have the model"),
      });
      expect(server.work).toEqual([]);
      const found = await backend.inspect?.([], AbortSignal.timeout(5000));
      expect(found?.nextSteps.join()).toContain("WEBUI_MODEL names gone.safetensors, which is not there");
      expect(english(found?.health)).toEqual({
        up: false,
        reason: "it does not have the model that was chosen for it.",
      });
    });

    it("that the server ignored is no picture", async () => {
      const { server, backend } = await opened({ flavour: "forge" }, { model: "flux1-dev.safetensors" });
      server.drops("model");
      await expect(Array.fromAsync(backend.generate(input()))).rejects.toMatchObject({ code: "bad_response" });
    });
  });

  describe("progress", () => {
    it("is of this very request where the server tells it: place, steps, previews", async () => {
      const { server, backend } = await opened({ flavour: "forge" });
      server.takes(60_000);
      server.foreign();
      const events: BackendEvent[] = [];
      for await (const event of backend.generate(input())) {
        events.push(event);
        if (event.type === "waiting" || (event.type === "progress" && event.preview)) server.finish();
      }
      expect(events.map(({ type }) => type)).toEqual(["waiting", "progress", "progress", "image"]);
      expect(events[0]).toMatchObject({ position: 0 });
      expect(events[1]).toMatchObject({ fraction: 0.25, step: { at: 1, of: 4 }, preview: expect.any(Uint8Array) });
    });

    it("asks for each preview once", async () => {
      const { server, backend } = await opened({ flavour: "forge" });
      server.takes(60_000);
      let previews = 0;
      for await (const event of backend.generate(input())) {
        if (event.type !== "progress") continue;
        if (event.preview) previews += 1;
        else server.finish();
      }
      expect(previews).toBe(1);
    });

    it("of the whole server counts as ours where nobody else was at work", async () => {
      const { server, backend } = await opened({ flavour: "forge", page: false });
      server.takes(60_000);
      for await (const event of backend.generate(input()))
        if (event.type === "progress" && event.fraction < 1) {
          expect(event).toMatchObject({ fraction: 0.25, step: { at: 1, of: 4 }, preview: expect.any(Uint8Array) });
          server.finish();
        }
    });

    it("of the whole server is not shown where somebody else was at work", async () => {
      const { server, backend } = await opened({ flavour: "forge", page: false });
      const other = server.foreign();
      const events: BackendEvent[] = [];
      const work = (async () => {
        for await (const event of backend.generate(input())) events.push(event);
      })();
      await expect.poll(() => server.work.at(-1)?.ours).toBe(true);
      // A look would have come and gone by the time the server has answered all this.
      for (let at = 0; at < 20; at += 1) await fetch(`${server.url}/openapi.json`);
      server.finish();
      await work;
      const looks = asked(server, "/sdapi/v1/progress").filter(
        ({ query }) => query.get("skip_current_image") === "false",
      );
      expect([other.state, looks.length]).toEqual(["done", 0]);
      expect(events.map(({ type }) => type)).toEqual(["progress", "image"]);
    });
  });

  describe("cancel", () => {
    const begun = async (server: FakeWebui, backend: ReturnType<typeof at>, state: string) => {
      const control = new AbortController();
      const reason = new Error("cancelled");
      const work = Array.fromAsync(backend.generate(input({}, control.signal)));
      await expect.poll(() => states(server).at(-1)?.state).toBe(state);
      return { work, reason, cancel: () => control.abort(reason) };
    };

    it("leaves somebody else's picture alone, and stops ours when its turn comes", async () => {
      const { server, backend } = await opened({ flavour: "forge" });
      server.takes(60_000);
      const other = server.foreign();
      const { work, reason, cancel } = await begun(server, backend, "waiting");
      cancel();
      await expect(work).rejects.toBe(reason);
      const looks = asked(server, "/internal/progress").length;
      await expect.poll(() => asked(server, "/internal/progress").length).toBeGreaterThan(looks + 2);
      expect([other.state, asked(server, "/sdapi/v1/interrupt").length]).toEqual(["running", 0]);
      server.finish();
      await expect.poll(() => states(server)[0]?.state).toBe("cancelled");
      expect(other.state).toBe("done");
    });

    it("without task ids interrupts only a server that was idle before", async () => {
      for (const options of [{ flavour: "forge", page: false }, { flavour: "sdnext" }] as const) {
        const { server, backend } = await opened(options);
        server.takes(60_000);
        const alone = await begun(server, backend, "running");
        alone.cancel();
        await expect(alone.work).rejects.toBe(alone.reason);
        await expect.poll(() => states(server)[0]?.state).toBe("cancelled");
        const other = server.foreign();
        const shared = await begun(server, backend, "waiting");
        shared.cancel();
        await expect(shared.work).rejects.toBe(shared.reason);
        expect([other.state, asked(server, "/sdapi/v1/interrupt").length]).toEqual(["running", 1]);
      }
    });

    it("of an SD.Next job that waits behind somebody's picture though it says it runs, touches nobody", async () => {
      const { server, backend } = await opened({ flavour: "sdnext", jobs: true });
      server.takes(60_000);
      const other = server.foreign();
      const { work, reason, cancel } = await begun(server, backend, "waiting");
      const own = states(server)[0] as { state: string };
      own.state = "running";
      cancel();
      await expect(work).rejects.toBe(reason);
      expect(asked(server, "/sdapi/v2/jobs").filter(({ method }) => method === "DELETE")).toEqual([]);
      expect(other.state).toBe("running");
    });

    it("by somebody on the web page is no picture, though the answer is one", async () => {
      const { server, backend } = await opened({ flavour: "forge" });
      server.takes(60_000);
      const { work } = await begun(server, backend, "running");
      server.pressInterrupt();
      await expect(work).rejects.toMatchObject({ code: "stopped", elsewhere: false });
    });
  });

  it.each([
    ["out of memory", "memory", "out_of_memory", /memory/],
    ["no model", "no_model", "bad_response", /no picture model loaded/],
    ["no picture at all", "nothing", "bad_response", /made no picture/],
  ] as const)("takes %s for what it is", async (_why, how, code, text) => {
    const { server, backend } = await opened({ flavour: "forge" });
    server.failing(how);
    const error = await Array.fromAsync(backend.generate(input())).catch((cause: unknown) => cause);
    expect(english(error)).toMatchObject({ code, memberText: expect.stringMatching(text) });
    expect(String(error)).not.toMatch(/srv|prompt/);
  });

  it.each([
    [400, '{"error":"HTTPException","detail":"Sampler not found"}', "rejected", true],
    [422, '{"detail":[{"loc":["body","steps"],"msg":"x","type":"y"}]}', "rejected", true],
    [500, '{"error":"RuntimeError","errors":"HIP out of memory. /srv/x"}', "out_of_memory", true],
    [500, '{"error":"HTTPException","detail":"Invalid encoded image"}', "bad_response", true],
  ] as const)("takes %s %s for %s", async (status, body, code, elsewhere) => {
    const { server, backend } = await opened({ flavour: "forge" });
    server.fail("make", { status, body });
    await expect(Array.fromAsync(backend.generate(input()))).rejects.toMatchObject({ code, elsewhere });
  });

  it("keeps none of the operator's other settings", async () => {
    const { server } = await opened({ flavour: "forge" });
    const { headers, url } = serverAddress("x").parse(server.url.replace("//", `//${signIn}@`));
    const http = createHttp({ backend: "webui", baseUrl: url, headers });
    onTestFinished(() => http.close());
    expect(JSON.stringify(await learn(http, AbortSignal.timeout(5000)))).not.toContain(CANARY);
  });

  it("learns anew what stands there after a failure", async () => {
    const { server, backend } = await opened({ flavour: "forge" });
    await Array.fromAsync(backend.generate(input()));
    await Array.fromAsync(backend.generate(input()));
    expect(asked(server, "/openapi.json")).toHaveLength(1);
    server.fail("make", { status: 500 }, 1);
    await Array.fromAsync(backend.generate(input())).catch(() => undefined);
    await Array.fromAsync(backend.generate(input()));
    expect(asked(server, "/openapi.json")).toHaveLength(2);
  });

  it("picks an SD.Next job up after a restart, and makes it anew where it is gone", async () => {
    const { server, backend } = await opened({ flavour: "sdnext", jobs: true });
    const keyOf = (events: readonly BackendEvent[]) =>
      events.flatMap((event) => (event.type === "attached" ? [event.key] : []))[0] ?? "";
    const attachKey = keyOf(await Array.fromAsync(backend.generate(input())));
    const again = await Array.fromAsync(backend.generate({ ...input(), attachKey }));
    expect([keyOf(again), again.at(-1)?.type, server.work.length]).toEqual([attachKey, "image", 1]);
    expect(again.at(-1)).toMatchObject({ usedMs: 8000 });
    for (const lost of ["nobody", "../../x"])
      expect((await Array.fromAsync(backend.generate({ ...input(), attachKey: lost }))).at(-1)?.type).toBe("image");
    expect(server.work).toHaveLength(3);
  });

  describe("the operator is told", () => {
    const told = async (options: FakeWebuiOptions, styles = [rca]) => {
      const { backend } = await opened(options);
      return backend.inspect?.(styles, AbortSignal.timeout(5000));
    };

    it("what is there", async () => {
      const found = await told({ flavour: "forge" });
      expect(found).toMatchObject({
        version: "Forge",
        models: ["flux1-dev.safetensors [abc123]", "sd15.safetensors [def456]"],
        loras: ["rca", "other"],
        nextSteps: [],
      });
      expect(JSON.stringify(found)).not.toMatch(/srv|canary/);
    });
    it.each([
      ["a1111", "This web UI (AUTOMATIC1111) has no FLUX"],
      ["reforge", "reForge has no FLUX"],
    ] as const)("that %s has no FLUX", async (flavour, step) =>
      expect((await told({ flavour }))?.nextSteps.join()).toContain(step),
    );
    it("which file goes where", async () => {
      const style = styleSchema.parse({ ...someStyle, lora: { webui: "wood" } });
      expect((await told({ flavour: "sdnext" }, [style]))?.nextSteps.join()).toContain(
        "put the file wood.safetensors into the folder models/Lora of SD.Next",
      );
    });
    it.each([
      [
        { flavour: "forge", api: false },
        "Add --api to COMMANDLINE_ARGS",
        "it has its API switched off. Whoever runs this Placard has to look.",
      ],
      [
        { flavour: "sdnext", api: false },
        "Add --api to COMMANDLINE_ARGS",
        "it has its API switched off. Whoever runs this Placard has to look.",
      ],
      [{ flavour: "forge", signIn: "other:one" }, "http://name:password@host:7860", "does not accept our password"],
      [{ flavour: "sdnext", signIn: "other:one" }, "http://name:password@host:7860", "does not accept our password"],
    ] as const)("the next step for %j", async (options, step, reason) => {
      const { backend } = await opened(options);
      const found = await backend.inspect?.([rca], AbortSignal.timeout(5000));
      expect(found?.nextSteps.join()).toContain(step);
      expect(english(found?.health)).toMatchObject({ up: false, reason: expect.stringContaining(reason) });
      expect(english(await backend.health(AbortSignal.timeout(2000)))).toMatchObject({
        reason: expect.stringContaining(reason),
      });
    });
  });
});

describe("the settings of webui", () => {
  it("is off without an address", async () =>
    expect(await module.create(readSettings("webui", module.env, {}), moduleServices())).toBeUndefined());
  it("is on with one, and shows no password", async () => {
    const backend = await module.create(
      readSettings("webui", module.env, { WEBUI_URL: `http://ana:${CANARY}@192.168.1.5:7860` }),
      moduleServices(),
    );
    expect(backend).toMatchObject({ name: "webui", where: "local", costWeight: 0, concurrency: 1 });
    expect(JSON.stringify(backend)).not.toContain(CANARY);
    await backend?.close();
  });
});
