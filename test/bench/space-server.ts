import { randomBytes } from "node:crypto";
import sharp from "sharp";
import { openGradio } from "../fakes/gradio.ts";
import { galleryApp } from "../fakes/gradio-app.ts";

// The Space of `space.ts`, in a process of its own: told over IPC where it is, gone when its parent is.
const stepMs = Number(process.argv[2]);
const pictures = new Map<string, Uint8Array>();
for (const [width, height, compressionLevel] of [
  [832, 1216, 6],
  // Noise does not compress: as large as a picture of this size can be.
  [1536, 1536, 0],
] as const) {
  const raw = { width, height, channels: 3 as const };
  const pixels = compressionLevel === 0 ? randomBytes(width * height * 3) : Buffer.alloc(width * height * 3, 0x55);
  pictures.set(`${width}x${height}`, await sharp(pixels, { raw }).png({ compressionLevel }).toBuffer());
}
const server = await openGradio({
  app: { ...galleryApp, generation: "newer" },
  concurrency: 1000,
  spaceId: "bench/gallery",
  draw: (widthPx, heightPx) => pictures.get(`${widthPx}x${heightPx}`) ?? Buffer.alloc(0),
});
server.stepsTake(stepMs);
process.send?.({ url: server.url });
process.on("disconnect", () => process.exit());
