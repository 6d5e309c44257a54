import { createHash } from "node:crypto";
import { blankImage } from "../../lib/sharp.ts";
import { fittedPicture } from "../shared/start-image.ts";
import { NAME } from "./errors.ts";

export interface StartPicture {
  readonly png: Uint8Array;
  /** By content: the same picture twice is one file on the server, and never another one under the same name. */
  readonly name: string;
}

interface Size {
  readonly widthPx: number;
  readonly heightPx: number;
}

/** @throws BackendError "rejected" when it cannot be read: ComfyUI would notice only at run time */
export const givenPicture = async (bytes: Uint8Array, size: Size): Promise<StartPicture> =>
  named(await fittedPicture(NAME, bytes, size));

/** For a workflow that always starts from a picture: one that `change` 1 replaces altogether. */
export async function greyPicture({ widthPx, heightPx }: Size): Promise<StartPicture> {
  const create = { width: widthPx, height: heightPx, channels: 3, background: "#808080" } as const;
  return named(await blankImage(create).png().toBuffer());
}

const named = (png: Uint8Array): StartPicture => ({
  png,
  name: `start-${createHash("sha256").update(png).digest("hex").slice(0, 24)}.png`,
});
