import { z } from "zod";
import { tinyPng } from "../../../src/backends/fake/png.ts";
import { pngSize } from "../../../src/lib/png.ts";
import type { FakeAnswer } from "../http-server.ts";
import type { oneAtATime } from "./lock.ts";

const listed = (name: string, model_path: string | null = null, scale = 4) => ({
  name,
  model_name: null,
  model_path,
  model_url: null,
  scale,
});

/** As the original lists them where nobody has put any there. Source: its `get_upscalers`, and `realesrgan_model.py`. */
export const UPSCALERS = [
  listed("None"),
  listed("Lanczos"),
  listed("Nearest"),
  listed("DAT x2", "https://github.com/n0kovo/dat_upscaler_models/raw/main/DAT/DAT_x2.pth", 2),
  listed("ESRGAN_4x", "https://github.com/cszn/KAIR/releases/download/v1.0/ESRGAN.pth"),
  listed("LDSR"),
  listed("R-ESRGAN 4x+", "https://github.com/xinntao/Real-ESRGAN/releases/download/v0.1.0/RealESRGAN_x4plus.pth"),
  listed("ScuNET", "https://github.com/cszn/KAIR/releases/download/v1.0/scunet_color_real_gan.pth"),
];
/** Of the same, what no model does. */
export const ARITHMETIC = [
  ...UPSCALERS.filter(({ model_path }) => model_path === null),
  listed("Resize Lanczos"),
  listed("ScuNET PSNR", "/srv/models/ScuNET/scunet_color_real_psnr.pth"),
];
/** A file that somebody put there: SD.Next writes the kind before its name. */
export const OWN = listed("ESRGAN 4x-UltraSharp", "C:\\sd\\models\\ESRGAN\\4x-UltraSharp.pth");

/** The real ones ignore what they do not know. */
export const enlargeBody = z.strictObject({
  resize_mode: z.literal(0),
  upscaling_resize: z.number().gt(1).max(8),
  upscaler_1: z.string(),
  image: z.base64().min(1),
});

/** In its turn, after all that came before. The sides of what comes out are multiples of eight. */
export async function enlargedBy(
  body: Readonly<Record<string, unknown>>,
  {
    lock,
    upscalers,
    made,
  }: {
    readonly lock: ReturnType<typeof oneAtATime>;
    readonly upscalers: unknown;
    readonly made: Uint8Array | undefined;
  },
): Promise<FakeAnswer> {
  const { image, upscaler_1: name, upscaling_resize: by } = enlargeBody.parse(body);
  const names = z.array(z.object({ name: z.string() })).parse(upscalers);
  if (!names.some((each) => each.name === name))
    return { status: 500, json: { error: "AssertionError", detail: "", body: "", errors: "could not find upscaler" } };
  const { widthPx, heightPx } = pngSize(Buffer.from(image, "base64"));
  const own = lock.add(body, true);
  await own.ended;
  const side = (px: number) => Math.floor((px * by) / 8) * 8;
  const larger = made ?? tinyPng(side(widthPx), side(heightPx), `larger ${own.state}`);
  return { json: { html_info: "<p>Postprocess upscale by: 2</p>", image: Buffer.from(larger).toString("base64") } };
}
