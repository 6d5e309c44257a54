import type { ImageRequest } from "../../domain/recipe.ts";
import type { Drawing, Editing } from "../../families/shared/family.ts";
import type { Numbers } from "../../families/shared/numbers.ts";
import type { Graph, GraphNode, Link } from "./node.ts";
import type { Version } from "./version.ts";

/** Names exactly as the server lists them. */
export type ModelFiles =
  | {
      readonly kind: "parts";
      readonly diffusion: string;
      /** In the order of the family's parts. */
      readonly encoders: readonly string[];
      readonly vae: string;
    }
  /** Model, text encoders and VAE in one file. */
  | { readonly kind: "checkpoint"; readonly checkpoint: string };

/** Everything one picture is made of, on one server. */
export interface GraphInput {
  readonly request: ImageRequest;
  /** As listed there, in the order they are loaded; none: the base model alone. */
  readonly loras?: readonly { readonly file: string; readonly scale: number }[];
  /** "subfolder/name" of the uploaded picture to start from. */
  readonly image?: string;
  /** As `image`, of the pictures that words change: the first in the picture's own size. */
  readonly edited?: readonly string[];
  /** Ends the file's name in ComfyUI's output folder: a graph that is cached to its last node still saves a file of its own. */
  readonly jobId: string;
}

/** As `GraphInput`, for a graph of ours. */
export interface DrawInput extends GraphInput {
  readonly files: ModelFiles;
  readonly drawing: Drawing;
  readonly numbers: Numbers;
  /** Of the model, where it changes a picture. */
  readonly method?: Editing["method"];
}

export interface Texts {
  readonly positive: string;
  readonly negative: string | undefined;
}

/**
 * - "latents": each picture's latent is hung on the words, one after the other.
 * - "words": the node that reads the words looks at the pictures, too.
 */
type EditGraph = (
  | { readonly tells: "latents" }
  | {
      readonly tells: "words";
      readonly words: (
        clip: Link,
        texts: Texts,
        seen: { readonly vae: Link; readonly images: readonly Link[] },
      ) => Words;
    }
) & {
  /** The last node before the sampler. */
  readonly model?: (model: Link) => GraphNode;
  /** Of the pictures beside the first, where they come best in sizes of their own. */
  readonly scale?: "FluxKontextImageScale";
};

/** The words of a picture, encoded: `negative` only where there is a second pass. */
export interface Words {
  readonly nodes: Graph;
  readonly positive: Link;
  readonly negative?: Link;
}

/** What the graphs of a family have of their own; the rest is the same for all. Core nodes only. One file each in `graphs/`. */
export interface FamilyGraph {
  /** Their ids: more than one where only parts and numbers differ. */
  readonly families: readonly string[];
  /** The first ComfyUI that has what it needs, where that is newer than what we need in any case. */
  readonly since?: Version;
  /** `type` of the loader of its text encoders; three of them are loaded without one. */
  readonly encoderType: string;
  readonly emptyLatent: "EmptyLatentImage" | "EmptySD3LatentImage" | "EmptyFlux2LatentImage";
  /** Its LoRAs change the text encoders, too. */
  readonly loraChangesEncoders?: true;
  /** A node between text encoders and words. */
  readonly encoders?: (clip: Link) => GraphNode;
  /** A node between model and sampler. */
  readonly model?: (model: Link, input: DrawInput) => GraphNode | undefined;
  /** Default: one CLIPTextEncode for each. */
  readonly words?: (clip: Link, texts: Texts) => Words;
  /** How its models are told of pictures to change; absent: they change none. */
  readonly edit?: EditGraph;
  /** Its own noise schedule; default: BasicScheduler. */
  readonly sigmas?: (steps: number, request: ImageRequest) => GraphNode;
}
