import type { Browser } from "playwright-core";
import sharp from "sharp";
import { createMediaSource } from "../../src/dispatch/media-source.ts";
import { log, stage } from "./stage.ts";

/** The usual poster. */
export const [WIDTH_PX, HEIGHT_PX] = [832, 1216] as const;

const idOf = (n: number) => `light-picture-${String(n).padStart(2, "0")}.0`;

/** As large as a model's: colours that run into each other, in few steps. 33 such were 27 MB. */
export async function painted(): Promise<Buffer> {
  const noise = { type: "gaussian" as const, mean: 128, sigma: 70 };
  const cells = { width: 26, height: 38, channels: 3 as const, background: "#a08060", noise };
  const rough = await sharp({ create: cells }).png().toBuffer();
  const smooth = sharp(rough).resize(WIDTH_PX, HEIGHT_PX, { fit: "fill", kernel: "cubic" });
  const stepped = await smooth
    .linear(1 / 8, 0)
    .png()
    .toBuffer();
  return sharp(stepped).linear(8, 0).png().toBuffer();
}

/** A group whose pictures have the real copies. All are one file. */
export async function groupOfPictures(
  browser: () => Browser,
  onTestFinished: (end: () => Promise<void>) => void,
  { count, file }: { readonly count: number; readonly file: Buffer },
) {
  const staged = await stage(browser, onTestFinished);
  const { web, core, open } = staged;
  core.media = createMediaSource({
    // Of a picture no more is asked: which, and how it came about.
    store: {
      picture: async () => ({ number: 1, recipe: { backend: "fake", request: {} } }) as never,
      picturesOf: async () => [],
      decision: async () => undefined,
    },
    nowMs: Date.now,
    files: { original: async () => new Uint8Array(file), sealed: async () => undefined } as never,
    styles: new Map(),
    previewFolder: ".",
    drawStyle: async () => undefined,
    drawTemplate: async () => undefined,
    drawBrand: async () => undefined,
    documentOf: async () => undefined,
    previewOf: async () => undefined,
    seenBy: () => undefined,
    warm: { take: () => undefined },
  });
  // Who makes the group runs it.
  const ada = await open("Ada");
  await log(ada).waitFor();
  await ada.context().close();
  const post = (n: number) =>
    web.post(
      { place: { platform: "web", chatId: "rent-strike", group: true }, memberId: "x" },
      {
        text: `#${n} · RCA · seed ${n}`,
        tone: "good",
        image: { key: `picture/${idOf(n)}/posted`, alt: `picture ${n}`, widthPx: WIDTH_PX, heightPx: HEIGHT_PX },
        buttons: [["Reroll", "Vary", "Edit", "Original"].map((label) => ({ label, token: `1.${label}.${n}` }))],
      },
      { nonce: `n${n}`, visibility: "public" },
    );
  for (let n = 0; n < count; n += 1) await post(n);
  return { ...staged, post };
}
