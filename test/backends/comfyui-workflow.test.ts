import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { readOwnWorkflow } from "../../src/backends/comfyui/own-workflow.ts";
import { PLACEHOLDERS } from "../../src/backends/comfyui/own-workflow-file.ts";
import { tinyPng } from "../../src/backends/fake/png.ts";
import type { ImageRequest } from "../../src/domain/recipe.ts";
import { pngSize } from "../../src/lib/png.ts";
import type { BackendEvent } from "../../src/ports/backend.ts";
import { backendContract, someRequest } from "../contracts/backend.ts";
import { openFakeComfyui } from "../fakes/comfyui.ts";
import { english } from "../words.ts";
import { backendAt, eventually, rca, withoutNames } from "./comfyui-rig.ts";

const root = join(import.meta.dirname, "../..");

type Nodes = Record<string, { class_type: string; inputs: Record<string, unknown>; _meta?: { title: string } }>;

/** What somebody might export: a classic graph with every placeholder but those of a variation. */
const everything = (): Nodes => ({
  "1": { class_type: "CheckpointLoaderSimple", inputs: { ckpt_name: "mine.safetensors" } },
  "2": {
    class_type: "LoraLoader",
    inputs: {
      model: ["1", 0],
      clip: ["1", 1],
      lora_name: "%lora%",
      strength_model: "%lora_scale%",
      strength_clip: "%lora_scale%",
    },
    _meta: { title: "Load LoRA" },
  },
  "3": { class_type: "CLIPTextEncode", inputs: { clip: ["2", 1], text: "poster, %prompt%, 100% %date:yyyy%" } },
  "4": { class_type: "CLIPTextEncode", inputs: { clip: ["2", 1], text: "%negative%" } },
  "5": { class_type: "FluxGuidance", inputs: { conditioning: ["3", 0], guidance: "%cfg%" } },
  "6": { class_type: "LoadImage", inputs: { image: "%image%" } },
  "7": {
    class_type: "ImageScale",
    inputs: { image: ["6", 0], upscale_method: "lanczos", width: "%width%", height: "%height%", crop: "center" },
  },
  "8": { class_type: "VAEEncode", inputs: { pixels: ["7", 0], vae: ["1", 2] } },
  "9": {
    class_type: "KSampler",
    inputs: {
      model: ["2", 0],
      seed: "%seed%",
      steps: "%steps%",
      cfg: "%truecfg%",
      sampler_name: "euler",
      scheduler: "simple",
      positive: ["5", 0],
      negative: ["4", 0],
      latent_image: ["8", 0],
      denoise: "%change%",
    },
  },
  "10": { class_type: "VAEDecode", inputs: { samples: ["9", 0], vae: ["1", 2] } },
  "11": { class_type: "SaveImage", inputs: { images: ["10", 0], filename_prefix: "mine/%seed%" } },
});
/** Text to image only, with fixed numbers. */
const plain = (): Nodes => {
  const { "6": _image, "7": _scale, "8": _encode, "2": _lora, ...rest } = everything();
  const sampler = rest["9"]!;
  return {
    ...rest,
    "3": { class_type: "CLIPTextEncode", inputs: { clip: ["1", 1], text: "%prompt%" } },
    "4": { class_type: "CLIPTextEncode", inputs: { clip: ["1", 1], text: "ugly" } },
    "5": { class_type: "FluxGuidance", inputs: { conditioning: ["3", 0], guidance: 2.5 } },
    "6": { class_type: "EmptyLatentImage", inputs: { width: "%width%", height: "%height%", batch_size: 1 } },
    "9": {
      ...sampler,
      inputs: { ...sampler.inputs, model: ["1", 0], steps: 12, cfg: 1, latent_image: ["6", 0], denoise: 1 },
    },
  };
};

function fileOf(nodes: unknown): string {
  const folder = mkdtempSync(join(tmpdir(), "placard-workflow-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "workflow.json");
  writeFileSync(file, typeof nodes === "string" ? nodes : JSON.stringify(nodes));
  return file;
}
const files = { checkpoints: ["mine.safetensors"], diffusion_models: [], text_encoders: [], vae: [] };

async function opened(nodes: Nodes) {
  const server = await openFakeComfyui({ files });
  const backend = backendAt([server.url], { COMFYUI_WORKFLOW: fileOf(nodes) });
  onTestFinished(async () => {
    await backend.close();
    await server.close();
  });
  const make = (change: Partial<ImageRequest> = {}, initBytes?: Uint8Array): Promise<BackendEvent[]> =>
    Array.fromAsync(
      backend.generate({
        request: { ...someRequest, ...change },
        style: rca,
        signal: AbortSignal.timeout(15_000),
        ...(initBytes ? { initBytes } : {}),
      }),
    );
  return { server, backend, make, graph: () => server.jobs().at(-1)?.graph ?? {} };
}

backendContract(
  "comfyui with a workflow of its operator",
  async () => {
    const [server, slowServer] = [await openFakeComfyui({ files }), await openFakeComfyui({ files })];
    slowServer.hold();
    onTestFinished(async () => {
      await Promise.all([server.close(), slowServer.close()]);
    });
    const env = { COMFYUI_WORKFLOW: fileOf(everything()) };
    return {
      backend: backendAt([server.url], env),
      slow: backendAt([slowServer.url], env),
      record: () => JSON.stringify(withoutNames(server.jobs().at(-1)?.graph ?? {})),
    };
  },
  { initBytes: tinyPng(256, 256, "start"), style: rca },
);

describe("a workflow of the operator's own", () => {
  it("is filled in, each value with its type", async () => {
    const { make, graph, server } = await opened(everything());
    const change = { trueCfg: 2, negativePrompt: "blur", guidance: 4.5, steps: 20, seed: 0, loraScale: 0.5 };
    const image = (await make({ ...change, init: { key: "k", strength: 0.4 } }, tinyPng(64, 64, "x"))).at(-1);
    expect(graph()).toMatchObject({
      "2": { inputs: { lora_name: "posters/RCA_v2.safetensors", strength_model: 0.5, strength_clip: 0.5 } },
      "3": { inputs: { text: `poster, ${someRequest.finalPrompt}, 100% %date:yyyy%` } },
      "4": { inputs: { text: "blur" } },
      "5": { inputs: { guidance: 4.5 } },
      "7": { inputs: { width: 512, height: 768 } },
      "9": { inputs: { seed: 0, steps: 8, cfg: 2, denoise: 0.4 } },
    });
    expect(graph()["6"]?.inputs["image"]).toBe(server.uploads()[0]?.replace("input/", ""));
    expect(graph()["11"]?.inputs["filename_prefix"]).toMatch(/^mine\/0-[\da-f-]{36}$/);
    expect(graph()["2"]).not.toHaveProperty("_meta");
    expect(image).toMatchObject({
      type: "image",
      model: "mine.safetensors, own workflow (ComfyUI 0.3.64)",
      lora: { reference: "posters/RCA_v2.safetensors" },
    });
  });

  it("leaves the LoRA's node out where there is none", async () => {
    const { make, graph } = await opened(everything());
    await make({ loraScale: 0 });
    expect(graph()).not.toHaveProperty("2");
    expect(graph()).toMatchObject({ "3": { inputs: { clip: ["1", 1] } }, "9": { inputs: { model: ["1", 0] } } });
  });

  it("starts from a grey picture that is ignored, where it always starts from one", async () => {
    const { make, graph, server } = await opened(everything());
    await make();
    expect(server.uploads()).toHaveLength(1);
    expect(graph()["9"]?.inputs["denoise"]).toBe(1);
  });

  it("shows the steps of its own samplers", async () => {
    const { make, server } = await opened(everything());
    server.pace.stepMs = 10;
    const events = await make({ steps: 3 });
    expect(events).toContainEqual(expect.objectContaining({ type: "progress", step: { at: 3, of: 3 } }));
  });

  it("counts two samplers as two halves", async () => {
    const nodes = everything();
    nodes["19"] = { class_type: "KSampler", inputs: { ...nodes["9"]!.inputs, latent_image: ["9", 0] } };
    nodes["10"]!.inputs["samples"] = ["19", 0];
    const { make, server } = await opened(nodes);
    server.pace.stepMs = 15;
    const fractions = (await make({ steps: 2 })).flatMap((event) =>
      event.type === "progress" && event.step ? [event.fraction] : [],
    );
    expect([...new Set(fractions)]).toEqual([0.25, 0.5, 0.75, 1]);
  });

  it("does not read placeholders that a member typed", async () => {
    for (const [nodes, text] of [
      [plain(), "%seed% of %width% \\(%lora%\\)"],
      [everything(), "poster, %seed% of %width% \\(%lora%\\), 100% %date:yyyy%"],
    ] as const) {
      const { make, graph } = await opened(nodes);
      await make({ finalPrompt: "%seed% of %width% (%lora%)" });
      expect(graph()["3"]?.inputs["text"]).toBe(text);
    }
  });

  it("without placeholders for them has no LoRA, negative prompt, cfg or start picture", async () => {
    const { backend, make } = await opened(plain());
    expect(backend.features).toMatchObject({
      styles: "none",
      loraScale: false,
      guidance: false,
      trueCfg: false,
      negativePrompt: false,
      variation: "none",
      initImage: false,
    });
    expect(english(backend.lacks?.({ ...someRequest, steps: 12 }, rca))).toBe("it has its own number of steps.");
    expect(backend.lacks?.({ ...someRequest, steps: 28 }, rca)).toBeUndefined();
    // Those that are used stand in the recipe.
    expect((await make({ loraScale: 0 })).at(-1)).toMatchObject({ fixed: { steps: 12, guidance: 2.5 } });
  });

  it("with them has", async () => {
    const { backend } = await opened(everything());
    expect(backend.features).toMatchObject({
      styles: "listed",
      loraScale: true,
      guidance: true,
      trueCfg: true,
      negativePrompt: true,
      variation: "image",
      initImage: true,
    });
  });

  it("varies by a seed of its own where it can", () => {
    const nodes = plain();
    nodes["9"]!.inputs["steps"] = "%variation_seed%";
    nodes["9"]!.inputs["cfg"] = "%variation%";
    expect(readOwnWorkflow(JSON.stringify(nodes)).features(undefined).variation).toBe("seed");
  });

  it("that only previews gets the old file for a repeated request", async () => {
    const nodes = plain();
    nodes["11"] = { class_type: "PreviewImage", inputs: { images: ["10", 0] } };
    const { make, server } = await opened(nodes);
    const bytes = [];
    for (const _ of [1, 2]) {
      const image = (await make({ loraScale: 0 })).at(-1);
      if (image?.type === "image") bytes.push(Buffer.from(image.bytes).toString("base64"));
    }
    expect(bytes[0]).toBe(bytes[1]);
    expect(server.jobs()).toHaveLength(2);
  });

  it("that the server takes only in part is refused, and taken back", async () => {
    const nodes = plain();
    nodes["20"] = { class_type: "LoadImage", inputs: { image: "gone.png" } };
    nodes["21"] = { class_type: "PreviewImage", inputs: { images: ["20", 0] } };
    const { make, server } = await opened(nodes);
    server.hold();
    await expect(make({ loraScale: 0 })).rejects.toMatchObject({ code: "rejected", elsewhere: true });
    await eventually(() => server.jobs()[0]?.state).toBe("cancelled");
  });

  it.each<[string, (nodes: Nodes) => void, RegExp, RegExp]>([
    [
      "a node that is not there",
      (nodes) => {
        nodes["9"]!.class_type = "FancySampler";
      },
      /node FancySampler, which this ComfyUI does not have: install/,
      /lacks a part that its workflow needs/,
    ],
    [
      "a model file that is not there",
      (nodes) => {
        nodes["1"]!.inputs["ckpt_name"] = "other.safetensors";
      },
      /names other\.safetensors in node 1 \(CheckpointLoaderSimple, ckpt_name\)/,
      /lacks a file that its workflow needs/,
    ],
    [
      "a model file named without its ending",
      (nodes) => {
        nodes["1"]!.inputs["ckpt_name"] = "Mine";
      },
      /It has mine\.safetensors: write that/,
      /lacks a file that its workflow needs/,
    ],
    [
      "a choice that is not in the list",
      (nodes) => {
        nodes["9"]!.inputs["sampler_name"] = "fancy";
      },
      /names fancy in node 9 \(KSampler, sampler_name\)/,
      /lacks a file that its workflow needs/,
    ],
  ])("with %s is told by health and doctor before any picture is asked for", async (_what, change, step, reason) => {
    const nodes = plain();
    change(nodes);
    const { backend, server } = await opened(nodes);
    const health = english(await backend.health(AbortSignal.timeout(5000)));
    expect(health).toMatchObject({ up: false, reason: expect.stringMatching(reason) });
    const found = await backend.inspect?.([], AbortSignal.timeout(5000));
    expect(found?.nextSteps.join("\n")).toMatch(step);
    expect(english(backend.lacks?.({ ...someRequest, steps: rca.defaults.steps }, rca))).toMatch(reason);
    expect(server.jobs()).toEqual([]);
  });

  it("that ends with what is no output there is told by health and doctor", async () => {
    const { backend, server } = await opened(plain());
    const noOutput = (bytes: Uint8Array) =>
      Buffer.from(Buffer.from(bytes).toString().replaceAll('"output_node":true', '"output_node":false'));
    server.fail("nodes", { rewrite: ({ bytes }) => ({ bytes: noOutput(bytes) }) }, 99);
    const health = english(await backend.health(AbortSignal.timeout(5000)));
    expect(health).toMatchObject({ up: false, reason: expect.stringMatching(/lacks a part that its workflow needs/) });
    const found = await backend.inspect?.([], AbortSignal.timeout(5000));
    expect(found?.nextSteps.join("\n")).toMatch(/from node 11, a SaveImage, which is no output there: end it with/);
  });

  it("that the server can run is up, and so is one on a server that does not tell", async () => {
    const { backend, server } = await opened(plain());
    expect(await backend.health(AbortSignal.timeout(5000))).toMatchObject({ up: true });
    server.fail("nodes", { status: 404 }, 99);
    expect(await backend.health(AbortSignal.timeout(5000))).toMatchObject({ up: true });
  });

  it("with a node that the server does not have is the operator's matter", async () => {
    const nodes = plain();
    nodes["9"]!.class_type = "FancySampler";
    const { make } = await opened(nodes);
    expect(english(await make().catch((error: unknown) => error))).toMatchObject({
      code: "rejected",
      elsewhere: true,
      memberText: /node .* operator/,
    });
  });
});

describe("a workflow that changes pictures by words", () => {
  /** Flux Kontext as somebody would build it, with a second picture hung on behind the first. */
  const editing = (): Nodes => {
    const { "7": _scale, ...rest } = plain();
    const latent = (id: string, from: string): Nodes => ({
      [id]: { class_type: "VAEEncode", inputs: { pixels: [from, 0], vae: ["1", 2] } },
    });
    return {
      ...rest,
      "6": { class_type: "LoadImage", inputs: { image: "%image%" } },
      "12": { class_type: "LoadImage", inputs: { image: "%image_2%" } },
      ...latent("8", "6"),
      ...latent("13", "12"),
      "14": { class_type: "ReferenceLatent", inputs: { conditioning: ["5", 0], latent: ["8", 0] } },
      "15": { class_type: "ReferenceLatent", inputs: { conditioning: ["14", 0], latent: ["13", 0] } },
      "9": { ...rest["9"]!, inputs: { ...rest["9"]!.inputs, positive: ["15", 0], latent_image: ["8", 0] } },
    };
  };

  it("takes its pictures, and its size from the first; without a second what hangs on that is left out", async () => {
    const { backend, server, graph } = await opened(editing());
    expect(backend.features).toMatchObject({ edit: 2, initImage: false, variation: "none" });
    const change = (keys: string[]) =>
      Array.fromAsync(
        backend.generate({
          request: { ...someRequest, steps: rca.defaults.steps, loraScale: 0, edit: { keys } },
          style: rca,
          editBytes: keys.map((key) => tinyPng(64, 96, key)),
          signal: AbortSignal.timeout(15_000),
        }),
      );
    expect((await change(["a", "b"])).at(-1)).toMatchObject({ type: "image", ownSize: true });
    expect(server.uploads()).toHaveLength(2);
    expect(Object.keys(graph())).toEqual(Object.keys(editing()));
    const [image] = (await change(["a"])).slice(-1);
    expect(Object.keys(graph())).not.toContain("13");
    expect(graph()["15"]?.inputs).toEqual({ conditioning: ["14", 0] });
    expect(image?.type === "image" && pngSize(image.bytes)).toEqual({ widthPx: 64, heightPx: 96 });
  });

  it("draws nothing from words alone, and the doctor says so", async () => {
    const { backend } = await opened(editing());
    const lack = backend.lacks?.(someRequest, rca);
    expect(lack && english(lack)).toBe("it changes pictures and draws none from words alone.");
    const found = await backend.inspect?.([], AbortSignal.timeout(5000));
    expect(found?.health).toMatchObject({
      up: true,
      detail: expect.stringMatching(/changes pictures by words, up to 2/),
    });
  });
});

describe("what is wrong with a workflow is told at the start", () => {
  const without = (name: string): Nodes =>
    JSON.parse(JSON.stringify(everything()).replaceAll(`"%${name}%"`, "1").replaceAll(`%${name}%`, "1"));
  const changed = (change: (nodes: Nodes) => void): Nodes => {
    const nodes = everything();
    change(nodes);
    return nodes;
  };

  it.each<[string, unknown, RegExp]>([
    [
      "a picture that is kept nowhere",
      changed((nodes) => {
        nodes["11"]!.class_type = "SaveImageWebsocket";
      }),
      /ends with SaveImageWebsocket, whose picture is kept nowhere: end it with SaveImage/,
    ],
    ["no JSON", "{", /must be a JSON file: .*Export \(API\)/],
    ["the editor's own format", { nodes: [], links: [], version: 0.4 }, /API format, not the editor's own/],
    ["an empty file", {}, /API format/],
    ["no prompt", without("prompt"), /lacks "%prompt%"/],
    ["no seed", without("seed"), /lacks "%seed%"/],
    ["no width", without("width"), /lacks "%width%": write it where the workflow has the width/],
    ["a change without a picture", without("image"), /has "%change%" but no "%image%"/],
    [
      "a second picture that cannot be left out",
      changed((nodes) => {
        nodes["9"]!.inputs["denoise"] = 1;
        nodes["6"]!.inputs["image"] = "%image_2%";
        nodes["12"] = { class_type: "LoadImage", inputs: { image: "%image%" } };
      }),
      /cannot be run with one picture/,
    ],
    ["a negative prompt without true CFG", without("truecfg"), /has "%negative%" but no "%truecfg%"/],
    ["a scale without a LoRA", without("lora"), /has "%lora_scale%" but no "%lora%"/],
    [
      "a name nobody knows",
      changed((nodes) => {
        nodes["9"]!.inputs["cfg"] = "%true_cfg%";
      }),
      /has "%true_cfg%", which is not known; known are %prompt%/,
    ],
    [
      "no picture at its end",
      changed((nodes) => {
        delete nodes["11"];
      }),
      /no node that saves a picture/,
    ],
    [
      "two pictures",
      changed((nodes) => {
        nodes["12"] = { ...nodes["11"]! };
      }),
      /saves 2 pictures: name .* "Placard"/,
    ],
    [
      "a LoRA that cannot be left out",
      changed((nodes) => {
        nodes["2"]!.inputs["clip"] = "%prompt%";
      }),
      /node 3 takes output 1 of node 2/,
    ],
  ])("%s", (_why, nodes, sentence) => {
    const start = () => backendAt(["http://127.0.0.1:1"], { COMFYUI_WORKFLOW: fileOf(nodes) });
    expect(start).toThrow(/COMFYUI_WORKFLOW: the file /);
    expect(start).toThrow(sentence);
  });
  it("a file that is not there", () => {
    expect(() => backendAt(["http://127.0.0.1:1"], { COMFYUI_WORKFLOW: "/nowhere/at/all.json" })).toThrow(
      "COMFYUI_WORKFLOW: names a file that cannot be read",
    );
  });
  it.each([
    ["the one that saves, before previews", { class_type: "PreviewImage" }, "11"],
    ["the one titled Placard", { class_type: "SaveImage", _meta: { title: " placard" } }, "12"],
  ])("of several pictures takes %s", (_why, other, output) => {
    const nodes = { ...everything(), "12": { inputs: { images: ["10", 0], filename_prefix: "x" }, ...other } };
    expect(readOwnWorkflow(JSON.stringify(nodes)).output).toBe(output);
  });
  it("the page for operators has every placeholder", () => {
    const text = readFileSync(join(root, "docs/pictures/comfyui.md"), "utf8");
    for (const [name, about] of Object.entries(PLACEHOLDERS)) expect(text).toContain(`| \`%${name}%\` | ${about} |`);
  });
});
