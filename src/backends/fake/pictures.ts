import type { ImageRequest } from "../../domain/recipe.ts";
import type { FakeMood } from "./options.ts";
import { blackPng, bombPng, tinyPng } from "./png.ts";

/** What a picture of this mood is made of. */
export async function pictureOf(mood: FakeMood, request: ImageRequest): Promise<Uint8Array> {
  const { widthPx, heightPx } = request;
  const good = () => tinyPng(widthPx, heightPx, JSON.stringify(request));
  switch (mood) {
    case "garbage":
      return Buffer.from("not a picture at all, whatever the header said".repeat(20));
    case "html":
      return Buffer.from("<!doctype html><title>502 Bad Gateway</title><h1>Bad Gateway</h1>");
    case "truncated":
      return good().subarray(0, 70);
    case "bomb":
      return bombPng();
    case "wrong_size":
      return tinyPng(widthPx === 256 ? 192 : 256, heightPx, JSON.stringify(request));
    case "wrong_type": {
      const { default: sharp } = await import("sharp");
      return sharp(good()).jpeg().toBuffer();
    }
    case "black":
      return blackPng(widthPx, heightPx);
    default:
      return good();
  }
}
