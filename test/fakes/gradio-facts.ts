import { z } from "zod";
import { configSchema, infoSchema } from "../../src/backends/space/wire.ts";

const ENDPOINTS = ["update_selection", "run_lora"] as const;

const json = async (url: string, body?: unknown): Promise<{ readonly status: number; readonly value: unknown }> => {
  const answer = await fetch(url, {
    ...(body === undefined
      ? {}
      : { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
  });
  return { status: answer.status, value: await answer.json() };
};

/** What a Gradio server says and how it behaves, without what differs from run to run: two servers can be compared. */
export async function factsOf(url: string): Promise<unknown> {
  const config = configSchema.parse((await json(`${url}/config`)).value);
  const info = infoSchema.parse((await json(`${url}${config.api_prefix}/info`)).value);
  const typeOf = (id: number) => config.components.find((component) => component.id === id)?.type;
  const boundsOf = (id: number) => {
    const { minimum, maximum } = config.components.find((component) => component.id === id)?.props ?? {};
    return [minimum, maximum];
  };
  const dependency = (name: string) => {
    const found = config.dependencies.find(({ api_name }) => api_name === name);
    if (!found) throw new Error(`${url} has no ${name}`);
    return found;
  };
  const run = dependency("run_lora");
  const call = (name: string, data: readonly unknown[], session: string, index?: number) =>
    streamOf(url, config.api_prefix, {
      data,
      fn_index: dependency(name).id,
      session_hash: session,
      event_data: index === undefined ? null : { index, value: null, selected: true },
      trigger_id: null,
    });
  const args = (change: Readonly<Record<string, unknown>> = {}) => {
    const values = { ...ARGUMENTS, ...change };
    const names = [...(info.named_endpoints["/run_lora"]?.parameters ?? [])].map(
      ({ parameter_name }) => parameter_name ?? "",
    );
    const shown = names.map((name) => values[name] ?? null);
    return run.inputs.map((id) => (typeOf(id) === "state" ? null : shown.shift()));
  };
  return {
    protocol: [config.protocol, config.api_prefix, config.connect_heartbeat],
    endpoints: ENDPOINTS.map((name) => ({
      name,
      generator: dependency(name).types.generator,
      inputs: dependency(name).inputs.map((id) => [typeOf(id), ...boundsOf(id)]),
      outputs: dependency(name).outputs.map(typeOf),
      parameters: info.named_endpoints[`/${name}`]?.parameters,
    })),
    captions: config.components.flatMap(({ type, props }) => (type === "gallery" ? captionsIn(props["value"]) : [])),
    withoutSelection: await call("run_lora", args(), "s0"),
    selection: await call("update_selection", [512, 768], "s1", 0),
    selectionBeyond: await call("update_selection", [512, 768], "s2", 99),
    run: await call("run_lora", args(), "s1"),
    tooManySteps: await call("run_lora", args({ steps: 51 }), "s1"),
    negativeSeed: await call("run_lora", args({ seed: -1 }), "s1"),
    wrongType: await call("run_lora", args({ cfg_scale: "three" }), "s1"),
    tooFew: await call("run_lora", [], "s1"),
    unknownSession: await eventsOf(`${url}${config.api_prefix}/queue/data?session_hash=nobody`),
    cancelUnknown: await json(`${url}${config.api_prefix}/cancel`, {
      event_id: "x",
      session_hash: "s1",
      fn_index: run.id,
    }),
    unknownFile: (await fetch(`${url}${config.api_prefix}/file=/tmp/gradio/none/none.png`)).status,
  };
}

const ARGUMENTS: Readonly<Record<string, unknown>> = {
  prompt: "a fox",
  image_strength: 0.75,
  cfg_scale: 3.5,
  steps: 3,
  randomize_seed: false,
  seed: 4_294_967_295,
  width: 256,
  height: 320,
  lora_scale: 1,
};

const captionsIn = (value: unknown): readonly unknown[] =>
  z
    .array(z.object({ caption: z.string() }))
    .parse(value)
    .map(({ caption }) => caption);

async function streamOf(
  url: string,
  prefix: string,
  body: Readonly<Record<string, unknown>> & { readonly session_hash: string },
): Promise<unknown> {
  const joined = await json(`${url}${prefix}/queue/join`, body);
  if (joined.status !== 200) return joined;
  return eventsOf(`${url}${prefix}/queue/data?session_hash=${body.session_hash}`);
}

async function eventsOf(url: string): Promise<unknown> {
  const answer = await fetch(url);
  const text = await textOf(answer);
  const messages = text
    .split("\n\n")
    .filter((part) => part.startsWith("data: "))
    .map((part): unknown => JSON.parse(part.slice(6)));
  const shapes = messages.map((message) => shapeOf(message));
  // How often tqdm reports depends on the clock.
  const told = shapes.filter((shape, at) => !(isProgress(shape) && isProgress(shapes[at - 1])));
  return { status: answer.status, mime: answer.headers.get("content-type")?.split(";")[0], messages: told };
}

/** As far as it came: after an error in mid-stream the real server breaks the connection. */
async function textOf(answer: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  try {
    for await (const part of answer.body ?? []) parts.push(part);
  } catch {
    // That it broke is no fact to compare: what came before is.
  }
  return Buffer.concat(parts).toString();
}

const isProgress = (shape: unknown): boolean => JSON.stringify(shape)?.includes('"msg":"progress"') ?? false;

/** A message without names, times and places. */
function shapeOf(value: unknown, key = ""): unknown {
  if (Array.isArray(value)) return value.map((each: unknown) => shapeOf(each, key));
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(
      Object.entries(value)
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, each]) => [name, shapeOf(each, name)]),
    );
  if (/eta|duration|time|event_id|size|index|average/u.test(key)) return "…";
  return typeof value === "string" ? value.replace(/\S*\/gradio\/\w+\/\S*/gu, "a file").replace(/ ✨/gu, "") : value;
}
