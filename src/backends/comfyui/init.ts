import { createHash } from "node:crypto";
import { blankImage } from "../../lib/sharp.ts";
import { fittedPicture, wholePicture } from "../shared/start-image.ts";
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

/** About what models of this kind look at; more of it only takes memory. */
const REFERENCE_SIDE_MAX_PX = 1024;

/** As it is, but no larger than a model looks at. @throws BackendError as `givenPicture` */
export const referencePicture = async (bytes: Uint8Array): Promise<StartPicture> =>
  named(await wholePicture(NAME, bytes, REFERENCE_SIDE_MAX_PX));

/** For a workflow that always starts from a picture: one that `change` 1 replaces altogether. */
export async function greyPicture({ widthPx, heightPx }: Size): Promise<StartPicture> {
  const create = { width: widthPx, height: heightPx, channels: 3, background: "#808080" } as const;
  return named(await blankImage(create).png().toBuffer());
}

const named = (png: Uint8Array): StartPicture => ({
  png,
  name: `start-${createHash("sha256").update(png).digest("hex").slice(0, 24)}.png`,
});
