/** Where the two matrices of one key belong. */
export type Target =
  | {
      readonly kind: "layers";
      /** Several where the original has one fused layer: rows of `up` in this order. */
      readonly modules: readonly string[];
      /** The original final layer computes (shift, scale), diffusers (scale, shift). */
      readonly halvesSwapped: boolean;
    }
  /** Of a text encoder, which stays as it is. */
  | { readonly kind: "text_encoder" }
  | { readonly kind: "unknown" };

const layers = (modules: readonly string[], halvesSwapped = false): Target => ({
  kind: "layers",
  modules,
  halvesSwapped,
});
const UNKNOWN: Target = { kind: "unknown" };

/**
 * The modules that a key of a LoRA file means, for each way of naming them: PEFT and diffusers, kohya, and the dotted original
 * names. Source: ONNX reference, 10.
 *
 * @param key without `.lora_A.weight` and the like
 * @param moduleOf the graph's modules by their name with underscores for dots, as kohya writes it
 */
export function targetOf(key: string, moduleOf: ReadonlyMap<string, string>): Target {
  if (/^(?:lora_te\d?_|text_encoder(?:_\d)?\.)/.test(key)) return { kind: "text_encoder" };
  const plain = /^(?:transformer|unet)\.(.+)$/.exec(key)?.[1];
  if (plain !== undefined) return layers([plain]);
  const dotted = /^diffusion_model\.(.+)$/.exec(key)?.[1];
  if (dotted !== undefined) return ofOriginalFlux(dotted.replaceAll(".", "_")) ?? UNKNOWN;
  const kohya = /^lora_(?:unet|transformer)_(.+)$/.exec(key)?.[1];
  if (kohya === undefined) return UNKNOWN;
  const module = moduleOf.get(kohya);
  return ofOriginalFlux(kohya) ?? (module === undefined ? UNKNOWN : layers([module]));
}

/** A module of the original FLUX code, with underscores. */
function ofOriginalFlux(name: string): Target | undefined {
  const double = /^double_blocks_(\d+)_(img|txt)_(attn_qkv|attn_proj|mlp_0|mlp_2|mod_lin)$/.exec(name);
  if (double) return layers(ofDoubleBlock(`transformer_blocks.${double[1]}`, double[2] === "img", double[3] ?? ""));
  const single = /^single_blocks_(\d+)_(linear1|linear2|modulation_lin)$/.exec(name);
  if (single) return layers(ofSingleBlock(`single_transformer_blocks.${single[1]}`, single[2] ?? ""));
  if (name === "final_layer_adaLN_modulation_1") return layers(["norm_out.linear"], true);
  const module = OUTER.get(name);
  return module === undefined ? undefined : layers([module]);
}

function ofDoubleBlock(block: string, image: boolean, part: string): readonly string[] {
  const feedForward = image ? "ff" : "ff_context";
  switch (part) {
    case "attn_qkv":
      return (image ? ["to_q", "to_k", "to_v"] : ["add_q_proj", "add_k_proj", "add_v_proj"]).map(
        (name) => `${block}.attn.${name}`,
      );
    case "attn_proj":
      return [`${block}.attn.${image ? "to_out.0" : "to_add_out"}`];
    case "mlp_0":
      return [`${block}.${feedForward}.net.0.proj`];
    case "mlp_2":
      return [`${block}.${feedForward}.net.2`];
    default:
      return [`${block}.${image ? "norm1" : "norm1_context"}.linear`];
  }
}

function ofSingleBlock(block: string, part: string): readonly string[] {
  switch (part) {
    case "linear1":
      return [...["to_q", "to_k", "to_v"].map((name) => `${block}.attn.${name}`), `${block}.proj_mlp`];
    case "linear2":
      return [`${block}.proj_out`];
    default:
      return [`${block}.norm.linear`];
  }
}

const EMBEDDERS = [
  ["time_in", "timestep_embedder"],
  ["vector_in", "text_embedder"],
  ["guidance_in", "guidance_embedder"],
] as const;

const OUTER: ReadonlyMap<string, string> = new Map([
  ["img_in", "x_embedder"],
  ["txt_in", "context_embedder"],
  ["final_layer_linear", "proj_out"],
  ...EMBEDDERS.flatMap(([original, embedder]) => [
    [`${original}_in_layer`, `time_text_embed.${embedder}.linear_1`] as const,
    [`${original}_out_layer`, `time_text_embed.${embedder}.linear_2`] as const,
  ]),
]);
