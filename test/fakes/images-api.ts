import { z } from "zod";
import { tinyPng } from "../../src/backends/fake/png.ts";
import { type FakeAnswer, type FakeRequest, type FakeServer, multipart, openFakeServer } from "./http-server.ts";

const base = { prompt: z.string().min(1), model: z.string().optional(), n: z.literal(1) };
const side = z.int().multipleOf(16);
const anySize = z.string().regex(/^\d+x\d+$/u);

/** What each kind of service takes; one that is strict refuses the rest by name. */
const KINDS = {
  openai: z.strictObject({
    ...base,
    size: z.enum(["1024x1024", "1536x1024", "1024x1536", "auto"]),
    output_format: z.enum(["png", "jpeg", "webp"]).optional(),
  }),
  together: z.strictObject({
    ...base,
    width: side,
    height: side,
    steps: z.int().min(1),
    seed: z.int(),
    guidance_scale: z.number().optional(),
    negative_prompt: z.string().optional(),
    response_format: z.enum(["base64", "url"]),
    output_format: z.enum(["png", "jpeg"]).optional(),
    image_loras: z.array(z.strictObject({ path: z.string(), scale: z.number() })).optional(),
  }),
  sdcpp: z.object({ ...base, size: anySize, output_format: z.string().optional() }),
  // LocalAI passes over what it does not know.
  open: z.object({ ...base, size: anySize, response_format: z.string().optional(), seed: z.int(), step: z.int() }),
  // A strict one behind a name of its own, which knows neither seeds nor steps.
  proxy: z.strictObject({ ...base, size: anySize }),
} as const;
export type ImagesApiKind = keyof typeof KINDS;

interface Made {
  readonly asked: Readonly<Record<string, unknown>>;
  readonly pictures: number;
  state: "running" | "done";
}

export interface ImagesApiFake
  extends Pick<FakeServer, "url" | "requests" | "fail" | "struck" | "heal" | "connections" | "close"> {
  jobs(): readonly Made[];
  takes(ms: number): void;
  wrongSize(): void;
  /** The next pictures come as an address. */
  byAddress(): void;
  /** By which words it says that it drew. */
  revises(prompt: string): void;
  /** The next requests are refused so. */
  refuses(status: number, error: Readonly<Record<string, unknown>>): void;
}

/** The picture API as OpenAI, together, sd-server and LocalAI speak it. Source: their references, and sd-server's routes_openai.cpp. */
export async function openImagesApi(options: {
  readonly kind: ImagesApiKind;
  readonly token: string;
  readonly models?: readonly string[];
  /** Fields that it does not know, although its kind does. */
  readonly unknown?: readonly string[];
  /** How it refuses those. */
  readonly says?: "with a code" | "in words" | "as FastAPI";
}): Promise<ImagesApiFake> {
  const { kind, token, unknown = [], says = "with a code" } = options;
  const made: Made[] = [];
  const how = { ms: 0, growPx: 0, address: false, revised: undefined as string | undefined };
  let refusal: FakeAnswer | undefined;

  async function make(asked: Readonly<Record<string, unknown>>, pictures: number): Promise<FakeAnswer> {
    if (refusal) return refusal;
    const odd = Object.keys(asked).find((field) => unknown.includes(field));
    if (odd !== undefined) return REFUSED[says](odd);
    const checked = (unknown.length === 0 ? KINDS[kind] : KINDS[kind].partial()).safeParse(asked);
    if (!checked.success) return refused(checked.error);
    const job: Made = { asked: checked.data, pictures, state: "running" };
    made.push(job);
    if (how.ms > 0) await new Promise<void>((resolve) => setTimeout(resolve, how.ms).unref());
    job.state = "done";
    const [width = 0, height = 0] = "size" in asked || "width" in asked ? sizeOf(checked.data) : OWN_SIZE;
    const bytes = tinyPng(width, height + how.growPx, JSON.stringify(checked.data));
    const revised = how.revised === undefined ? {} : { revised_prompt: how.revised };
    if (how.address) {
      kept = bytes;
      return { json: { created: 1, data: [{ url: `${server.url}/generated/1.png`, ...revised }] } };
    }
    return { json: { created: 1, data: [{ b64_json: Buffer.from(bytes).toString("base64"), ...revised }] } };
  }
  let kept: Uint8Array = new Uint8Array();

  async function edited(request: FakeRequest): Promise<FakeAnswer> {
    const form = await multipart(request);
    const pictures = [...form.getAll("image"), ...form.getAll("image[]")];
    const fields = [...form.entries()].filter(([, value]) => typeof value === "string");
    const asked = Object.fromEntries(fields.map(([name, value]) => [name, asNumber(String(value))]));
    return pictures.length === 0 ? refused(undefined) : make(asked, pictures.length);
  }

  const server = await openFakeServer(
    [
      {
        method: "POST",
        path: "/v1/images/generations",
        exchange: "generations",
        handle: ({ body }) => make(z.record(z.string(), z.unknown()).parse(body), 0),
      },
      { method: "POST", path: "/v1/images/edits", exchange: "edits", handle: edited },
      {
        method: "GET",
        path: "/v1/models",
        exchange: "health",
        handle: () => ({
          json: {
            object: "list",
            data: (options.models ?? [kind === "sdcpp" ? "sd-cpp-local" : "some-model"]).map((id) => ({ id })),
          },
        }),
      },
      {
        method: "GET",
        path: "/generated/:id",
        exchange: "picture",
        handle: () => ({ bytes: kept, mime: "image/png" }),
      },
    ],
    {
      guard: ({ headers, path }) =>
        path.startsWith("/v1/") && headers.authorization !== `Bearer ${token}`
          ? { json: { error: { message: "Incorrect API key", code: "invalid_api_key" } }, status: 401 }
          : undefined,
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
    jobs: () => made,
    takes(ms) {
      how.ms = ms;
    },
    wrongSize() {
      how.growPx = -64;
    },
    byAddress() {
      how.address = true;
    },
    revises(prompt) {
      how.revised = prompt;
    },
    refuses(status, error) {
      refusal = { json: { error }, status };
    },
  };
}

function sizeOf(asked: Readonly<Record<string, unknown>>): readonly number[] {
  const { size, width, height } = asked;
  return typeof size === "string" ? size.split("x").map(Number) : [Number(width), Number(height)];
}

const OWN_SIZE = [640, 384];

const REFUSED = {
  "with a code": (field: string): FakeAnswer => ({
    json: { error: { message: "No.", param: field, code: "unknown_parameter" } },
    status: 400,
  }),
  "in words": (field: string): FakeAnswer => ({
    json: { error: `Unrecognized request argument: ${field}` },
    status: 400,
  }),
  // Source: FastAPI's documentation, "Handling Errors", with a model that forbids others.
  "as FastAPI": (field: string): FakeAnswer => ({
    json: {
      detail: [{ type: "extra_forbidden", loc: ["body", field], msg: "Extra inputs are not permitted", input: 1 }],
    },
    status: 422,
  }),
} as const;

const asNumber = (text: string): unknown => (/^\d+$/u.test(text) ? Number(text) : text);

/** One field at a time, as OpenAI does. */
function refused(error: z.ZodError | undefined): FakeAnswer {
  const [issue] = error?.issues ?? [];
  const field = issue?.code === "unrecognized_keys" ? issue.keys[0] : String(issue?.path[0] ?? "image");
  const code = issue?.code === "unrecognized_keys" ? "unknown_parameter" : "invalid_value";
  const message = code === "unknown_parameter" ? `Unknown parameter: '${field}'.` : `Invalid value: '${field}'.`;
  return { json: { error: { message, type: "invalid_request_error", param: field, code } }, status: 400 };
}
