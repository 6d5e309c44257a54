import { createHash } from "node:crypto";
import { pngSize } from "../../../src/lib/png.ts";
import { classOf, type FakeGraph, linkIn } from "./check.ts";

export interface Size {
  readonly widthPx: number;
  readonly heightPx: number;
}

/** Nodes in the order they run: each after those it takes from. */
export function inOrder(graph: FakeGraph, outputs: readonly string[]): readonly string[] {
  const order: string[] = [];
  const visit = (id: string): void => {
    if (order.includes(id)) return;
    for (const value of Object.values(graph[id]?.inputs ?? {})) {
      const link = linkIn(value);
      if (link) visit(link[0]);
    }
    order.push(id);
  };
  for (const output of outputs) visit(output);
  return order;
}

/** The same for the same node with the same inputs all the way up: what the real server caches by. */
export function fingerprint(graph: FakeGraph, id: string, known = new Map<string, string>()): string {
  const before = known.get(id);
  if (before !== undefined) return before;
  const node = graph[id];
  const inputs = Object.entries(node?.inputs ?? {}).map(([name, value]) => {
    const link = linkIn(value);
    return [name, link ? [fingerprint(graph, link[0], known), link[1]] : value];
  });
  const print = createHash("sha256")
    .update(JSON.stringify([node?.class_type, inputs]))
    .digest("hex");
  known.set(id, print);
  return print;
}

const numberOf = (graph: FakeGraph, id: string, name: string): number => Number(graph[id]?.inputs[name]);
const source = (graph: FakeGraph, id: string, name: string): readonly [string, number] => {
  const link = linkIn(graph[id]?.inputs[name]);
  if (!link) throw new Error(`the fake follows no value ${id}.${name}`);
  return link;
};

/** Steps a node takes; 0 for those that take none. */
export function stepsOf(graph: FakeGraph, id: string): number {
  switch (graph[id]?.class_type) {
    case "KSampler":
      return numberOf(graph, id, "steps");
    case "SamplerCustomAdvanced":
      return sigmasOf(graph, source(graph, id, "sigmas"));
    default:
      return 0;
  }
}

function sigmasOf(graph: FakeGraph, [id, output]: readonly [string, number]): number {
  if (graph[id]?.class_type === "BasicScheduler")
    return numberOf(graph, id, "denoise") <= 0 ? 0 : numberOf(graph, id, "steps");
  if (graph[id]?.class_type === "Flux2Scheduler") return numberOf(graph, id, "steps");
  const before = sigmasOf(graph, source(graph, id, "sigmas"));
  const step = Math.min(before, numberOf(graph, id, "step"));
  return output === 0 ? step : before - step;
}

/** Of a picture or a latent. */
export function sizeOf(graph: FakeGraph, id: string, upload: (name: string) => Uint8Array): Size {
  const from = (name: string) => sizeOf(graph, source(graph, id, name)[0], upload);
  const own = () => ({ widthPx: numberOf(graph, id, "width"), heightPx: numberOf(graph, id, "height") });
  switch (graph[id]?.class_type) {
    case "EmptyFlux2LatentImage":
    case "EmptySD3LatentImage":
    case "EmptyLatentImage": {
      // A latent pixel is 8 pixels wide; the rest is cut off.
      const { widthPx, heightPx } = own();
      return { widthPx: Math.floor(widthPx / 8) * 8, heightPx: Math.floor(heightPx / 8) * 8 };
    }
    case "ImageScale":
    case "EmptyImage":
      return own();
    case "LoadImage":
      return pngSize(upload(String(graph[id]?.inputs["image"])));
    case "ImageUpscaleWithModel": {
      const { widthPx, heightPx } = from("image");
      return { widthPx: widthPx * 4, heightPx: heightPx * 4 };
    }
    case "VAEEncode":
      return from("pixels");
    case "VAEDecode":
      return from("samples");
    case "LatentInterpolate":
      return from("samples1");
    case "SamplerCustomAdvanced":
    case "KSampler":
      return from("latent_image");
    case "SaveImage":
    case "PreviewImage":
      return from("images");
    default:
      throw new Error(`the fake knows no size of ${classOf(graph, id) ? graph[id]?.class_type : id}`);
  }
}
