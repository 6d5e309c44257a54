import sharp from "sharp";
import { z } from "zod";
import { tinyPng } from "../../src/backends/fake/png.ts";
import { type FakeAnswer, type FakeServer, openFakeServer } from "./http-server.ts";

/** A strict sd-server: one worker, a queue, results kept for a while. Source: BACKENDS reference, 8. */
export interface FakeSdcpp extends FakeServer {
  /** Ours and others', oldest first. */
  readonly jobs: readonly FakeSdcppJob[];
  /** From now on every picture takes this long. */
  takes(ms: number): void;
  /** The picture at work is done now. */
  finish(): void;
  /** Another program's picture, at the head of the queue. */
  foreign(): FakeSdcppJob;
  /** The results of ended pictures are kept no longer. */
  expire(): void;
  /** As after a restart: no job is known any more. */
  forget(): void;
  wrongSize(): void;
  /** The next pictures come to nothing, as they do when the memory is too small. */
  failing(): void;
  /** The next question whether it can cancel meets a queue that changes in the same moment. */
  cancelRaces(): void;
  /** The next acceptance is told only when the returned function is called; the job exists before. */
  holdAcceptance(): () => void;
  /** What the loaded model and folders hold. */
  holds(change: {
    readonly model?: string;
    readonly modes?: readonly string[];
    readonly loras?: readonly string[];
  }): void;
}

interface FakeSdcppJob {
  readonly id: string;
  readonly ours: boolean;
  readonly body: Body | undefined;
  readonly status: "queued" | "generating" | "completed" | "failed" | "cancelled";
}

/** The real one ignores what it does not know, or takes defaults: here each slip of ours shows. */
const bodySchema = z.strictObject({
  prompt: z.string().min(1),
  negative_prompt: z.string(),
  width: z.int().min(64).max(4096).multipleOf(64),
  height: z.int().min(64).max(4096).multipleOf(64),
  seed: z.int().min(0),
  batch_count: z.literal(1),
  lora: z.array(z.strictObject({ path: z.string(), multiplier: z.number() })),
  sample_params: z.strictObject({
    sample_method: z.enum(["euler", "euler_a", "heun"]),
    scheduler: z.enum(["discrete", "karras", "simple"]),
    sample_steps: z.int().min(1).max(100),
    guidance: z.strictObject({ txt_cfg: z.number().min(1), distilled_guidance: z.number() }),
  }),
  init_image: z.base64().optional(),
  strength: z.number().min(0).max(1).optional(),
  ref_images: z.array(z.base64()).min(1).optional(),
  output_format: z.enum(["png", "jpeg", "webp"]),
  embed_image_metadata: z.boolean(),
});
type Body = z.output<typeof bodySchema>;

const INVALID: FakeAnswer = { json: { error: "invalid generation parameters" }, status: 400 };
const QUEUE_MAX = 64;

export async function openFakeSdcpp(
  options: {
    readonly engineSeconds?: number;
    /** Is new enough to enlarge a finished picture. Default: it is not. */
    readonly upscales?: boolean;
  } = {},
): Promise<FakeSdcpp> {
  type Job = { -readonly [K in keyof FakeSdcppJob]: FakeSdcppJob[K] } & { started?: number; completed?: number };
  let jobs: Job[] = [];
  const expired = new Set<string>();
  const { upscales = false } = options;
  let takesMs = 5;
  let wrong = false;
  let fails = false;
  let races = false;
  let acceptance: Promise<void> = Promise.resolve();
  let model = "flux1-dev-Q4_0.gguf";
  let modes: readonly string[] = ["img_gen"];
  let loras: readonly string[] = ["rca.safetensors", "deep/other.safetensors"];
  let worker: NodeJS.Timeout | undefined;

  function work(): void {
    if (jobs.some(({ status }) => status === "generating")) return;
    const next = jobs.find(({ status }) => status === "queued");
    if (!next) return;
    next.status = "generating";
    next.started = 1_775_401_203;
    worker = setTimeout(end, next.ours ? takesMs : 60_000);
  }
  function end(): void {
    clearTimeout(worker);
    const done = jobs.find(({ status }) => status === "generating");
    if (!done) return;
    done.status = fails ? "failed" : "completed";
    done.completed = 1_775_401_203 + (options.engineSeconds ?? 0);
    work();
  }
  function add(body: Body | undefined): Job {
    const job: Job = {
      id: `job_${(jobs.length + 1).toString(16).padStart(8, "0")}`,
      ours: body !== undefined,
      body,
      status: "queued",
    };
    jobs.push(job);
    return job;
  }
  const found = (id: string): Job | FakeAnswer => {
    const job = jobs.find((each) => each.id === id);
    if (expired.has(id)) return { json: { error: "job expired" }, status: 410 };
    return job ?? { json: { error: "job not found" }, status: 404 };
  };
  function told(job: Job): unknown {
    const queued = jobs.filter(({ status }) => status === "queued");
    return {
      id: job.id,
      kind: "img_gen",
      status: job.status,
      created: 1_775_401_200,
      started: job.started ?? null,
      completed: job.completed ?? null,
      queue_position: job.status === "queued" ? queued.indexOf(job) + 1 : 0,
      result:
        job.status === "completed" && job.body ? { output_format: "png", images: [drawn(job.body, wrong)] } : null,
      error:
        job.status === "cancelled"
          ? { code: "cancelled", message: "job cancelled by client" }
          : job.status === "failed"
            ? { code: "generation_failed", message: "generate_image returned no results" }
            : null,
    };
  }

  const server = await openFakeServer(
    [
      {
        method: "GET",
        path: "/sdcpp/v1/capabilities",
        exchange: "capabilities",
        handle: () => ({
          json: {
            ...capabilities(model, modes, loras),
            // Older ones list them for what is enlarged while it is drawn.
            upscalers: [
              { name: "Lanczos" },
              { name: "RealESRGAN_x4plus", ...(upscales ? { model: true, image_upscale: true } : {}) },
            ],
          },
        }),
      },
      {
        method: "POST",
        path: "/sdcpp/v1/img_gen",
        exchange: "submit",
        body: bodySchema,
        async handle({ body }) {
          const checked = body as Body;
          if (!modes.includes("img_gen")) return { json: { error: "unsupported generation mode" }, status: 400 };
          if (checked.lora.some(({ path }) => !loras.includes(path))) return INVALID;
          if (checked.init_image !== undefined && !(await fits(checked))) return INVALID;
          if (jobs.filter(({ status }) => status === "queued" || status === "generating").length >= QUEUE_MAX)
            return { json: { error: "job queue is full" }, status: 429 };
          const { id } = add(checked);
          work();
          await acceptance;
          return {
            json: { id, kind: "img_gen", status: "queued", created: 1_775_401_200, poll_url: `/sdcpp/v1/jobs/${id}` },
            status: 202,
          };
        },
      },
      {
        method: "POST",
        path: "/sdcpp/v1/upscale",
        exchange: "upscale",
        body: z.strictObject({
          image: z.base64(),
          upscaler: z.literal("RealESRGAN_x4plus"),
          repeats: z.literal(1),
          output_format: z.literal("png"),
        }),
        async handle({ body }) {
          if (!upscales) return { text: "", status: 404 };
          const { image } = body as { readonly image: string };
          const { width, height } = await sharp(Buffer.from(image, "base64")).metadata();
          const b64_json = Buffer.from(tinyPng(width * 4, height * 4, "larger")).toString("base64");
          return { json: { images: [{ index: 0, b64_json }], upscaler: "RealESRGAN_x4plus", scale: 4, repeats: 1 } };
        },
      },
      {
        method: "GET",
        path: "/sdcpp/v1/jobs/:id",
        exchange: "job",
        handle({ params }) {
          const job = found(params["id"] ?? "");
          return "status" in job && "id" in job ? { json: told(job) } : (job as FakeAnswer);
        },
      },
      {
        method: "POST",
        path: "/sdcpp/v1/jobs/:id/cancel",
        exchange: "cancel",
        handle({ params }) {
          const job = found(params["id"] ?? "");
          if (!("ours" in job)) return job;
          if (job.status === "queued" && races) {
            races = false;
            return { json: { error: "job queue state changed before cancellation" }, status: 409 };
          }
          if (job.status === "generating")
            return { json: { error: "job is currently generating and cannot be interrupted yet" }, status: 409 };
          if (job.status === "queued") job.status = "cancelled";
          return { json: told(job) };
        },
      },
    ],
    { refuse: () => INVALID, missing: { text: "", status: 404 } },
  );

  return {
    ...server,
    get jobs() {
      return jobs;
    },
    takes(ms) {
      takesMs = ms;
    },
    finish: end,
    foreign() {
      const job = add(undefined);
      work();
      return job;
    },
    expire() {
      for (const { id, completed } of jobs) if (completed !== undefined) expired.add(id);
    },
    forget() {
      clearTimeout(worker);
      jobs = [];
    },
    wrongSize() {
      wrong = true;
    },
    failing() {
      fails = true;
    },
    cancelRaces() {
      races = true;
    },
    holdAcceptance() {
      const gate = Promise.withResolvers<void>();
      acceptance = gate.promise;
      return gate.resolve;
    },
    holds(change) {
      model = change.model ?? model;
      modes = change.modes ?? modes;
      loras = change.loras ?? loras;
    },
    close() {
      clearTimeout(worker);
      return server.close();
    },
  };
}

const drawn = (body: Body, wrong: boolean) => ({
  index: 0,
  b64_json: Buffer.from(tinyPng(wrong ? body.width - 64 : body.width, body.height, JSON.stringify(body))).toString(
    "base64",
  ),
});

/** The server takes a start image at the picture's size with three channels. */
async function fits({ init_image, width, height }: Body): Promise<boolean> {
  const facts = await sharp(Buffer.from(init_image ?? "", "base64"))
    .metadata()
    .catch(() => undefined);
  return facts?.width === width && facts.height === height && facts.channels === 3;
}

const capabilities = (model: string, modes: readonly string[], loras: readonly string[]) => ({
  model: { name: model, stem: model.replace(/\.\w+$/, ""), path: `/srv/models/${model}` },
  current_mode: modes[0] ?? "",
  supported_modes: modes,
  loras: loras.map((path) => ({ name: path.replace(/^.*\/|\.\w+$/g, ""), path })),
  samplers: ["euler", "euler_a", "heun"],
  schedulers: ["discrete", "normal", "karras", "simple"],
  limits: {
    min_width: 64,
    max_width: 4096,
    min_height: 64,
    max_height: 4096,
    max_batch_count: 8,
    max_queue_size: QUEUE_MAX,
  },
  features_by_mode: {
    img_gen: { init_image: true, ref_images: true, lora: true, cancel_queued: true, cancel_generating: false },
  },
});
