import sharp from "sharp";
import { describe, expect, it, onTestFinished } from "vitest";
import { tinyPng } from "../../src/backends/fake/png.ts";
import type { ImageRequest } from "../../src/domain/recipe.ts";
import { styleSchema } from "../../src/domain/style.ts";
import type { BackendEvent } from "../../src/ports/backend.ts";
import { someRequest, someStyle } from "../contracts/backend.ts";
import { type InputKind, NEWER_CHOICES, NODE_CLASSES } from "../fakes/comfyui/nodes.ts";
import type { LiveComfyui } from "./comfyui-live.ts";
import { backendAt, eventually } from "./comfyui-rig.ts";

/** Of a server that somebody started, as they count for Placard. */
const NAMED = ["COMFYUI_MODEL", "COMFYUI_CLIP", "COMFYUI_T5", "COMFYUI_VAE"];
const MINUTES_MS = 600_000;
const SMALL: Partial<ImageRequest> = { widthPx: 256, heightPx: 320, steps: 4 };

function openedAt(url: string, named: readonly string[]) {
  const env = named.flatMap((name) => (process.env[name] ? [[name, process.env[name]] as const] : []));
  const backend = backendAt([url], Object.fromEntries(env), { pollEveryMs: 500, patienceMs: 30_000 });
  onTestFinished(() => backend.close());
  const generate = (
    change: Partial<ImageRequest> = {},
    more: { signal?: AbortSignal; attachKey?: string; initBytes?: Uint8Array; lora?: string } = {},
  ) => {
    const { lora, signal = AbortSignal.timeout(MINUTES_MS), ...rest } = more;
    return backend.generate({
      request: { ...someRequest, ...SMALL, ...change },
      style: styleSchema.parse({ ...someStyle, ...(lora === undefined ? {} : { lora: { comfyui: lora } }) }),
      signal,
      ...rest,
    });
  };
  return {
    backend,
    generate,
    make: (...input: Parameters<typeof generate>) => Array.fromAsync<BackendEvent>(generate(...input)),
  };
}
const imageIn = (events: readonly BackendEvent[]) => {
  const image = events.find((event) => event.type === "image");
  if (!image) throw new Error("no image");
  return image;
};
const pixelsOf = (events: readonly BackendEvent[]) => sharp(imageIn(events).bytes).raw().toBuffer();
/** Mean difference of a channel, 0 to 255. */
async function distance(a: readonly BackendEvent[], b: readonly BackendEvent[]): Promise<number> {
  const [one, other] = await Promise.all([pixelsOf(a), pixelsOf(b)]);
  expect(one.length).toBe(other.length);
  return one.reduce((sum, value, at) => sum + Math.abs(value - (other[at] ?? 0)), 0) / one.length;
}
/** A blend of one part is computed all the same: single values may be rounded otherwise. */
const ALIKE = 0.01;
/** With the nodes that every ComfyUI has, and a FLUX.1 model. */
export function flux1LiveChecks(name: string, live: LiveComfyui): void {
  describe(name, () => {
    const check = (test: string, body: () => Promise<void>) =>
      it(test, { timeout: MINUTES_MS }, async (context) => {
        if (live.url() === "") context.skip(live.needs);
        await body();
      });
    const opened = () => openedAt(live.url(), live.ours ? [] : NAMED);
    async function asked(path: string, body?: unknown): Promise<Record<string, unknown>> {
      const answer = await fetch(
        live.url() + path,
        body === undefined ? {} : { method: "POST", body: JSON.stringify(body) },
      );
      // The border of a test's own questions: what is read of it is compared below.
      return answer.json() as Promise<Record<string, unknown>>;
    }

    check("has the nodes that the fake has, with the same inputs", async () => {
      for (const [name, wanted] of Object.entries(NODE_CLASSES)) {
        if (wanted.since !== undefined) continue;
        const info = (await asked(`/object_info/${name}`))[name] as {
          readonly input: Readonly<Record<string, Readonly<Record<string, readonly unknown[]>>>>;
          readonly output: readonly string[];
          readonly output_node: boolean;
        };
        expect(info, name).toBeDefined();
        expect(info.output, name).toEqual(wanted.outputs);
        expect(info.output_node, name).toBe(wanted.isOutput ?? false);
        const inputs = { ...info.input["required"], ...info.input["optional"] };
        const kinds = { ...wanted.required, ...wanted.optional };
        expect(Object.keys(inputs).toSorted(), name).toEqual(Object.keys(kinds).toSorted());
        for (const [input, kind] of Object.entries(kinds))
          expect(isKind(inputs[input], kind), `${name}.${input}`).toBe(true);
      }
    });

    check("makes a picture, step by step, and the same one again from its cache", async () => {
      const { backend, make } = opened();
      expect(await backend.health(AbortSignal.timeout(2000))).toMatchObject({ up: true });
      // Not yet in its cache, whatever ran before.
      const seed = Math.floor(Math.random() * 0xffff_ffff);
      const first = await make({ seed });
      expect(first.filter((event) => event.type === "progress" && event.step).length).toBeGreaterThan(0);
      expect(imageIn(first)).toMatchObject({ seed, usedMs: expect.any(Number) });
      const again = await make({ seed });
      expect(again.filter((event) => event.type === "progress" && event.step)).toEqual([]);
      expect(await distance(first, again)).toBe(0);
      expect(await distance(first, await make({ seed: (seed + 1) % 0xffff_ffff }))).toBeGreaterThan(0);
    });

    check("varies exactly: strength 0 is the seed's picture, 1 the other seed's", async () => {
      const { make } = opened();
      const [base, other] = [await make({ seed: 0 }), await make({ seed: 0xffff_ffff })];
      const at = (strength: number) => make({ seed: 0, variation: { seed: 0xffff_ffff, strength } });
      expect(await distance(base, await at(0))).toBeLessThan(ALIKE);
      expect(await distance(other, await at(1))).toBeLessThan(ALIKE);
      const between = await at(0.5);
      expect(await distance(base, between)).toBeGreaterThan(ALIKE);
      expect(await distance(other, between)).toBeGreaterThan(ALIKE);
    });

    check("starts from a picture: change 0 keeps it, more takes more of it away, with a variation too", async () => {
      const { make } = opened();
      const initBytes = tinyPng(300, 300, "start");
      const from = (strength: number, more: Partial<ImageRequest> = {}) =>
        make({ init: { key: "k", strength }, ...more }, { initBytes });
      const unchanged = await from(0);
      const little = await distance(unchanged, await from(0.3));
      expect(little).toBeGreaterThan(0);
      expect(await distance(unchanged, await from(0.9))).toBeGreaterThan(little);
      // Without noise the seed has no say.
      expect(await distance(unchanged, await from(0, { seed: 99 }))).toBe(0);
      await from(0, { variation: { seed: 3, strength: 0.5 } });
      expect(await distance(await from(0.6), await from(0.6, { variation: { seed: 3, strength: 0 } }))).toBeLessThan(
        ALIKE,
      );
    });

    check("takes true CFG, a negative prompt, guidance and the LoRA's scale", async () => {
      const { backend, make } = opened();
      const base = await make();
      expect(await distance(base, await make({ guidance: 9 }))).toBeGreaterThan(0);
      const guided = await make({ trueCfg: 3 });
      expect(await distance(base, guided)).toBeGreaterThan(0);
      expect(await distance(guided, await make({ trueCfg: 3, negativePrompt: "fox" }))).toBeGreaterThan(0);
      const [lora] = (await backend.inspect?.([], AbortSignal.timeout(10_000)))?.loras ?? [];
      if (lora === undefined) return;
      const full = await make({}, { lora });
      expect(imageIn(full).lora).toEqual({ reference: lora });
      expect(await distance(base, full)).toBeGreaterThan(0);
      expect(await distance(full, await make({ loraScale: 0.3 }, { lora }))).toBeGreaterThan(0);
      expect(await distance(base, await make({ loraScale: 0 }, { lora }))).toBe(0);
    });

    check("reads brackets as words", async () => {
      const { make } = opened();
      const as = (finalPrompt: string) => make({ finalPrompt });
      expect(await distance(await as("a (fox:1.9) b"), await as("a fox b"))).toBeGreaterThan(0);
      await as("embedding:../../x, ((((, \\( ]");
    });

    const LONG: Partial<ImageRequest> = { widthPx: 512, heightPx: 512, steps: 50 };
    const statusOf = async (id: string) => {
      const entry = (await asked(`/history/${id}`))[id] as
        | { readonly status: { readonly status_str: string } }
        | undefined;
      return entry?.status.status_str;
    };
    const idIn = (event: BackendEvent) => (event.type === "attached" ? event.key.split(" ")[1]! : "");

    check("cancels a running and a waiting job, and nobody else's", async () => {
      const { generate, make } = opened();
      const controls = [new AbortController(), new AbortController()];
      const reason = new Error("cancelled");
      const ids: string[] = [];
      const [running, waiting] = controls.map(async ({ signal }, index) => {
        for await (const event of generate({ ...LONG, seed: (Date.now() % 1_000_000) + index }, { signal }))
          if (event.type === "attached") ids[index] = idIn(event);
      });
      running?.catch(() => undefined);
      waiting?.catch(() => undefined);
      const queue = async () => (await asked("/queue")) as Record<string, readonly (readonly unknown[])[]>;
      const has = async (list: string, id: string | undefined) => (await queue())[list]?.some((each) => each[1] === id);
      await eventually(async () => (await queue())["queue_pending"]?.length).toBe(1);
      const isFirst = await has("queue_running", ids[0]);
      const [ahead, behind] = isFirst ? [0, 1] : [1, 0];
      controls[behind]?.abort(reason);
      await expect([running, waiting][behind]).rejects.toBe(reason);
      expect(await has("queue_pending", ids[behind])).toBe(false);
      expect(await has("queue_running", ids[ahead])).toBe(true);
      controls[ahead]?.abort(reason);
      await expect([running, waiting][ahead]).rejects.toBe(reason);
      await eventually(() => statusOf(ids[ahead] ?? "")).toBe("error");
      await make({ seed: Date.now() % 1_000_000 });
    });

    check("is left running by a process that dies, and picked up by the next", async () => {
      const { generate, make } = opened();
      const events = generate({ ...LONG, steps: 20, seed: Date.now() % 1_000_000 })[Symbol.asyncIterator]();
      const first = await events.next();
      void events.next().catch(() => undefined);
      const id = first.done ? "" : idIn(first.value);
      await eventually(async () => JSON.stringify(await asked("/queue")).includes(id)).toBe(true);
      const attachKey = `${new URL(live.url()).host} ${id}`;
      const picked = await make({ ...LONG, steps: 20 }, { attachKey });
      expect(picked.some(({ type }) => type === "attached")).toBe(false);
      expect(await statusOf(id)).toBe("success");
      expect(imageIn(picked).bytes.length).toBeGreaterThan(0);
    });
  });
}

/** The server's own description of an input. */
function isKind(given: readonly unknown[] | undefined, kind: InputKind): boolean {
  const [type, options = {}] = (given ?? []) as readonly [unknown, { min?: number; max?: number; options?: unknown }?];
  const values = Array.isArray(type) ? type : options.options;
  switch (kind.of) {
    case "link":
      return type === kind.type;
    case "STRING":
      return type === "STRING";
    case "INT":
    case "FLOAT":
      return type === kind.of && options.min === kind.min && options.max === kind.max;
    case "list":
      return (
        Array.isArray(values) && kind.values.every((value) => values.includes(value) || NEWER_CHOICES.includes(value))
      );
    case "files":
    case "upload":
      return Array.isArray(values);
  }
}
