import type { FamilyGraph } from "../graph-input.ts";
import { type GraphNode, type Link, node } from "../node.ts";

/** Of pictures to go by, where there are none. */
const RESOLUTION_PX = 1024;
/** They come in the size that they should have. */
const AS_THEY_ARE = 0;

interface Words {
  readonly positive: string;
  readonly negative: string | undefined;
}

/** One node for both sides, and its template uses no other. */
const told = ({ positive, negative }: Words, inputs: GraphNode["inputs"]) => ({
  nodes: {
    "30": node("TextEncodeQwenImage21", { prompt: positive, negative_prompt: negative ?? "", ...inputs }),
  },
  positive: ["30", 0] satisfies Link,
  ...(negative === undefined ? {} : { negative: ["30", 1] satisfies Link }),
});

export const graph: FamilyGraph = {
  families: ["qwen-image-21"],
  since: [0, 37, 2],
  encoderType: "qwen_image",
  emptyLatent: "EmptyLatentImage",
  words: (clip, texts) => told(texts, { clip, resolution: RESOLUTION_PX }),
  edit: {
    tells: "words",
    words: (clip, texts, { vae, images }) =>
      told(texts, {
        clip,
        vae,
        resolution: AS_THEY_ARE,
        ...Object.fromEntries(images.map((image, at) => [`images.image_${at + 1}`, image])),
      }),
  },
};
