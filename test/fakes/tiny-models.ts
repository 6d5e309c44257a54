import type { Tensor } from "./safetensors.ts";

/** Networks of few, narrow layers with random weights, for real servers on a processor: what they draw is noise. */
type Weights = Readonly<Record<string, Tensor>>;

const noise = (...shape: readonly number[]): Tensor => ({ shape, of: "noise" });
const linear = (name: string, wide: number, high: number): Weights => ({
  [`${name}.weight`]: noise(high, wide),
  [`${name}.bias`]: { shape: [high], of: "zeros" },
});
const norm = (name: string, size: number): Weights => ({
  [`${name}.weight`]: { shape: [size], of: "ones" },
  [`${name}.bias`]: { shape: [size], of: "zeros" },
});
const conv = (name: string, wide: number, high: number, bias = true): Weights => ({
  [`${name}.weight`]: noise(high, wide, 3, 3),
  ...(bias ? { [`${name}.bias`]: { shape: [high], of: "zeros" } } : {}),
});
const merged = (parts: readonly Weights[]): Weights => Object.assign({}, ...parts);
const count = <T>(times: number, each: (at: number) => T): readonly T[] =>
  Array.from({ length: times }, (_, at) => each(at));

/** One head's width, which the positions of FLUX are made for. */
const WIDTH = 128;

/** FLUX.1 dev with one block of each kind. */
export function tinyFlux(): Weights {
  const scale = (name: string): Weights => ({ [name]: { shape: [WIDTH], of: "ones" } });
  const attention = (name: string) =>
    merged([
      linear(`${name}.qkv`, WIDTH, 3 * WIDTH),
      scale(`${name}.norm.query_norm.scale`),
      scale(`${name}.norm.key_norm.scale`),
      linear(`${name}.proj`, WIDTH, WIDTH),
    ]);
  const embedder = (name: string, wide: number) =>
    merged([linear(`${name}.in_layer`, wide, WIDTH), linear(`${name}.out_layer`, WIDTH, WIDTH)]);
  const side = (name: string) =>
    merged([
      linear(`double_blocks.0.${name}_mod.lin`, WIDTH, 6 * WIDTH),
      attention(`double_blocks.0.${name}_attn`),
      linear(`double_blocks.0.${name}_mlp.0`, WIDTH, 4 * WIDTH),
      linear(`double_blocks.0.${name}_mlp.2`, 4 * WIDTH, WIDTH),
    ]);
  return merged([
    linear("img_in", 64, WIDTH),
    linear("txt_in", 4096, WIDTH),
    embedder("time_in", 256),
    embedder("vector_in", 768),
    embedder("guidance_in", 256),
    side("img"),
    side("txt"),
    linear("single_blocks.0.linear1", WIDTH, 7 * WIDTH),
    linear("single_blocks.0.linear2", 5 * WIDTH, WIDTH),
    linear("single_blocks.0.modulation.lin", WIDTH, 3 * WIDTH),
    scale("single_blocks.0.norm.query_norm.scale"),
    scale("single_blocks.0.norm.key_norm.scale"),
    linear("final_layer.adaLN_modulation.1", WIDTH, 2 * WIDTH),
    linear("final_layer.linear", WIDTH, 64),
  ]);
}

/** For `tinyFlux`, of rank 2, as kohya's scripts name it. */
export const tinyFluxLora = (): Weights => ({
  "lora_unet_double_blocks_0_img_attn_qkv.lora_down.weight": noise(2, WIDTH),
  "lora_unet_double_blocks_0_img_attn_qkv.lora_up.weight": noise(3 * WIDTH, 2),
  "lora_unet_double_blocks_0_img_attn_qkv.alpha": { shape: [], of: "ones" },
});

/** In its full size: servers read no other. 250 MB, nearly all of it repeated noise. */
export function clipL(): Weights {
  const layer = (at: number) => {
    const name = `text_model.encoder.layers.${at}`;
    return merged([
      ...["q", "k", "v", "out"].map((part) => linear(`${name}.self_attn.${part}_proj`, 768, 768)),
      norm(`${name}.layer_norm1`, 768),
      norm(`${name}.layer_norm2`, 768),
      linear(`${name}.mlp.fc1`, 768, 3072),
      linear(`${name}.mlp.fc2`, 3072, 768),
    ]);
  };
  return merged([
    { "text_model.embeddings.token_embedding.weight": noise(49_408, 768) },
    { "text_model.embeddings.position_embedding.weight": noise(77, 768) },
    ...count(12, layer),
    norm("text_model.final_layer_norm", 768),
  ]);
}

/** TAEF1, the small stand-in of FLUX.1's VAE, as diffusers name its layers. */
export function taef1(): Weights {
  const block = (name: string) => merged([0, 2, 4].map((at) => conv(`${name}.conv.${at}`, 64, 64)));
  const blocks = (name: string, first: number) => merged(count(3, (at) => block(`${name}.${first + at}`)));
  const [down, up] = ["encoder.layers", "decoder.layers"] as const;
  return merged([
    conv(`${down}.0`, 3, 64),
    block(`${down}.1`),
    ...[2, 6, 10].flatMap((at) => [conv(`${down}.${at}`, 64, 64, false), blocks(down, at + 1)]),
    conv(`${down}.14`, 64, 16),
    conv(`${up}.0`, 16, 64),
    ...[2, 7, 12].flatMap((at) => [blocks(up, at), conv(`${up}.${at + 4}`, 64, 64, false)]),
    block(`${up}.17`),
    conv(`${up}.18`, 64, 3),
  ]);
}

/** ESRGAN, four times as wide and high, with one block; its widths are those that servers take for granted. */
export function tinyEsrgan(): Weights {
  const [wide, grown] = [64, 32];
  const dense = (name: string) =>
    merged(count(5, (at) => conv(`${name}.conv${at + 1}`, wide + at * grown, at === 4 ? wide : grown)));
  return merged([
    conv("conv_first", 3, wide),
    ...[1, 2, 3].map((at) => dense(`body.0.rdb${at}`)),
    ...["conv_body", "conv_up1", "conv_up2", "conv_hr"].map((name) => conv(name, wide, wide)),
    conv("conv_last", wide, 3),
  ]);
}
