import type { DrawInput, FamilyGraph, Texts, Words } from "./graph-input.ts";
import { type Graph, type GraphNode, type Link, node } from "./node.ts";
import { promptForComfyui } from "./prompt.ts";

/** The pictures to change: the first in the picture's own size, so that what stays lies where it lay. */
export function picturesIn(
  { edit }: FamilyGraph,
  { edited = [], request: { widthPx: width, heightPx: height } }: DrawInput,
): { readonly nodes: Graph; readonly images: readonly Link[] } {
  const each = edited.map((image, at) => {
    const [load, scale] = [String(80 + at), String(83 + at)];
    const link: Link = [load, 0];
    const scaled =
      at === 0
        ? node("ImageScale", { image: link, upscale_method: "lanczos", width, height, crop: "center" })
        : edit?.scale && node(edit.scale, { image: link });
    const nodes: Graph = { [load]: node("LoadImage", { image }), ...(scaled ? { [scale]: scaled } : {}) };
    return { nodes, image: scaled ? ([scale, 0] satisfies Link) : link };
  });
  return { nodes: Object.assign({}, ...each.map(({ nodes }) => nodes)), images: each.map(({ image }) => image) };
}

/** The words, and the pictures that they speak of. */
export function toldOf(
  own: FamilyGraph,
  { request, numbers, method }: DrawInput,
  { clip, vae, images }: { readonly clip: Link; readonly vae: Link; readonly images: readonly Link[] },
): Words {
  const texts = {
    positive: promptForComfyui(request.finalPrompt),
    negative: numbers.cfg === 1 ? undefined : promptForComfyui(request.negativePrompt ?? ""),
  };
  if (images.length === 0) return (own.words ?? plainWords)(clip, texts);
  if (!own.edit) throw new Error(`there is no graph that changes pictures for ${own.families.join(", ")}`);
  const words =
    own.edit.tells === "words"
      ? own.edit.words(clip, texts, { vae, images })
      : withLatents((own.words ?? plainWords)(clip, texts), vae, images);
  return method === undefined ? words : keptApart(words, method);
}

/** On both sides of the words, as the templates do: a second pass that saw no picture would pull away from it. */
function withLatents({ nodes: told, ...words }: Words, vae: Link, images: readonly Link[]): Words {
  const nodes: Record<string, GraphNode> = { ...told };
  const chained = (from: Link, first: number): Link =>
    images.reduce<Link>((conditioning, _image, at) => {
      const id = String(first + at);
      nodes[id] = node("ReferenceLatent", { conditioning, latent: [String(86 + at), 0] });
      return [id, 0];
    }, from);
  for (const [at, pixels] of images.entries()) nodes[String(86 + at)] = node("VAEEncode", { pixels, vae });
  return {
    nodes,
    positive: chained(words.positive, 101),
    ...(words.negative === undefined ? {} : { negative: chained(words.negative, 111) }),
  };
}

function keptApart({ nodes, positive, negative }: Words, reference_latents_method: string): Words {
  const apart = (conditioning: Link) =>
    node("FluxKontextMultiReferenceLatentMethod", { conditioning, reference_latents_method });
  return {
    nodes: { ...nodes, "121": apart(positive), ...(negative === undefined ? {} : { "122": apart(negative) }) },
    positive: ["121", 0],
    ...(negative === undefined ? {} : { negative: ["122", 0] }),
  };
}

function plainWords(clip: Link, { positive, negative }: Texts): Words {
  const encoded = (text: string) => node("CLIPTextEncode", { clip, text });
  return negative === undefined
    ? { nodes: { "30": encoded(positive) }, positive: ["30", 0] }
    : { nodes: { "30": encoded(positive), "32": encoded(negative) }, positive: ["30", 0], negative: ["32", 0] };
}
