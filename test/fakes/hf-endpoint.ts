import { z } from "zod";
import { tinyPng } from "../../src/backends/fake/png.ts";
import { type FakeAnswer, type FakeServer, openFakeServer } from "./http-server.ts";

const parameters = z.strictObject({
  num_inference_steps: z.int().min(1),
  guidance_scale: z.number(),
  true_cfg_scale: z.number().min(1),
  seed: z.int().min(0).max(0xffff_ffff),
  width: z.int().multipleOf(16),
  height: z.int().multipleOf(16),
  negative_prompt: z.string().optional(),
  lora: z.string().optional(),
  lora_scale: z.number().optional(),
});
const predictBody = z.union([
  z.strictObject({
    inputs: z.base64().min(40),
    parameters: parameters.extend({ prompt: z.string().min(1), strength: z.number().min(0).max(1) }),
  }),
  z.strictObject({ inputs: z.string().min(1), parameters }),
]);

export interface EndpointFake
  extends Pick<FakeServer, "url" | "requests" | "fail" | "struck" | "heal" | "connections" | "close"> {
  /** Pictures the handler was asked for, oldest first. It works on when the caller has gone. */
  jobs(): readonly { readonly body: z.output<typeof predictBody>; readonly state: "running" | "done" }[];
  /** Every picture takes this long from now on. */
  takes(ms: number): void;
  /** The next questions find it scaled to zero: 503 without a body. */
  asleep(times: number): void;
  wrongSize(): void;
  /** Of the JSON answer; `undefined`: none. Default: the one asked for. */
  seed(seed: number | undefined): void;
}

/** A dedicated endpoint with the handler of docs/pictures/endpoint.md: `{inputs, parameters}` in, a picture or JSON out. */
export async function openEndpoint(
  options: { readonly token?: string; readonly answers?: "image" | "json" } = {},
): Promise<EndpointFake> {
  const jobs: { readonly body: z.output<typeof predictBody>; state: "running" | "done" }[] = [];
  const how = { ms: 0, asleep: 0, growPx: 0, seed: (asked: number): number | undefined => asked };

  async function predict(body: z.output<typeof predictBody>): Promise<FakeAnswer> {
    if (how.asleep > 0) {
      how.asleep -= 1;
      return { text: "", status: 503 };
    }
    const job = { body, state: "running" as "running" | "done" };
    jobs.push(job);
    if (how.ms > 0) await new Promise<void>((resolve) => setTimeout(resolve, how.ms).unref());
    job.state = "done";
    const { width, height, seed } = body.parameters;
    const bytes = tinyPng(width, height + how.growPx, JSON.stringify(body));
    if (options.answers !== "json") return { bytes, mime: "image/png" };
    return {
      json: { image: Buffer.from(bytes).toString("base64"), seed: how.seed(seed), model: "flux-dev on our endpoint" },
    };
  }

  const server = await openFakeServer(
    [
      {
        method: "POST",
        path: "/",
        exchange: "predict",
        body: predictBody,
        handle: ({ body }) => predict(predictBody.parse(body)),
      },
      { method: "GET", path: "/health", exchange: "health", handle: () => ({ text: "Ok" }) },
    ],
    {
      guard: ({ headers }) =>
        options.token !== undefined && headers.authorization !== `Bearer ${options.token}`
          ? { json: { error: "Unauthorized" }, status: 401 }
          : undefined,
      refuse: () => ({ json: { error: "parameters are wrong" }, status: 400 }),
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
    asleep(times) {
      how.asleep = times;
    },
    wrongSize() {
      how.growPx = -64;
    },
    seed(seed) {
      how.seed = () => seed;
    },
  };
}
