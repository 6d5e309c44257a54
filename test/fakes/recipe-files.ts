import sharp from "sharp";
import { type FoundRecipe, readFileRecipe } from "../../src/features/file-recipe/read.ts";
import { pngChunk } from "./hostile-files.ts";

/** What a file that can be read says. @throws Error for one that is refused */
export async function recipeOf(file: Uint8Array): Promise<FoundRecipe> {
  const found = await readFileRecipe(file);
  if (!found.ok) throw new Error(JSON.stringify(found.problem));
  return found.value;
}

// Pictures as other programs write them, with what they say about how they were made.

const plain = sharp({ create: { width: 96, height: 64, channels: 3, background: "#804020" } });
const PNG = await plain.clone().png().toBuffer();
const JPEG = await plain.clone().jpeg().toBuffer();
const WEBP = await plain.clone().webp().toBuffer();
/** Behind the header. */
const PNG_BODY_AT = 33;

/** tEXt as most programs write it, whatever its characters. */
export const pngSaying = (texts: Readonly<Record<string, string>>): Buffer =>
  pngWith(...Object.entries(texts).map(([keyword, text]) => pngChunk("tEXt", Buffer.from(`${keyword}\0${text}`))));

const pngWith = (...chunks: readonly Buffer[]): Buffer =>
  Buffer.concat([PNG.subarray(0, PNG_BODY_AT), ...chunks, PNG.subarray(PNG_BODY_AT)]);

const segment = (body: Buffer): Buffer => {
  const head = Buffer.from([0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([head, body]);
};

/** @param body of an APP1 segment: EXIF or XMP with its name before it */
const jpegWith = (body: Buffer): Buffer => Buffer.concat([JPEG.subarray(0, 2), segment(body), JPEG.subarray(2)]);

export const jpegWithExif = (exif: Buffer): Buffer => jpegWith(Buffer.concat([Buffer.from("Exif\0\0"), exif]));
const jpegWithXmp = (packet: string): Buffer => jpegWith(Buffer.from(`http://ns.adobe.com/xap/1.0/\0${packet}`));

export function webpWith(kind: "EXIF" | "XMP ", block: Buffer): Buffer {
  const header = Buffer.alloc(10);
  header[0] = kind === "EXIF" ? 0x08 : 0x04;
  header.writeUIntLE(95, 4, 3);
  header.writeUIntLE(63, 7, 3);
  const chunk = (name: string, body: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(body.length);
    return Buffer.concat([Buffer.from(name), length, body, Buffer.alloc(body.length % 2)]);
  };
  const chunks = Buffer.concat([chunk("VP8X", header), WEBP.subarray(12), chunk(kind, block)]);
  const riff = Buffer.from("RIFF0000WEBP");
  riff.writeUInt32LE(chunks.length + 4, 4);
  return Buffer.concat([riff, chunks]);
}

const USER_COMMENT = 0x9286;
const EXIF_LIST = 0x8769;

/** A block with these tags, and the user's comment in a list of its own as it has to be. */
export function exifBlock(
  order: "II" | "MM",
  { comment, tags = {} }: { readonly comment?: Buffer; readonly tags?: Readonly<Record<number, string>> },
): Buffer {
  const big = order === "MM";
  const number = (value: number, bytes: number) => {
    const written = Buffer.alloc(bytes);
    if (big) written.writeUIntBE(value, 0, bytes);
    else written.writeUIntLE(value, 0, bytes);
    return written;
  };
  const u16 = (value: number) => number(value, 2);
  const u32 = (value: number) => number(value, 4);
  const texts = Object.entries(tags).map(([tag, text]) => ({ tag: Number(tag), value: Buffer.from(`${text}\0`) }));
  const entries = texts.length + (comment ? 1 : 0);
  const after = 8 + 2 + entries * 12 + 4;
  const parts: Buffer[] = [];
  const list: Buffer[] = [];
  let at = after;
  for (const { tag, value } of texts) {
    list.push(u16(tag), u16(2), u32(value.length), u32(at));
    parts.push(value);
    at += value.length;
  }
  if (comment) {
    list.push(u16(EXIF_LIST), u16(4), u32(1), u32(at));
    parts.push(u16(1), u16(USER_COMMENT), u16(7), u32(comment.length), u32(at + 18), u32(0), comment);
  }
  return Buffer.concat([Buffer.from(order), u16(42), u32(8), u16(entries), ...list, u32(0), ...parts]);
}

const inBigEndian = (text: string): Buffer => Buffer.from(text, "utf16le").swap16();

/** How programs write a comment: its characters' name, and the characters. */
export const COMMENTS = {
  ascii: (text) => Buffer.from(`ASCII\0\0\0${text}`),
  "utf-8 without a name": (text) => Buffer.from(`\0\0\0\0\0\0\0\0${text}`),
  "no prefix": (text) => Buffer.from(text),
  "utf-16be": (text) => Buffer.concat([Buffer.from("UNICODE\0"), inBigEndian(text)]),
  "utf-16le": (text) => Buffer.concat([Buffer.from("UNICODE\0"), Buffer.from(text, "utf16le")]),
  "utf-16 with a mark": (text) => Buffer.concat([Buffer.from("UNICODE\0"), inBigEndian(`\ufeff${text}`)]),
} as const satisfies Readonly<Record<string, (text: string) => Buffer>>;

const escaped = (text: string) =>
  text
    .replace(/&/gu, "&amp;")
    .replace(/</gu, "&lt;")
    .replace(/>/gu, "&gt;")
    .replace(/"/gu, "&quot;")
    .replace(/\n/gu, "&#xA;");

const xmpPacket = (property: string, text: string): string =>
  `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmp:CreatorTool="Draw Things"><${property}><rdf:Alt><rdf:li xml:lang="x-default">${escaped(text)}</rdf:li></rdf:Alt></${property}></rdf:Description></rdf:RDF></x:xmpmeta>`;

/** One recipe, for writers of dialects. */
export interface Written {
  readonly prompt: string;
  readonly negative: string;
  readonly seed: number;
  readonly steps: number;
  readonly cfg: number;
  readonly widthPx: number;
  readonly heightPx: number;
}

const settingsLine = ({ seed, steps, cfg, widthPx, heightPx }: Written) =>
  `Steps: ${steps}, Sampler: Euler, Schedule type: Simple, CFG scale: 1, Distilled CFG Scale: ${cfg}, Seed: ${seed}, Size: ${widthPx}x${heightPx}, Model: flux1-dev`;
const negativeLine = ({ negative }: Written) => (negative === "" ? "" : `\nNegative prompt: ${negative}`);
export const a1111Text = (recipe: Written): string =>
  `${recipe.prompt}${negativeLine(recipe)}\n${settingsLine(recipe)}`;

export const comfyuiPrompt = (recipe: Written): unknown => ({
  "3": {
    inputs: {
      seed: recipe.seed,
      steps: recipe.steps,
      cfg: 1,
      sampler_name: "euler",
      scheduler: "simple",
      denoise: 1,
      model: ["10", 0],
      positive: ["31", 0],
      negative: ["32", 0],
      latent_image: ["44", 0],
    },
    class_type: "KSampler",
  },
  "10": {
    inputs: { model: ["11", 0], lora_name: "harbour_v2.safetensors", strength_model: 0.8 },
    class_type: "LoraLoaderModelOnly",
  },
  "11": { inputs: { unet_name: "flux1-dev.safetensors" }, class_type: "UNETLoader" },
  "30": { inputs: { clip: ["12", 0], text: recipe.prompt }, class_type: "CLIPTextEncode" },
  "31": { inputs: { conditioning: ["30", 0], guidance: recipe.cfg }, class_type: "FluxGuidance" },
  "32": { inputs: { clip: ["12", 0], text: recipe.negative }, class_type: "CLIPTextEncode" },
  "44": {
    inputs: { width: recipe.widthPx, height: recipe.heightPx, batch_size: 1 },
    class_type: "EmptySD3LatentImage",
  },
});

/** The same picture by SamplerCustomAdvanced, with values in nodes of their own. */
const comfyuiCustom = (recipe: Written): unknown => ({
  "1": { class_type: "RandomNoise", inputs: { noise_seed: ["9", 0] } },
  "2": { class_type: "CFGGuider", inputs: { model: ["11", 0], positive: ["31", 0], negative: ["32", 0], cfg: 1 } },
  "3": { class_type: "KSamplerSelect", inputs: { sampler_name: "euler" } },
  "4": {
    class_type: "BasicScheduler",
    inputs: { model: ["11", 0], scheduler: "simple", steps: recipe.steps, denoise: 1 },
  },
  "5": {
    class_type: "SamplerCustomAdvanced",
    inputs: { noise: ["1", 0], guider: ["2", 0], sampler: ["3", 0], sigmas: ["4", 0], latent_image: ["44", 0] },
  },
  "7": { class_type: "PrimitiveStringMultiline", inputs: { value: recipe.prompt } },
  "9": { class_type: "PrimitiveInt", inputs: { value: recipe.seed } },
  "11": { class_type: "UNETLoader", inputs: { unet_name: "flux1-dev.safetensors" } },
  "30": { class_type: "CLIPTextEncode", inputs: { clip: ["12", 0], text: ["7", 0] } },
  "31": { class_type: "FluxGuidance", inputs: { conditioning: ["30", 0], guidance: recipe.cfg } },
  "32": { class_type: "CLIPTextEncode", inputs: { clip: ["12", 0], text: recipe.negative } },
  "44": {
    class_type: "EmptySD3LatentImage",
    inputs: { width: recipe.widthPx, height: recipe.heightPx, batch_size: 1 },
  },
});

/** As the page of ComfyUI draws it. */
const comfyuiWorkflow = (recipe: Written): unknown => ({
  nodes: [
    {
      id: 3,
      type: "KSampler",
      inputs: [
        { name: "model", link: 1 },
        { name: "positive", link: 2 },
        { name: "negative", link: 3 },
        { name: "latent_image", link: 4 },
      ],
      widgets_values: [recipe.seed, "fixed", recipe.steps, 1, "euler", "simple", 1],
    },
    { id: 10, type: "UNETLoader", widgets_values: ["flux1-dev.safetensors", "default"] },
    { id: 30, type: "CLIPTextEncode", inputs: [{ name: "clip", link: null }], widgets_values: [recipe.prompt] },
    { id: 31, type: "FluxGuidance", inputs: [{ name: "conditioning", link: 5 }], widgets_values: [recipe.cfg] },
    { id: 32, type: "CLIPTextEncode", widgets_values: [recipe.negative] },
    { id: 44, type: "EmptySD3LatentImage", widgets_values: [recipe.widthPx, recipe.heightPx, 1] },
  ],
  links: [
    [1, 10, 0, 3, 0, "MODEL"],
    [2, 31, 0, 3, 1, "CONDITIONING"],
    [3, 32, 0, 3, 2, "CONDITIONING"],
    [4, 44, 0, 3, 3, "LATENT"],
    [5, 30, 0, 31, 0, "CONDITIONING"],
  ],
  version: 0.4,
});

const json = (value: unknown) => JSON.stringify(value);
const plainValues = ({ prompt, negative, seed, steps, widthPx: width, heightPx: height }: Written) => ({
  prompt,
  negative,
  values: { seed, steps, width, height },
});
const drawThings = (recipe: Written) =>
  json({
    c: recipe.prompt,
    uc: recipe.negative,
    seed: recipe.seed,
    steps: recipe.steps,
    scale: recipe.cfg,
    size: `${recipe.widthPx}x${recipe.heightPx}`,
    sampler: "Euler A Trailing",
    model: "flux_1_dev_q8p.ckpt",
    strength: 1,
    lora: [{ model: "harbour_v2_lora_f16.ckpt", weight: 0.8 }],
  });
const easyDiffusion = ({ prompt, negative, seed, steps, cfg, widthPx: width, heightPx: height }: Written) => ({
  prompt,
  seed,
  negative_prompt: negative,
  num_inference_steps: steps,
  guidance_scale: cfg,
  width,
  height,
  sampler_name: "euler",
  use_stable_diffusion_model: "flux1-dev",
  use_lora_model: "harbour_v2",
  lora_alpha: 0.8,
});
const comment = (text: string) => jpegWithExif(exifBlock("MM", { comment: COMMENTS["utf-16be"](text) }));

/** Each dialect writes a recipe into a file. */
export const DIALECTS: Readonly<Record<string, (recipe: Written) => Buffer>> = {
  "A1111, PNG": (recipe) => pngSaying({ parameters: a1111Text(recipe) }),
  "A1111 with templates behind the settings": (recipe) =>
    pngSaying({ parameters: `${a1111Text(recipe)}\nTemplate: a {red|blue} kite\nNegative Template: blurry` }),
  "A1111 in a comment beside “parameters: None”": (recipe) =>
    pngSaying({ parameters: "None", Comment: a1111Text(recipe) }),
  ...Object.fromEntries(
    Object.entries(COMMENTS).flatMap(([name, write]) =>
      (["II", "MM"] as const).map((order) => [
        `A1111, JPEG, ${name}, ${order}`,
        (recipe: Written) => jpegWithExif(exifBlock(order, { comment: write(a1111Text(recipe)) })),
      ]),
    ),
  ),
  "A1111, WebP": (recipe) => webpWith("EXIF", exifBlock("MM", { comment: COMMENTS["utf-16be"](a1111Text(recipe)) })),
  "A1111, EXIF of a PNG": (recipe) =>
    pngWith(pngChunk("eXIf", exifBlock("II", { comment: COMMENTS.ascii(a1111Text(recipe)) }))),
  "A1111 in XMP of a JPEG": (recipe) => jpegWithXmp(xmpPacket("dc:description", a1111Text(recipe))),
  "Civitai's site": (recipe) =>
    pngSaying({
      parameters: `${recipe.prompt}${negativeLine(recipe)}\nSteps: ${recipe.steps}, Sampler: Undefined, CFG scale: ${recipe.cfg}, Seed: ${recipe.seed}, Size: ${recipe.widthPx}x${recipe.heightPx}, Clip skip: 2, Civitai resources: [{"type":"checkpoint","modelName":"Flux","modelVersionName":"Dev"},{"type":"lora","weight":0.8,"modelName":"Harbour","modelVersionName":"v2"}], Civitai metadata: {"remixOfId":3}`,
    }),
  "Civitai's graph": (recipe) => {
    const { prompt, negative, values } = plainValues(recipe);
    return comment(
      json({
        "6": { class_type: "smZ CLIPTextEncode", inputs: { text: prompt } },
        extra: { airs: [] },
        extraMetadata: json({ prompt, negativePrompt: negative, ...values, cfgScale: recipe.cfg, sampler: "Euler" }),
      }),
    );
  },
  "ComfyUI, PNG": (recipe) =>
    pngSaying({ prompt: json(comfyuiPrompt(recipe)), workflow: json({ nodes: [], links: [], version: 0.4 }) }),
  "ComfyUI, custom sampling": (recipe) => pngSaying({ prompt: json(comfyuiCustom(recipe)) }),
  "ComfyUI, only what its page draws": (recipe) => pngSaying({ workflow: json(comfyuiWorkflow(recipe)) }),
  "ComfyUI, WebP": (recipe) =>
    webpWith(
      "EXIF",
      exifBlock("II", { tags: { 271: `workflow:{"nodes":[]}`, 272: `prompt:${json(comfyuiPrompt(recipe))}` } }),
    ),
  "ComfyUI, both graphs in a JPEG's comment": (recipe) =>
    comment(json({ prompt: json(comfyuiPrompt(recipe)), workflow: { nodes: [] } })),
  SwarmUI: (recipe) => {
    const { prompt, negative, values } = plainValues(recipe);
    return pngSaying({
      parameters: json({
        sui_image_params: {
          prompt,
          negativeprompt: negative,
          ...values,
          cfgscale: 1,
          fluxguidancescale: recipe.cfg,
          model: "flux1-dev",
          loras: ["harbour_v2"],
          loraweights: ["0.8"],
        },
        sui_extra_data: { date: "2025-10-06" },
      }),
    });
  },
  InvokeAI: (recipe) => {
    const { prompt, negative, values } = plainValues(recipe);
    return pngSaying({
      invokeai_metadata: json({
        positive_prompt: prompt,
        negative_prompt: negative,
        ...values,
        cfg_scale: 1,
        guidance: recipe.cfg,
        scheduler: "euler",
        model: { name: "FLUX Dev" },
        loras: [{ model: { name: "harbour_v2" }, weight: 0.8 }],
      }),
      invokeai_graph: "{}",
    });
  },
  Fooocus: (recipe) =>
    pngSaying({
      parameters: json({
        prompt: recipe.prompt,
        negative_prompt: recipe.negative,
        steps: recipe.steps,
        resolution: `(${recipe.widthPx}, ${recipe.heightPx})`,
        guidance_scale: recipe.cfg,
        base_model: "juggernautXL_v8",
        refiner_model: "None",
        seed: String(recipe.seed),
        lora_combined_1: "harbour_v2 : 0.8",
        metadata_scheme: "fooocus",
        version: "Fooocus v2.5.5",
      }),
      fooocus_scheme: "fooocus",
    }),
  NovelAI: (recipe) => {
    const { prompt, negative, values } = plainValues(recipe);
    return pngSaying({
      Title: "AI generated image",
      Description: prompt,
      Software: "NovelAI",
      Comment: json({ prompt, ...values, scale: recipe.cfg, sampler: "k_euler_ancestral", uc: negative }),
    });
  },
  "Draw Things, XMP of a PNG": (recipe) =>
    pngWith(
      pngChunk("iTXt", Buffer.from(`XML:com.adobe.xmp\0\0\0\0\0${xmpPacket("exif:UserComment", drawThings(recipe))}`)),
    ),
  "Draw Things, XMP of a WebP": (recipe) =>
    webpWith("XMP ", Buffer.from(xmpPacket("exif:UserComment", drawThings(recipe)))),
  "Easy Diffusion, PNG": (recipe) =>
    pngSaying(Object.fromEntries(Object.entries(easyDiffusion(recipe)).map(([name, value]) => [name, String(value)]))),
  "Easy Diffusion, JPEG": (recipe) => comment(json(easyDiffusion(recipe))),
};
