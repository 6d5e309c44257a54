import { withoutEngineTags } from "../../domain/prompt.ts";

/**
 * The prompt as plain words for CLIPTextEncode, which reads `(word:1.2)` as a weight and `embedding:name` as a file to
 * load. Square brackets mean nothing there. Source: BACKENDS reference, 6; ComfyUI 0.3.64, comfy/sd1_clip.py.
 */
export const promptForComfyui = (text: string): string =>
  withoutEngineTags(text).replaceAll("embedding:", "embedding :").replace(/[()]/gu, "\\$&");
