import { describe, expect, it } from "vitest";
import { mayHoldSpaces } from "../../src/backends/space/address.ts";
import { describe as describeSpace } from "../../src/backends/space/description.ts";
import { featuresOf } from "../../src/backends/space/features.ts";
import { chooseLora, entriesOf, entryNamed, wordingFor } from "../../src/backends/space/gallery.ts";
import { refusalOf } from "../../src/backends/space/refusals.ts";
import { tokenFor } from "../../src/backends/space/session.ts";
import { spaceAddress } from "../../src/backends/space/settings.ts";
import { argumentsOf, outOfReach } from "../../src/backends/space/values.ts";
import { configSchema, infoSchema } from "../../src/backends/space/wire.ts";
import { readZeroGpu } from "../../src/backends/space/zerogpu.ts";
import { styleSchema } from "../../src/domain/style.ts";
import { clock } from "../../src/domain/text.ts";
import { eventStream } from "../../src/lib/event-stream.ts";
import { someRequest } from "../contracts/backend.ts";
import { configOf, type GradioApp, galleryApp, infoOf } from "../fakes/gradio-app.ts";
import { english } from "../words.ts";

const LINK = '<a href="x">Create a free account</a> to get more';

describe("what ZeroGPU says", () => {
  it.each([
    [
      "ZeroGPU quota exceeded",
      "You have exceeded your free ZeroGPU quota (70s requested vs. 41s left). Try again in 13:42:07. Subscribe …",
      { kind: "quota", retryAfterMs: 49_327_000, requestedS: 70, leftS: 41 },
    ],
    [
      "ZeroGPU quota exceeded",
      "You have exceeded your Pro ZeroGPU quota (105s requested vs. 4s left). Try again in 1 day, 2:03:04. Add credits",
      { kind: "quota", retryAfterMs: 93_784_000, requestedS: 105, leftS: 4 },
    ],
    [
      "ZeroGPU quota exceeded",
      "You have exceeded your ZeroGPU quota (70s requested vs. 0s left). Try again in 2 days, 0:00:00.",
      { kind: "quota", retryAfterMs: 172_800_000, requestedS: 70, leftS: 0 },
    ],
    [
      "ZeroGPU quota exceeded",
      "You have exceeded your ZeroGPU runs limit. Try again in 0:10:00.",
      { kind: "quota", retryAfterMs: 600_000 },
    ],
    [
      "GPU quota exceeded",
      `You have exceeded your GPU quota (60s requested vs. 56s left). ${LINK}`,
      { kind: "quota", requestedS: 60, leftS: 56 },
    ],
    [
      "",
      "You have exceeded your GPU quota (59s left vs. 60s requested). Please retry in 0:00:56",
      { kind: "quota", retryAfterMs: 56_000, requestedS: 60, leftS: 59 },
    ],
    [
      "ZeroGPU quota exceeded",
      "Space app has reached its GPU limit. Try re-running outside of examples",
      { kind: "quota" },
    ],
    [
      "ZeroGPU illegal duration",
      "The requested GPU duration (120s) is larger than the maximum allowed",
      { kind: "never" },
    ],
    ["ZeroGPU queue timeout", "No GPU was available after 60s. Try re-running outside of examples", { kind: "busy" }],
    ["", "No GPU was available after 60s. Try re-running outside of examples", { kind: "busy" }],
    ["ZeroGPU client error", "No GPU was available", { kind: "busy" }],
    ["ZeroGPU client error", "Expired ZeroGPU proxy token", { kind: "busy" }],
    [
      "ZeroGPU pending credits exceeded",
      "You have too many ZeroGPU credits allocated to running tasks. Try again once some of those tasks have completed.",
      { kind: "busy" },
    ],
    ["ZeroGPU worker error", "GPU task aborted", { kind: "timeout" }],
    ["ZeroGPU worker error", "OutOfMemoryError", { kind: "out_of_memory" }],
    ["ZeroGPU worker error", "RuntimeError", { kind: "broke" }],
    ["Error", "An error occurred", undefined],
    ["Error", "This application is currently busy. Please try again. ", undefined],
  ])("%s: %s", (title, message, expected) => {
    expect(readZeroGpu(title, message)).toEqual(expected);
  });
});

describe("what follows from a Space's error", () => {
  const nowMs = Date.UTC(2026, 0, 5, 0, 0, 0);
  it.each([
    ["ZeroGPU quota exceeded", `${"exceeded your"} ZeroGPU quota. Try again in 0:10:00. ${LINK}`, "quota", true],
    ["ZeroGPU illegal duration", "The requested GPU duration (120s) is larger", "quota", true],
    ["ZeroGPU queue timeout", "No GPU was available after 60s.", "busy", true],
    ["ZeroGPU worker error", "GPU task aborted", "timeout", true],
    ["ZeroGPU worker error", "OutOfMemoryError", "out_of_memory", true],
    ["ZeroGPU worker error", "RuntimeError", "bad_response", true],
    ["", "This application is currently busy. Please try again. ", "busy", true],
    ["Error", "Value 99 is greater than maximum value 50.", "rejected", true],
    ["Error", "Value -1 is less than minimum value 0.", "rejected", true],
    ["Error", "You must select a LoRA before proceeding.🧨", "bad_response", true],
    ["Error", "CUDA out of memory. Tried /home/user/app", "out_of_memory", true],
    ["Error", "An error occurred", "bad_response", true],
    ["", "Connection errored out. ", "offline", true],
    ["<b>Error</b>", "FileNotFoundError: /home/user/app/x https://evil.example", "bad_response", true],
  ])("%s: %s is %s", (title, message, code, elsewhere) => {
    const error = refusalOf("space", { title, message }, nowMs);
    expect([error.code, error.elsewhere]).toEqual([code, elsewhere]);
    expect(`${error.message} ${english(error.memberText)}`).not.toMatch(/<|https?:|\/home|tried/i);
  });
  it("tells when free time comes back, and rests until then", () => {
    const message = "You have exceeded your free ZeroGPU quota (70s requested vs. 41s left). Try again in 13:42:07.";
    const error = refusalOf("space", { title: "ZeroGPU quota exceeded", message }, nowMs);
    expect(english(error.memberText)).toBe(
      `it has given out today’s free time: 41 s are left of the 70 s it asks for. There is more at ${english(clock(nowMs + 49_327_000, nowMs))}.`,
    );
    expect(error.retryAfterMs).toBe(49_327_000);
  });
});

const described = (change: Partial<GradioApp> = {}) => {
  const app = { ...galleryApp, ...change };
  return describeSpace("space", configSchema.parse(configOf(app, "http://x", null)), infoSchema.parse(infoOf(app)));
};
const style = styleSchema.parse({ id: "rca", title: "RCA", trigger: "RCA style", lora: { space: "RCA" } });

describe("reading a Space's own description", () => {
  it("a picture input that it hides is none: nothing is sent there, and nothing promised", () => {
    const config = configSchema.parse(configOf(galleryApp, "http://x", null));
    const hidden = {
      ...config,
      components: config.components.map((component) =>
        component.type === "image" ? { ...component, props: { ...component.props, visible: false } } : component,
      ),
    };
    const description = describeSpace("space", hidden, infoSchema.parse(infoOf(galleryApp)));
    expect([description.run.parameters.has("image"), description.run.unknown]).toEqual([false, []]);
    expect(featuresOf(description)).toMatchObject({ initImage: false, variation: "none" });
    expect(featuresOf(described())).toMatchObject({ initImage: true, variation: "image" });
    const args = argumentsOf(description.run, someRequest, { prompt: "a fox", loraScale: 1, image: "a file" });
    expect(args).toMatchObject({ image_input: null });
  });

  it("finds the run, its parameters with their sliders, the selection and the gallery", () => {
    const { run, select, addCustom, captions } = described();
    expect([run.name, run.fnIndex, run.generator, run.seedAt]).toEqual(["/run_lora", 2, true, 1]);
    expect(Object.fromEntries(run.parameters)).toMatchObject({
      prompt: { name: "prompt" },
      image: { name: "image_input" },
      strength: { name: "image_strength", min: 0.1, max: 1 },
      guidance: { name: "cfg_scale", min: 1, max: 20 },
      seed: { name: "seed", min: 0, max: 4_294_967_295 },
      scale: { name: "lora_scale", min: 0, max: 1 },
    });
    expect([select?.name, addCustom?.name, captions]).toEqual([
      "/update_selection",
      "/add_custom_lora",
      ["RCA", "Woodcut", "No words"],
    ]);
  });
  it.each([
    ["newer", { initImage: true, negativePrompt: false, trueCfg: false, preview: true, abortedRun: "stops" }],
    ["older", { initImage: false, negativePrompt: false, trueCfg: false, preview: false, abortedRun: "works_on" }],
    ["libre", { initImage: false, negativePrompt: true, trueCfg: true, preview: false, abortedRun: "works_on" }],
  ] as const)("declares what the %s generation can do", (generation, features) => {
    expect(featuresOf(described({ generation }))).toMatchObject(features);
  });
  it("maps a plain text-to-image Space by the names it uses", () => {
    const inputs = ["prompt", "seed", "randomize_seed", "width", "height", "guidance_scale", "num_inference_steps"];
    const description = describeSpace(
      "space",
      configSchema.parse({
        protocol: "sse_v3",
        components: [...inputs.map((_, id) => ({ id, type: "slider" })), { id: 99, type: "image" }],
        dependencies: [{ id: 5, api_name: "infer", inputs: inputs.map((_, id) => id), outputs: [99, 1] }],
      }),
      infoSchema.parse({
        named_endpoints: {
          "/infer": {
            parameters: inputs.map((name) => ({ parameter_name: name, parameter_has_default: name !== "prompt" })),
          },
        },
      }),
    );
    const plain = styleSchema.parse({ id: "plain", title: "Plain", defaults: { scale: 0 } });
    const request = { ...someRequest, loraScale: 0, guidance: 4 };
    expect(featuresOf(description)).toMatchObject({ styles: "none", loraScale: false });
    expect(chooseLora(description, [], request, plain)).toEqual({ kind: "nothing" });
    expect(outOfReach(description, request, plain, { loraScale: 0, plain: true })).toBeUndefined();
    expect(argumentsOf(description.run, request, { prompt: "a fox", loraScale: 0 })).toEqual({
      prompt: "a fox",
      seed: 7,
      randomize_seed: false,
      width: 512,
      height: 768,
      guidance_scale: 4,
      num_inference_steps: 4,
    });
  });
  it("does not guess about a parameter it does not know", () => {
    const app = configSchema.parse(configOf(galleryApp, "http://x", null));
    const info = infoSchema.parse(infoOf(galleryApp));
    info.named_endpoints["/run_lora"]?.parameters.push({ parameter_name: "captcha", parameter_has_default: false });
    const description = describeSpace("space", app, info);
    expect(english(outOfReach(description, someRequest, style, { loraScale: 1, plain: false }))).toBe(
      "it asks for “captcha”, which Placard does not know.",
    );
  });
  it.each([
    ["an old protocol", { protocol: "ws", components: [], dependencies: [] }, "it runs a Gradio that is too old."],
    [
      "nothing that draws",
      { protocol: "sse_v3", components: [], dependencies: [{ id: 0, api_name: "add", inputs: [], outputs: [] }] },
      "it has nothing that makes a picture from a prompt.",
    ],
  ])("refuses %s", async (_why, config, text) => {
    const read = async () =>
      describeSpace("space", configSchema.parse(config), infoSchema.parse({ named_endpoints: {} }));
    const refused = await read().catch((error: unknown) => error);
    expect(english(refused)).toMatchObject({ code: "bad_response", memberText: text });
  });
});

describe("what stands against a request", () => {
  it.each([
    ["steps beyond the slider", { steps: 50 }, undefined],
    ["a scale beyond the slider", { loraScale: 1.2 }, "it takes scale up to 1 only."],
    ["a size below the slider", { widthPx: 192 }, "it takes width from 256 on only."],
    ["the largest seed", { seed: 4_294_967_295 }, undefined],
    ["seed 0", { seed: 0 }, undefined],
    ["true CFG", { trueCfg: 4 }, "it does not know true cfg."],
    ["a change below the slider", { init: { key: "k", strength: 0.05 } }, "it takes change from 0.1 on only."],
  ])("%s", (_why, change, expected) => {
    const request = { ...someRequest, ...change };
    expect(english(outOfReach(described(), request, style, { loraScale: request.loraScale, plain: false }))).toBe(
      expected,
    );
  });
  it("a picture to start from, in a Space that takes none", () => {
    const request = { ...someRequest, init: { key: "k", strength: 0.5 } };
    expect(
      english(outOfReach(described({ generation: "older" }), request, style, { loraScale: 1, plain: false })),
    ).toBe("it cannot start from a picture.");
  });
  it("both cfg and truecfg, where one number is both", () => {
    const libre = described({ generation: "libre" });
    const ask = (guidance: number, trueCfg: number) =>
      outOfReach(libre, { ...someRequest, guidance, trueCfg }, style, { loraScale: 1, plain: false });
    expect(ask(style.defaults.cfg, 4)).toBeUndefined();
    expect(ask(5, 1)).toBeUndefined();
    expect(english(ask(5, 4))).toBe("it has one number for cfg and truecfg: give only one of them.");
    const args = (trueCfg: number) =>
      argumentsOf(libre.run, { ...someRequest, trueCfg, negativePrompt: "fog" }, { prompt: "x", loraScale: 1 });
    expect(args(4)).toMatchObject({ cfg_scale: 4, negative_prompt: "fog" });
    expect(args(1)).toMatchObject({ cfg_scale: 3 });
  });
});

describe("the gallery", () => {
  const captions = galleryApp.loras.map(({ title }) => title);
  const entries = entriesOf(captions, galleryApp.loras);

  it("takes trigger words from loras.json only where the titles agree: the running program may be older", () => {
    const moved = [{ title: "Brand new", repo: "someone/new", trigger_word: "new" }, ...galleryApp.loras];
    expect(entriesOf(captions, moved)).toEqual(entries);
    expect(entriesOf(["RCA", "Gone"], moved)).toEqual([
      { index: 0, title: "RCA", repo: "someone/rca", trigger: "RCA style", triggerAt: "start" },
      { index: 1, title: "Gone", triggerAt: "start" },
    ]);
  });
  it.each([
    ["not JSON of a list", { loras: [] }],
    ["nothing", undefined],
    ["odd entries", [null, 3, { title: 4 }]],
  ])("knows the titles with %s as loras.json", (_why, json) => {
    expect(entriesOf(captions, json).map(({ title, trigger }) => [title, trigger])).toEqual([
      ["RCA", undefined],
      ["Woodcut", undefined],
      ["No words", undefined],
    ]);
  });
  it("lists loras.json itself where the Space shows no gallery", () => {
    expect(entriesOf([], galleryApp.loras)).toEqual(entries);
  });
  it.each([
    ["its title", "rca", 0],
    ["its repository", "someone/Woodcut", 1],
    ["its trigger word", "Woodcut  PRINT", 1],
    ["nothing of it", "someone", undefined],
  ])("finds an entry by %s", (_why, reference, index) => {
    expect(entryNamed(entries, reference)?.index).toBe(index);
  });
  it.each([
    ["by its title", { lora: { space: "RCA" } }, 1, { kind: "entry", entry: entries[0], offScale: false }],
    ["by a repository outside the gallery", { lora: { space: "a/b" } }, 1, { kind: "repository", repo: "a/b" }],
    [
      "at scale 0 by an entry that adds no word",
      { lora: { space: "RCA" } },
      0,
      { kind: "entry", entry: entries[2], offScale: true },
    ],
    ["without a LoRA likewise", { lora: {} }, 1, { kind: "entry", entry: entries[2], offScale: true }],
    [
      "not at all where it is unknown",
      { lora: { space: "Nope" } },
      1,
      { kind: "impossible", why: "it has no style file “Nope” for the style RCA." },
    ],
  ])("chooses %s", (_why, change, loraScale, choice) => {
    expect(english(chooseLora(described(), entries, { loraScale }, { ...style, ...change } as typeof style))).toEqual(
      choice,
    );
  });
  it("draws no LoRA-free style where every LoRA adds its word", () => {
    const wordy = entries.slice(0, 2);
    expect(english(chooseLora(described(), wordy, { loraScale: 0 }, { ...style, lora: {} }))).toEqual({
      kind: "impossible",
      why: "it always draws with a style’s file, and the style RCA has none there.",
    });
  });
});

describe("the trigger word", () => {
  const prompts = { prompt: "a fox", finalPrompt: "RCA style, a fox" };
  it.each([
    ["is left to the Space", prompts, "RCA style", { trigger: "RCA style", at: "start" }, "a fox"],
    [
      "is left to the Space at the end",
      { prompt: "a fox", finalPrompt: "a fox, print" },
      "print",
      { trigger: "print", at: "end" },
      "a fox",
    ],
    [
      "is taken out where it was typed",
      { prompt: "rca STYLE, a fox", finalPrompt: "rca STYLE, a fox" },
      "RCA style",
      { trigger: "RCA style", at: "start" },
      "a fox",
    ],
    [
      "is left to a Space that puts it elsewhere",
      { prompt: "a fox", finalPrompt: "a fox, RCA style" },
      "RCA style",
      { trigger: "RCA style", at: "start" },
      "a fox",
    ],
    ["stays where the Space adds none", prompts, "RCA style", { trigger: "", at: "start" }, "RCA style, a fox"],
    [
      "stays where the Space adds another one",
      prompts,
      "RCA style",
      { trigger: "woodcut", at: "start" },
      "RCA style, a fox",
    ],
    ["stays where nobody knows", prompts, "RCA style", undefined, "RCA style, a fox"],
    [
      "alone is not taken away",
      { prompt: "RCA style", finalPrompt: "RCA style" },
      "RCA style",
      { trigger: "RCA style", at: "start" },
      "RCA style",
    ],
  ] as const)("%s", (_why, request, trigger, added, sent) => {
    expect(wordingFor(request, { trigger }, added).prompt).toBe(sent);
  });
  it("is told: the recipe's prompt is not quite what was sent", () => {
    expect(english(wordingFor(prompts, style, { trigger: "RCA style", at: "start" }).notes)).toEqual([
      "the Space itself puts “RCA style” before the prompt",
    ]);
    expect(
      english(
        wordingFor({ ...prompts, prompt: "the RCA style of old" }, style, { trigger: "RCA style", at: "end" }).notes,
      ),
    ).toEqual(["the Space itself puts “RCA style” behind the prompt; it stands in the words as well"]);
    expect(wordingFor(prompts, style, { trigger: "", at: "start" }).notes).toEqual([]);
  });
});

describe("HF_SPACE and the token", () => {
  it.each([
    ["AlekseyCalvin/soonfactory3", { kind: "hub", id: "AlekseyCalvin/soonfactory3" }],
    ["AlekseyCalvin/soonfactory3/", { kind: "hub", id: "AlekseyCalvin/soonfactory3" }],
    ["https://huggingface.co/spaces/a/b", { kind: "hub", id: "a/b" }],
    ["https://huggingface.co/spaces/a/b/tree/main", { kind: "hub", id: "a/b" }],
    ["https://a-b.hf.space/", { kind: "address", address: { url: "https://a-b.hf.space", headers: {} } }],
    [
      "http://ann:secret@10.0.0.2:7860",
      {
        kind: "address",
        address: { url: "http://10.0.0.2:7860", headers: { authorization: "Basic YW5uOnNlY3JldA==" } },
      },
    ],
  ])("reads %s", (text, place) => expect(spaceAddress.parse(text)).toEqual(place));
  it.each(["soonfactory3", "ftp://a/b", "a/b/c", "http://"])("refuses %s with a sentence", (text) => {
    const checked = spaceAddress.safeParse(text);
    expect(checked.error?.issues[0]?.message).toContain("owner/name");
  });
  it.each([
    ["https://a-b.hf.space", true],
    ["http://127.0.0.1:7860", true],
    ["http://gradio.lan", true],
    ["http://gradio.example.org", false],
  ])("sends it to %s: %s", (root, sent) => {
    expect(Object.keys(tokenFor(root, "hf_x")).length > 0).toBe(sent);
  });
  it("goes to no host but hf.space on the Hub's word", () => {
    const hub = { url: "https://huggingface.co", headers: {} };
    expect(mayHoldSpaces(hub, "https://a-b.hf.space")).toBe(true);
    expect(mayHoldSpaces(hub, "https://hf.space.evil.example")).toBe(false);
    expect(mayHoldSpaces(hub, "https://a-b.hf.space.evil.example")).toBe(false);
    expect(mayHoldSpaces(hub, "http://a-b.hf.space")).toBe(false);
    expect(mayHoldSpaces({ url: "http://hub.lan", headers: {} }, "http://127.0.0.1")).toBe(true);
  });
});

describe("eventStream", () => {
  it("passes on what is told while it works, in order, then ends as the work does", async () => {
    const gate = Promise.withResolvers<void>();
    const told = eventStream<number>(new AbortController().signal, async (tell) => {
      tell(1);
      tell(2);
      await gate.promise;
      tell(3);
      throw new Error("in the end");
    });
    expect([(await told.next()).value, (await told.next()).value]).toEqual([1, 2]);
    gate.resolve();
    expect((await told.next()).value).toBe(3);
    await expect(told.next()).rejects.toThrow("in the end");
  });
  it("stops the work when nobody listens any more", async () => {
    let seen: AbortSignal | undefined;
    const told = eventStream<number>(new AbortController().signal, async (tell, signal) => {
      seen = signal;
      tell(1);
      await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
    });
    for await (const _ of told) break;
    expect(seen?.aborted).toBe(true);
  });
});
