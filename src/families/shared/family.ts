/** A number's range, and what it is where nobody says. */
export interface Zone {
  readonly usual: number;
  readonly least: number;
  readonly most: number;
}

/**
 * What follows the words, how strictly, and what it costs.
 *
 * - "model": a number that the model itself was taught to follow; a second pass (true cfg) is possible beside it.
 * - "second-pass": classifier-free guidance, twice the work; the negative prompt is its other side.
 * - "none": taught to do without.
 */
type Guidance = { readonly by: "model" | "second-pass"; readonly strength: Zone } | { readonly by: "none" };

/** As ComfyUI calls them; other programs' names are a matter of their backends. */
export type Sampler = "euler" | "euler_ancestral" | "dpmpp_2m" | "res_multistep";
export type Scheduler = "simple" | "normal" | "karras" | "sgm_uniform" | "beta";

/** How pictures are drawn from words with one model. */
export interface Drawing {
  readonly steps: Zone;
  readonly guidance: Guidance;
  readonly sampler: Sampler;
  readonly scheduler: Scheduler;
  /** Of its noise schedule, where the model's file does not bring it along. */
  readonly shift?: number;
  readonly honours: {
    /** What to keep out counts: always where guidance is the second pass, else where one is asked for by true cfg. */
    readonly negative: boolean;
    /** A second pass beside what it was taught. */
    readonly trueCfg: boolean;
    readonly startPicture: boolean;
  };
  readonly sizes: {
    /** Both sides, in px. */
    readonly multiple: number;
    /** What it was trained with. */
    readonly usualPixels: number;
    /** Beyond it pictures fall apart. */
    readonly mostPixels: number;
  };
}

export interface Licence {
  /** Its short name, e.g. "Apache-2.0". */
  readonly name: string;
  /** Whether the pictures' makers may earn money with the model itself. */
  readonly commercial: boolean;
  /** Where it stands. */
  readonly source: string;
}

/** What tells a file. Names come in lower case, without folders and ending, with "-" for every space, dot and underscore. */
interface Marks {
  readonly names: RegExp;
  /** What it is not, though the rest of its name fits. */
  readonly never?: RegExp;
  /** Of a header: `modelspec.architecture`, `ss_base_model_version` and the like, in lower case. */
  readonly architectures: RegExp;
}

/** One of a family's models: they share parts and LoRAs, and have their own numbers. */
export interface Kind {
  readonly id: string;
  /** A product's name, the same in every language. */
  readonly title: string;
  readonly marks: Marks;
  /** Absent: drawing from words alone is not its task, so it is told apart and left alone. */
  readonly draws?: Drawing;
  readonly edits?: Editing;
  readonly licence: Licence;
}

/** How a model changes pictures by words. */
export interface Editing {
  /** So many pictures it can be given: the one that is changed, and those it takes something from. */
  readonly references: number;
  /** Absent: with the numbers that it draws with. */
  readonly by?: Drawing;
  /** How it keeps its pictures apart, where it was taught another way than the others of its family. */
  readonly method?: "index_timestep_zero";
}

/** What a model changes pictures with; `undefined`: it changes none. */
export const editingOf = ({ edits, draws }: Pick<Kind, "edits" | "draws">): Drawing | undefined =>
  edits && (edits.by ?? draws);

/** A file that a model needs beside its own. */
export interface Part {
  readonly role: "clip_l" | "clip_g" | "t5xxl" | "llm" | "vae";
  /** As of `Marks`. */
  readonly names: RegExp;
  readonly never?: RegExp;
  /** For who has none: a file's name. */
  readonly example: string;
  /** Where to get it. */
  readonly source: string;
}

/** Image models that share parts, graph and LoRAs, as data. */
export interface Family {
  /** Its file's name; a style names it as its `family`. */
  readonly id: string;
  /** A product's name, the same in every language. */
  readonly title: string;
  /** Where several are there and nobody chose, the lowest draws. */
  readonly rank: number;
  /** The best first. */
  readonly kinds: readonly [Kind, ...Kind[]];
  /** Text encoders in the order of their loader's inputs, then the VAE. */
  readonly parts: readonly Part[];
  /** What its LoRAs say of the model they were made for. */
  readonly loras: RegExp;
  readonly prompt: {
    /** Of its text encoder; words beyond are cut off. */
    readonly maxTokens: number;
    readonly reads: "tags and short phrases" | "sentences" | "sentences, and it sets words well";
    /** The languages it was taught, for people. */
    readonly languages: string;
  };
  /** A model to start with. */
  readonly example: {
    readonly file: string;
    readonly folder: "checkpoints" | "diffusion_models";
    readonly source: string;
  };
}

/** Keeps the types of a literal. */
export const defineFamily = <const F extends Family>(family: F): Family => family;
