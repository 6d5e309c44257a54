import { type FamilyGraph, node } from "../graph.ts";

/** Of pictures to go by; there are none here. */
const RESOLUTION_PX = 1024;

export const graph: FamilyGraph = {
  families: ["qwen-image-21"],
  since: [0, 37, 2],
  encoderType: "qwen_image",
  emptyLatent: "EmptyLatentImage",
  // One node for both sides, and its template uses no other.
  words: (clip, { positive, negative }) => ({
    nodes: {
      "30": node("TextEncodeQwenImage21", {
        clip,
        prompt: positive,
        negative_prompt: negative ?? "",
        resolution: RESOLUTION_PX,
      }),
    },
    positive: ["30", 0],
    ...(negative === undefined ? {} : { negative: ["30", 1] }),
  }),
};
