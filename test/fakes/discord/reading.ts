import type { IncomingMessage } from "node:http";
import type { Upload } from "./files.ts";
import { refusals } from "./refusal.ts";

export interface Received {
  /** "application/json" or "multipart/form-data". */
  readonly type: string;
  readonly body: unknown;
  readonly uploads: ReadonlyMap<string, Upload>;
  /** Why it cannot be read. */
  readonly refusal?: Error;
}

const UNREAD = { type: "application/json", body: undefined, uploads: new Map<string, Upload>() };

/** Reads a request to its end, whatever its size, so that the client hears the answer. */
export async function receive(request: IncomingMessage, maxBytes: number): Promise<Received> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of request) {
    // A request without an encoding gives bytes.
    const bytes = chunk as Uint8Array;
    sizeBytes += bytes.length;
    if (sizeBytes <= maxBytes) chunks.push(bytes);
    else chunks.length = 0;
  }
  if (sizeBytes > maxBytes) return { ...UNREAD, refusal: refusals.tooLarge() };
  const type = request.headers["content-type"] ?? "application/json";
  const bytes = new Uint8Array(Buffer.concat(chunks));
  try {
    if (type.startsWith("multipart/form-data")) return await parts(type, bytes);
    return { ...UNREAD, body: bytes.length === 0 ? undefined : JSON.parse(Buffer.from(bytes).toString()) };
  } catch {
    return { ...UNREAD, refusal: refusals.notJson() };
  }
}

async function parts(type: string, bytes: Uint8Array<ArrayBuffer>): Promise<Received> {
  const form = await new Response(bytes, { headers: { "content-type": type } }).formData();
  const uploads = new Map<string, Upload>();
  for (const [key, value] of form) {
    const number = /^files\[(\d+)\]$/.exec(key)?.[1];
    if (number === undefined || typeof value === "string") continue;
    uploads.set(number, { name: value.name, mime: value.type, bytes: new Uint8Array(await value.arrayBuffer()) });
  }
  const payload = form.get("payload_json");
  return { type: "multipart/form-data", body: typeof payload === "string" ? JSON.parse(payload) : {}, uploads };
}
