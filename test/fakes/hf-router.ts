import { z } from "zod";
import { tinyPng } from "../../src/backends/fake/png.ts";
import { type FakeAnswer, type FakeRequest, type FakeRoute, type FakeServer, openFakeServer } from "./http-server.ts";

const falBody = z.strictObject({
  prompt: z.string().min(1),
  image_size: z.strictObject({ width: z.int(), height: z.int() }),
  num_inference_steps: z.int().min(1).max(50),
  guidance_scale: z.number().min(0).max(35).optional(),
  negative_prompt: z.string().optional(),
  seed: z.int(),
  num_images: z.literal(1),
  enable_safety_checker: z.literal(true),
  output_format: z.literal("png"),
  loras: z
    .array(z.strictObject({ path: z.url(), scale: z.number() }))
    .min(1)
    .max(3)
    .optional(),
});
const replicateBody = z.strictObject({
  input: z.strictObject({
    prompt: z.string().min(1),
    aspect_ratio: z.string().regex(/^\d+:\d+$/u),
    megapixels: z.literal("1"),
    num_outputs: z.literal(1),
    num_inference_steps: z.int().min(1).max(50),
    guidance: z.number().min(0).max(10).optional(),
    guidance_scale: z.number().min(0).max(20).optional(),
    negative_prompt: z.string().optional(),
    width: z.int().optional(),
    height: z.int().optional(),
    seed: z.int(),
    output_format: z.literal("png"),
    go_fast: z.literal(false),
    lora_weights: z.url().optional(),
    lora_scale: z.number().min(-1).max(3).optional(),
    image: z.string().startsWith("data:image/png;base64,").optional(),
    prompt_strength: z.number().min(0).max(1).optional(),
  }),
});

type JobState = "waiting" | "running" | "done" | "cancelled";

export interface RouterFake
  extends Pick<FakeServer, "url" | "requests" | "fail" | "struck" | "heal" | "connections" | "close"> {
  /** What providers were asked for, oldest first. */
  jobs(): readonly { readonly body: unknown; readonly state: JobState }[];
  /** A picture takes this long from now on. */
  takes(ms: number): void;
  /** fal's queue: so many wait before us, one fewer with each question. */
  queue(length: number): void;
  wrongSize(): void;
  /** fal forgets every request. */
  forget(): void;
  nsfw(): void;
  /** fal's own error where the result would be. */
  resultError(type: string): void;
  /** replicate does not finish while its answer is held. */
  unfinished(): void;
  /** Whether the router forwards fal's PUT. Default: it does. */
  forwardsCancel(forwards: boolean): void;
}

interface Job {
  readonly id: string;
  readonly body: unknown;
  readonly size: readonly [widthPx: number, heightPx: number];
  state: JobState;
  readonly readyAtMs: number;
  ahead: number;
}

const RATIOS: Readonly<Record<string, readonly [number, number]>> = {
  "1:1": [1024, 1024],
  "2:3": [832, 1216],
  "3:2": [1216, 832],
};

const mapping = (provider: string, providerId: string, adapterWeightsPath?: string) => ({
  provider,
  providerId,
  status: "live",
  task: "text-to-image",
  ...(adapterWeightsPath === undefined ? {} : { adapter: "lora", adapterWeightsPath }),
});
/** What the Hub knows: the list form, the record form, and repositories nobody serves. */
const MODELS: Readonly<Record<string, unknown>> = {
  "someone/rca": [
    mapping("replicate", "black-forest-labs/flux-dev-lora", "rca.safetensors"),
    mapping("fal-ai", "fal-ai/flux-lora", "rca.safetensors"),
  ],
  "someone/ink": [mapping("fal-ai", "fal-ai/flux-lora", "ink.safetensors")],
  "someone/qwen-lora": [mapping("fal-ai", "fal-ai/qwen-image", "q.safetensors")],
  "black-forest-labs/FLUX.1-schnell": [mapping("fal-ai", "fal-ai/flux/schnell")],
  "Qwen/Qwen-Image": [mapping("fal-ai", "fal-ai/qwen-image"), mapping("replicate", "qwen/qwen-image")],
  "Tongyi-MAI/Z-Image-Turbo": [mapping("fal-ai", "fal-ai/z-image/turbo")],
  "stabilityai/stable-diffusion-xl-base-1.0": [
    mapping("fal-ai", "fal-ai/fast-sdxl"),
    mapping("replicate", "stability-ai/sdxl"),
  ],
  "someone/own-model": [mapping("fal-ai", "fal-ai/own")],
  "black-forest-labs/FLUX.1-dev": {
    "fal-ai": mapping("", "fal-ai/flux/dev"),
    replicate: mapping("", "black-forest-labs/flux-dev"),
  },
  "someone/staging": [{ ...mapping("fal-ai", "fal-ai/flux-lora", "x.safetensors"), status: "staging" }],
  "someone/kontext": [{ ...mapping("fal-ai", "fal-ai/kontext", "x.safetensors"), task: "image-to-image" }],
  "someone/unserved": undefined,
};

/** The Hub's mapping and Hugging Face's router with fal's queue and replicate behind it; written from BACKENDS reference, 3. */
export async function openRouter(
  options: { readonly token?: string; readonly billTo?: string } = {},
): Promise<RouterFake> {
  const jobs: Job[] = [];
  const how = {
    ms: 0,
    queue: 0,
    growPx: 0,
    forgotten: false,
    nsfw: false,
    error: "",
    unfinished: false,
    cancels: true,
  };

  const start = (body: unknown, size: readonly [number, number]): Job => {
    const id = `req-${jobs.length + 1}`;
    const job: Job = {
      id,
      body,
      size,
      state: how.queue > 0 ? "waiting" : "running",
      readyAtMs: Date.now() + how.ms,
      ahead: how.queue,
    };
    jobs.push(job);
    return job;
  };
  const jobOf = ({ params }: FakeRequest) => (how.forgotten ? undefined : jobs.find(({ id }) => id === params["id"]));
  const notFound: FakeAnswer = { json: { detail: "Request not found" }, status: 404 };

  function submit(body: z.output<typeof falBody>): FakeAnswer {
    const { width, height } = body.image_size;
    const job = start(body, [width, height]);
    // The queue answers at an address of fal's own, and leaves out the last part of some models' names.
    const at = `https://queue.fal.run/fal-ai/flux-lora/requests/${job.id}`;
    return {
      json: {
        request_id: job.id,
        status: "IN_QUEUE",
        response_url: at,
        status_url: `${at}/status`,
        cancel_url: `${at}/cancel`,
        queue_position: job.ahead,
      },
    };
  }

  function status(request: FakeRequest): FakeAnswer {
    const job = jobOf(request);
    if (!job) return notFound;
    if (job.ahead > 0) {
      job.ahead -= 1;
      return { json: { status: "IN_QUEUE", queue_position: job.ahead } };
    }
    if (job.state === "cancelled") return { json: { status: "CANCELLED" } };
    if (job.state === "waiting") job.state = "running";
    if (job.state === "running" && Date.now() >= job.readyAtMs) job.state = "done";
    return { json: { status: job.state === "done" ? "COMPLETED" : "IN_PROGRESS" } };
  }

  function result(request: FakeRequest): FakeAnswer {
    const job = jobOf(request);
    if (!job) return notFound;
    if (job.state !== "done") return { json: { detail: "Request is still in progress" }, status: 400 };
    if (how.error !== "")
      return { json: { detail: [{ loc: ["body"], msg: "a prompt was here", type: how.error }] }, status: 422 };
    const { seed } = falBody.parse(job.body);
    const image = {
      url: `${server.url}/pictures/${job.id}.png`,
      width: job.size[0],
      height: job.size[1],
      content_type: "image/png",
    };
    return { json: { images: [image], seed, timings: { inference: 3.25 }, has_nsfw_concepts: [how.nsfw], prompt: "" } };
  }

  async function predict(body: z.output<typeof replicateBody>): Promise<FakeAnswer> {
    const job = start(body, RATIOS[body.input.aspect_ratio] ?? [64, 64]);
    if (how.ms > 0) await new Promise<void>((resolve) => setTimeout(resolve, how.ms).unref());
    if (how.unfinished) return { json: { id: job.id, status: "processing" }, status: 202 };
    job.state = "done";
    return { json: { id: job.id, status: "succeeded", output: [`${server.url}/pictures/${job.id}.png`] }, status: 201 };
  }

  function picture({ params, headers }: FakeRequest): FakeAnswer {
    // Third parties: whoever brings our token here has told it to them.
    if (headers.authorization !== undefined) return { json: { detail: "a token came along" }, status: 400 };
    const job = jobs.find(({ id }) => `${id}.png` === params["file"]);
    if (!job) return notFound;
    const [width, height] = job.size;
    return { bytes: tinyPng(width, height + how.growPx, JSON.stringify(job.body)), mime: "image/png" };
  }

  function modelOf({ params, query }: FakeRequest): FakeAnswer {
    const id = `${params["owner"]}/${params["name"]}`;
    if (query.get("expand[]") !== "inferenceProviderMapping") return { json: { error: "expand?" }, status: 400 };
    if (!Object.hasOwn(MODELS, id)) return { json: { error: "Repository not found" }, status: 404 };
    return { json: { _id: "x", id, ...(MODELS[id] === undefined ? {} : { inferenceProviderMapping: MODELS[id] }) } };
  }

  const falRoutes: readonly FakeRoute[] = [
    "flux-lora",
    "flux/dev",
    "flux/schnell",
    "qwen-image",
    "z-image/turbo",
    "fast-sdxl",
    "own",
  ].map((program) => ({
    method: "POST",
    path: `/fal-ai/fal-ai/${program}`,
    exchange: "submit",
    body: falBody,
    handle: ({ body }) => submit(falBody.parse(body)),
  }));
  const replicateRoutes: readonly FakeRoute[] = [
    "black-forest-labs/flux-dev-lora",
    "black-forest-labs/flux-dev",
    "qwen/qwen-image",
    "stability-ai/sdxl",
  ].map((model) => ({
    method: "POST",
    path: `/replicate/v1/models/${model}/predictions`,
    exchange: "predict",
    body: replicateBody,
    handle: ({ body, headers }) =>
      headers["prefer"] === "wait"
        ? predict(replicateBody.parse(body))
        : { json: { detail: "it did not wait" }, status: 400 },
  }));
  const at = "/fal-ai/fal-ai/flux-lora/requests/:id";
  const server = await openFakeServer(
    [
      { method: "GET", path: "/api/models/:owner/:name", exchange: "mapping", handle: modelOf },
      ...falRoutes,
      { method: "GET", path: `${at}/status`, exchange: "status", handle: status },
      { method: "GET", path: at, exchange: "result", handle: result },
      {
        method: "PUT",
        path: `${at}/cancel`,
        exchange: "cancel",
        handle(request) {
          const job = jobOf(request);
          if (!how.cancels || !job) return notFound;
          if (job.state === "done") return { json: { status: "ALREADY_COMPLETED" }, status: 400 };
          job.state = "cancelled";
          return { json: { status: "CANCELLATION_REQUESTED" }, status: 202 };
        },
      },
      ...replicateRoutes,
      { method: "GET", path: "/pictures/:file", exchange: "picture", handle: picture },
    ],
    {
      guard({ headers, path, query }) {
        if (path.startsWith("/pictures/")) return undefined;
        if (options.token !== undefined && headers.authorization !== `Bearer ${options.token}`)
          return { json: { error: "Invalid credentials in Authorization header" }, status: 401 };
        if (path.startsWith("/fal-ai/") && query.get("_subdomain") !== "queue")
          return { json: { error: "not the queue" }, status: 400 };
        if (!path.startsWith("/api/") && options.billTo !== undefined && headers["x-hf-bill-to"] !== options.billTo)
          return { json: { error: "somebody else would pay" }, status: 403 };
        return undefined;
      },
    },
  );

  return {
    url: server.url,
    requests: server.requests,
    fail: server.fail,
    struck: server.struck,
    heal: server.heal,
    connections: server.connections,
    close: server.close,
    jobs: () => jobs,
    takes(ms) {
      how.ms = ms;
    },
    queue(length) {
      how.queue = length;
    },
    wrongSize() {
      how.growPx = -64;
    },
    forget() {
      how.forgotten = true;
    },
    nsfw() {
      how.nsfw = true;
    },
    resultError(type) {
      how.error = type;
    },
    unfinished() {
      how.unfinished = true;
    },
    forwardsCancel(forwards) {
      how.cancels = forwards;
    },
  };
}
