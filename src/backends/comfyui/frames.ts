import { parseForeignJson } from "../../lib/foreign-json.ts";
import { previewMetaSchema } from "./wire.ts";

export interface PreviewFrame {
  readonly promptId: string;
  readonly node: string;
  readonly bytes: Uint8Array;
}

const PREVIEW_WITH_METADATA = 4;

/**
 * An unfinished picture that says whose it is. `undefined` for every other binary message: type 1 has no prompt id, so it
 * may be anybody's picture. Source: BACKENDS reference, 6; ComfyUI's protocol.py.
 */
export function previewIn(frame: Uint8Array): PreviewFrame | undefined {
  const bytes = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength);
  if (bytes.length < 8 || bytes.readUInt32BE(0) !== PREVIEW_WITH_METADATA) return undefined;
  const end = 8 + bytes.readUInt32BE(4);
  if (end >= bytes.length) return undefined;
  try {
    const meta = previewMetaSchema.safeParse(parseForeignJson(bytes.toString("utf8", 8, end)));
    return meta.success
      ? { promptId: meta.data.prompt_id, node: meta.data.node_id, bytes: bytes.subarray(end) }
      : undefined;
  } catch {
    // A preview that cannot be read is one preview less.
    return undefined;
  }
}
