import { z } from "zod";
import { withoutEngineTags } from "../../domain/prompt.ts";
import type { ImageRequest } from "../../domain/recipe.ts";
import { BackendError } from "../../ports/backend.ts";
import { sentence } from "../../ports/backend-sentence.ts";
import { type Http, type HttpAnswer, parseJson } from "../shared/http.ts";
import { asBackendError, fetchOver, TOKEN_STAND_IN } from "../shared/huggingface/library.ts";
import { type LoadingPatience, whileLoading } from "../shared/huggingface/loading.ts";
import { nearestRatio } from "../shared/nearest-ratio.ts";
import { isContentRefusal } from "../shared/refusal-words.ts";
import { fittedPicture } from "../shared/start-image.ts";
import type { Mapping } from "./mapping.ts";
import type { Provider, ProviderJob } from "./provider.ts";

/** replicate takes a ratio and makes these of it, at one megapixel. Source: its FLUX program's table. */
const RATIOS: readonly (readonly [ratio: string, widthPx: number, heightPx: number])[] = [
  ["1:1", 1024, 1024],
  ["16:9", 1344, 768],
  ["21:9", 1536, 640],
  ["3:2", 1216, 832],
  ["2:3", 832, 1216],
  ["4:5", 896, 1088],
  ["5:4", 1088, 896],
  ["3:4", 896, 1152],
  ["4:3", 1152, 896],
  ["9:16", 768, 1344],
  ["9:21", 640, 1536],
];

/** The one of this size, else the nearest. */
const ratioOf = (size: Pick<ImageRequest, "widthPx" | "heightPx">): string | undefined =>
  nearestRatio(size, RATIOS, ([, width, height]) => width / height)?.[0];

/** `Prefer: wait` holds an answer for up to a minute. */
const ANSWER_WITHIN_MS = 80_000;

const predictionSchema = z.object({
  status: z.string().nullish(),
  output: z.union([z.string(), z.array(z.string()).min(1)]).nullish(),
  error: z.unknown().optional(),
});

export interface ReplicateOptions {
  readonly backend: string;
  readonly router: Http;
  readonly patience: LoadingPatience;
}

/** Through `@huggingface/inference`: replicate's own `lora_scale` passes it. */
export function createReplicate({ backend, router, patience }: ReplicateOptions): Provider {
  /** One exchange of the library; the picture's address. */
  async function ask(job: ProviderJob, signal: AbortSignal): Promise<string> {
    const post = fetchOver(router, pathOf, (answer) => finished(backend, answer), {
      signal,
      timeoutMs: ANSWER_WITHIN_MS,
      maxBytes: 1024 * 1024,
      headers: { prefer: "wait" },
    });
    const over: typeof fetch = async (input, init) =>
      // It asks the Hub for what we have just asked; private models it would not even find.
      String(input).includes("/api/models/") ? Response.json(mappingAnswer(job.mapping)) : post(input, init);
    const { request } = job.input;
    // Some 100 ms and 20 MB that nobody needs who does not use it.
    const { InferenceClient } = await import("@huggingface/inference");
    try {
      const answer = await new InferenceClient(TOKEN_STAND_IN).textToImage(
        {
          provider: "replicate",
          model: job.mapping.repo,
          inputs: withoutEngineTags(request.finalPrompt),
          parameters: await inputOf(backend, job),
        },
        { outputType: "json", retry_on_error: false, signal, fetch: over },
      );
      const { output } = predictionSchema.parse(answer);
      return (typeof output === "string" ? output : output?.[0]) ?? "";
    } catch (error) {
      throw asBackendError(backend, error, signal);
    }
  }

  return {
    name: "replicate",
    features: { variation: "image", initImage: true, queuePosition: false },
    timeoutMs: 120_000,
    lacks(_request, lora) {
      return lora?.file === undefined ? undefined : sentence("backend.huggingface.no-file");
    },
    async make(job, tell, signal) {
      const url = await whileLoading({ clock: router.clock, ask: () => ask(job, signal), patience, tell }, signal);
      return { bytes: await router.download(url, { signal, timeoutMs: 60_000 }), ownSize: true };
    },
    settle: async () => undefined,
  };
}

const pathOf = (url: string): string => new URL(url).pathname;

/** As the Hub would answer. */
const mappingAnswer = ({ repo, providerId, adapterFile }: Mapping) => ({
  id: repo,
  inferenceProviderMapping: [
    {
      provider: "replicate",
      hfModelId: repo,
      providerId,
      status: "live",
      task: "text-to-image",
      ...(adapterFile === undefined ? {} : { adapter: "lora", adapterWeightsPath: adapterFile }),
    },
  ],
});

/** Families whose programs there are replicate's own kind; another name would be ignored. Source: its pages of FLUX and Qwen-Image. */
const BY_RATIO: readonly string[] = ["flux1", "qwen-image"];
const guidanceName = (family: string | undefined) =>
  family === undefined || BY_RATIO.includes(family) ? "guidance" : "guidance_scale";

async function inputOf(backend: string, job: ProviderJob): Promise<Record<string, unknown>> {
  const { input, told, family } = job;
  const { request, initBytes } = input;
  const image =
    request.init && initBytes ? (await fittedPicture(backend, initBytes, request)).toString("base64") : undefined;
  return {
    aspect_ratio: ratioOf(request),
    megapixels: "1",
    num_outputs: 1,
    num_inference_steps: told.steps,
    ...(told.guidance === undefined ? {} : { [guidanceName(family)]: told.guidance }),
    ...(told.negative === undefined ? {} : { negative_prompt: withoutEngineTags(told.negative) }),
    // Programs that take sides take no ratio, and the other way round.
    ...(family === undefined || BY_RATIO.includes(family) ? {} : { width: request.widthPx, height: request.heightPx }),
    seed: request.seed,
    output_format: "png",
    // Otherwise fp8, and the LoRA's scale times 1.5.
    go_fast: false,
    ...(job.loras[0] ? { lora_scale: job.loras[0].scale } : {}),
    ...(image === undefined || !request.init
      ? {}
      : { image: `data:image/png;base64,${image}`, prompt_strength: request.init.strength }),
  };
}

/** The library calls an unfinished picture malformed; it is still made, and paid for. */
function finished(backend: string, answer: HttpAnswer): HttpAnswer {
  const { status, output, error } = parseJson(backend, predictionSchema, answer.bytes);
  if (output) return answer;
  if (status === "starting" || status === "processing")
    throw new BackendError(backend, "timeout", "replicate had not finished within a minute", {
      memberText: sentence("backend.error.not-in-time"),
      elsewhere: false,
    });
  if (isContentRefusal(String(error)))
    throw new BackendError(backend, "moderated", "replicate's filter refused the picture");
  throw new BackendError(backend, "bad_response", "replicate made no picture");
}
