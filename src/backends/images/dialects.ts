import { withoutEngineTags } from "../../domain/prompt.ts";
import type { ImageRequest } from "../../domain/recipe.ts";
import type { StyleLora } from "../../domain/style.ts";
import { nearestRatio } from "../shared/nearest-ratio.ts";

type Size = Pick<ImageRequest, "widthPx" | "heightPx">;
/** What is sent beside the prompt, the model and the number of pictures. */
export type Extras = Readonly<Record<string, string | number | readonly object[]>>;

/** What a service that is not told it does as it likes. */
export type Own = "size" | "seed" | "steps" | "cfg" | "format";

/** Fields that are left out where a service does not know them, and what is its own then; without any other no picture is made. */
export const WISHES: Readonly<Record<string, Own>> = {
  response_format: "format",
  output_format: "format",
  size: "size",
  seed: "seed",
  step: "steps",
  steps: "steps",
  guidance_scale: "cfg",
};

/** How one kind of service takes what is not the same everywhere. */
export interface Dialect {
  readonly name: "openai" | "together" | "sdcpp" | "open";
  /** It makes these sizes and no others; absent: any. */
  readonly sizes?: readonly Size[];
  /** It changes pictures by words, with the models that can. */
  readonly edits: boolean;
  /** It never takes these. */
  readonly own: readonly Own[];
  readonly takesNegative: boolean;
  /** Of a style, with its scale. */
  readonly takesLora: boolean;
  readonly prompt?: (prompt: string, request: ImageRequest) => string;
  readonly extras: (request: ImageRequest, size: Size, loras: readonly StyleLora[]) => Extras;
}

const sizeText = ({ widthPx, heightPx }: Size): string => `${widthPx}x${heightPx}`;

const sizesOf = (...texts: readonly string[]): readonly Size[] =>
  texts.map((text) => {
    const [widthPx = 0, heightPx = 0] = text.split("x").map(Number);
    return { widthPx, heightPx };
  });

/** OpenAI's own models refuse what they do not know, each something else. Source: its API reference, images/create. */
const OPENAI: readonly {
  readonly models: RegExp;
  readonly sizes: readonly Size[];
  readonly edits: boolean;
  readonly extras: Extras;
}[] = [
  {
    models: /^dall-e-3/u,
    sizes: sizesOf("1024x1024", "1792x1024", "1024x1792"),
    edits: false,
    extras: { response_format: "b64_json" },
  },
  {
    models: /^dall-e/u,
    sizes: sizesOf("256x256", "512x512", "1024x1024"),
    // It wants a mask of what may change.
    edits: false,
    extras: { response_format: "b64_json" },
  },
  // They answer in base64 alone, and refuse to be told so.
  {
    models: /^/u,
    sizes: sizesOf("1024x1024", "1536x1024", "1024x1536"),
    edits: true,
    extras: { output_format: "png" },
  },
];

function openai(model: string): Dialect {
  const { sizes, edits, extras } = OPENAI.find(({ models }) => models.test(model)) ?? { edits: false, extras: {} };
  return {
    name: "openai",
    ...(sizes ? { sizes } : {}),
    edits,
    own: ["seed", "steps"],
    takesNegative: false,
    takesLora: false,
    extras: (_request, size) => ({ ...extras, size: sizeText(size) }),
  };
}

/** Sides, steps and LoRAs in fields of their own. Source: together's API reference, images/generations. */
const TOGETHER: Dialect = {
  name: "together",
  edits: false,
  own: [],
  takesNegative: true,
  takesLora: true,
  extras: (request, { widthPx, heightPx }, loras) => ({
    width: widthPx,
    height: heightPx,
    steps: request.steps,
    seed: request.seed,
    guidance_scale: request.guidance,
    response_format: "base64",
    output_format: "png",
    ...(request.negativePrompt === undefined ? {} : { negative_prompt: withoutEngineTags(request.negativePrompt) }),
    ...(loras.length === 0 ? {} : { image_loras: loras.map(({ file, scale }) => ({ path: file, scale })) }),
  }),
};

/** Its own numbers go inside the prompt, in a mark of its own. Source: sd-server's api.md, "sd_cpp_extra_args". */
const SDCPP: Dialect = {
  name: "sdcpp",
  edits: true,
  own: [],
  takesNegative: true,
  takesLora: false,
  prompt: (prompt, { seed, steps, negativePrompt }) => {
    const extra = {
      seed,
      sample_params: { sample_steps: steps },
      ...(negativePrompt === undefined ? {} : { negative_prompt: withoutEngineTags(negativePrompt) }),
    };
    // What a member wrote could otherwise end the mark.
    return `${prompt} <sd_cpp_extra_args>${JSON.stringify(extra).replaceAll("<", "\\u003c")}</sd_cpp_extra_args>`;
  },
  extras: (_request, size) => ({ size: sizeText(size), output_format: "png" }),
};

/** LocalAI and most others: what they do not know they pass over, or name, and are not told again. One name of two is enough. */
const OPEN: Dialect = {
  name: "open",
  edits: true,
  own: [],
  takesNegative: false,
  takesLora: false,
  extras: (request, size) => ({
    size: sizeText(size),
    response_format: "b64_json",
    seed: request.seed,
    // LocalAI's name, and most others'.
    step: request.steps,
    steps: request.steps,
  }),
};

const HOSTS: readonly (readonly [host: RegExp, dialect: (model: string) => Dialect])[] = [
  [/(?:^|\.)openai\.(?:com|azure\.com)$/u, openai],
  [/(?:^|\.)together\.(?:ai|xyz)$/u, () => TOGETHER],
];

/**
 * By the host, or by a model that only one kind has; what is behind a proxy of another name is "open", where a wish that is
 * refused is left out the next time.
 *
 * @param models as the service lists them; empty: not known
 */
export function dialectOf(url: string, model: string | undefined, models: readonly string[]): Dialect {
  const { hostname } = new URL(url);
  const byHost = HOSTS.find(([host]) => host.test(hostname))?.[1];
  if (byHost) return byHost(model ?? "dall-e-2");
  if (model !== undefined && /^(?:dall-e-[23]|(?:chat)?gpt-image)/u.test(model)) return openai(model);
  return models.includes("sd-cpp-local") ? SDCPP : OPEN;
}

/** Models that are told what to change; others would take the picture as a start and draw over it. */
const EDITORS = /gpt-image|kontext|[-_. ]edit\b|flux[-_. ]?[23]|klein/iu;

export const editsByWords = ({ edits }: Dialect, model: string | undefined): boolean =>
  edits && EDITORS.test(model ?? "");

/** The one of its sizes that is nearest in shape, the largest of those; any where it has none of its own. */
export function sizeThere({ sizes }: Dialect, asked: Size): Size {
  if (!sizes) return asked;
  const largestFirst = sizes.toSorted((one, other) => other.widthPx * other.heightPx - one.widthPx * one.heightPx);
  return nearestRatio(asked, largestFirst, ({ widthPx, heightPx }) => widthPx / heightPx) ?? asked;
}
