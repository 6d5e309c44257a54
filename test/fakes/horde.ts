import sharp from "sharp";
import { z } from "zod";
import { tinyPng } from "../../src/backends/fake/png.ts";
import { type FakeAnswer, type FakeRequest, type FakeServer, openFakeServer } from "./http-server.ts";

/** A strict AI Horde with one volunteer and a clock of its own. Source: BACKENDS reference, 9. */
export interface FakeHorde extends FakeServer {
  /** Oldest first. */
  readonly jobs: readonly FakeHordeJob[];
  takes(ms: number): void;
  /** The picture at work is done now. */
  finish(): void;
  /** Somebody else's request is worked on. */
  foreign(): FakeHordeJob;
  /** How the next picture turns out. */
  nextOutcome(how: Partial<Outcome>): void;
  /** Machines that serve the model; 0: nobody. */
  workers(count: number): void;
  /** As after a restart, or twenty minutes. */
  forget(): void;
  wrongSize(): void;
  /** The next refusal of a request, by its name. */
  refuses(status: number, rc: string): void;
  /** Kudos of the key. */
  kudos(amount: number): void;
  /** The next acceptance is told only when the returned function is called. */
  holdAcceptance(): () => void;
}

interface FakeHordeJob {
  readonly id: string;
  readonly ours: boolean;
  readonly body: Body | undefined;
  readonly state: "waiting" | "running" | "done" | "cancelled";
}

interface Outcome {
  readonly censored: boolean;
  readonly state: string;
  readonly metadata: readonly { readonly type: string; readonly value: string }[];
  readonly seed: string | null;
  readonly faulted: boolean;
  /** Instead of the picture's address. */
  readonly img: string;
}

const bodySchema = z.strictObject({
  prompt: z
    .string()
    .min(1)
    .refine((prompt) => !prompt.includes("###")),
  params: z.strictObject({
    sampler_name: z.literal("k_euler"),
    cfg_scale: z.literal(1),
    steps: z.literal(4),
    // Larger ones are shifted without a word, text is hashed: both are our mistake.
    seed: z
      .string()
      .regex(/^\d{1,10}$/)
      .refine((seed) => Number(seed) <= 0xffff_ffff),
    width: z.int().min(64).max(3072).multipleOf(64),
    height: z.int().min(64).max(3072).multipleOf(64),
    karras: z.literal(false),
    n: z.literal(1),
    clip_skip: z.int(),
    denoising_strength: z.number().min(0.01).max(1).optional(),
    loras: z
      .array(
        z.strictObject({
          name: z.string().regex(/^\d+$/),
          model: z.number().min(-5).max(5),
          clip: z.number(),
          is_version: z.boolean(),
        }),
      )
      .max(5)
      .optional(),
  }),
  models: z.tuple([z.literal("Flux.1-Schnell fp8 (Compact)")]),
  source_image: z.base64().max(5_000_000).optional(),
  source_processing: z.literal("img2img").optional(),
  nsfw: z.literal(false),
  censor_nsfw: z.literal(true),
  replacement_filter: z.literal(true),
  trusted_workers: z.literal(false),
  slow_workers: z.literal(true),
  allow_downgrade: z.literal(false),
  r2: z.literal(true),
  shared: z.literal(false),
});
type Body = z.output<typeof bodySchema>;

const refusal = (status: number, rc: string): FakeAnswer => ({
  json: { message: "the prompt itself at /srv/x", rc },
  status,
});

export async function openFakeHorde(apiKey: string): Promise<FakeHorde> {
  type Job = { -readonly [K in keyof FakeHordeJob]: FakeHordeJob[K] } & { outcome: Partial<Outcome> };
  let jobs: Job[] = [];
  let takesMs = 5;
  let timer: NodeJS.Timeout | undefined;
  let outcome: Partial<Outcome> = {};
  let refuse: FakeAnswer | undefined;
  let count = 3;
  let kudos = 100;
  let wrong = false;
  let acceptance: Promise<void> = Promise.resolve();

  const running = () => jobs.find(({ state }) => state === "running");
  function step(): void {
    if (running()) return;
    const next = jobs.find(({ state }) => state === "waiting");
    if (!next || count === 0) return;
    next.state = "running";
    timer = setTimeout(end, next.ours ? takesMs : 60_000);
  }
  function end(): void {
    clearTimeout(timer);
    const done = running();
    if (done) done.state = "done";
    step();
  }
  function add(body: Body | undefined): Job {
    const job: Job = { id: crypto.randomUUID(), ours: body !== undefined, body, state: "waiting", outcome };
    outcome = {};
    jobs.push(job);
    step();
    return job;
  }
  const known = ({ params }: FakeRequest, then: (job: Job) => FakeAnswer): FakeAnswer => {
    const job = jobs.find(({ id }) => id === params["id"]);
    return job ? then(job) : refusal(404, "RequestNotFound");
  };
  function check(job: Job): Record<string, unknown> {
    const waiting = jobs.filter(({ state }) => state === "waiting");
    const exchange = waiting.indexOf(job) + 1;
    return {
      finished: job.state === "done" ? 1 : 0,
      processing: job.state === "running" ? 1 : 0,
      restarted: 0,
      waiting: job.state === "waiting" ? 1 : 0,
      done: job.state === "done",
      faulted: job.outcome.faulted === true,
      wait_time: exchange * 30,
      queue_position: exchange,
      kudos: 12,
      is_possible: count > 0,
    };
  }
  function generations(job: Job): readonly unknown[] {
    const { censored = false, state = "ok", metadata = [], seed, img } = job.outcome;
    if (job.state !== "done" || !job.body) return [];
    return [
      {
        img: img ?? `${server.url}/r2/${job.id}.webp`,
        seed: seed === undefined ? job.body.params.seed : seed,
        id: job.id,
        censored,
        model: job.body.models[0],
        state,
        worker_id: "w",
        worker_name: "somebody's machine",
        gen_metadata: metadata,
      },
    ];
  }

  const server: FakeServer = await openFakeServer(
    [
      {
        method: "POST",
        path: "/api/v2/generate/async",
        exchange: "submit",
        body: bodySchema,
        async handle({ body }) {
          const refused = refuse;
          refuse = undefined;
          if (refused) return refused;
          const job = add(body as Body);
          await acceptance;
          const nobody = {
            message: "Warning: No available workers",
            warnings: [{ code: "NoAvailableWorker", message: "x" }],
          };
          return { json: { id: job.id, kudos: 12, ...(count === 0 ? nobody : {}) }, status: 202 };
        },
      },
      {
        method: "GET",
        path: "/api/v2/generate/check/:id",
        exchange: "check",
        handle: (request) => known(request, (job) => ({ json: check(job) })),
      },
      {
        method: "GET",
        path: "/api/v2/generate/status/:id",
        exchange: "status",
        handle: (request) => known(request, (job) => ({ json: { ...check(job), generations: generations(job) } })),
      },
      {
        method: "DELETE",
        path: "/api/v2/generate/status/:id",
        exchange: "cancel",
        handle: (request) =>
          known(request, (job) => {
            if (job.state === "waiting") job.state = "cancelled";
            return { json: { ...check(job), generations: generations(job) } };
          }),
      },
      {
        method: "GET",
        path: "/r2/:file",
        exchange: "picture",
        async handle({ params }) {
          const job = jobs.find(({ id }) => params["file"] === `${id}.webp`);
          return job?.body
            ? { bytes: await drawn(job.body, wrong), mime: "image/webp" }
            : { text: "no such picture", status: 404 };
        },
      },
      {
        method: "GET",
        path: "/api/v2/status/heartbeat",
        exchange: "health",
        handle: () => ({ json: { message: "OK", version: "5.1.5" } }),
      },
      {
        method: "GET",
        path: "/api/v2/status/models",
        exchange: "models",
        handle: ({ query }) =>
          query.get("type") === "image"
            ? {
                json: [
                  { name: "SDXL 1.0", count: 20 },
                  { name: "Flux.1-Schnell fp8 (Compact)", count },
                ],
              }
            : refusal(400, "InvalidType"),
      },
      {
        method: "GET",
        path: "/api/v2/find_user",
        exchange: "user",
        handle: ({ headers }) =>
          headers["apikey"] === apiKey ? { json: { username: "ana#1", kudos } } : refusal(404, "UserNotFound"),
      },
    ],
    {
      refuse: () => ({ json: { message: "Input payload validation failed", errors: {} }, status: 400 }),
      guard({ path, headers }) {
        const agent = headers["client-agent"];
        // Pictures lie on somebody else's hosts: our headers have no business there.
        if (path.startsWith("/r2/"))
          return headers["apikey"] === undefined && agent === undefined
            ? undefined
            : { text: "signature", status: 400 };
        if (!/^[^:]+:[^:]+:[^:]+$/.test(String(agent ?? ""))) return refusal(403, "BannedClientAgent");
        if (path.startsWith("/api/v2/generate/") && headers["apikey"] !== apiKey) return refusal(401, "InvalidAPIKey");
        return undefined;
      },
      missing: { text: "not found", status: 404 },
    },
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
    foreign: () => add(undefined),
    nextOutcome(how) {
      outcome = how;
    },
    workers(now) {
      count = now;
    },
    forget() {
      clearTimeout(timer);
      jobs = [];
    },
    wrongSize() {
      wrong = true;
    },
    refuses(status, rc) {
      refuse = refusal(status, rc);
    },
    kudos(amount) {
      kudos = amount;
    },
    holdAcceptance() {
      const gate = Promise.withResolvers<void>();
      acceptance = gate.promise;
      return gate.resolve;
    },
    close() {
      clearTimeout(timer);
      return server.close();
    },
  };
}

/** WebP, as workers deliver it; another picture for other words, settings and seeds. */
function drawn(body: Body, wrong: boolean): Promise<Uint8Array> {
  const { width, height } = body.params;
  return sharp(tinyPng(wrong ? width - 64 : width, height, JSON.stringify(body)))
    .webp()
    .toBuffer();
}
