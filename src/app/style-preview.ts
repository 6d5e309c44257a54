import type { Style } from "../domain/style.ts";
import { styleRequest } from "../features/draw/sample.ts";
import { asError } from "../lib/error.ts";
import { createSerial } from "../lib/serial.ts";
import type { Backend } from "../ports/backend.ts";
import type { Log } from "../ports/log.ts";

const GALLERY_WITHIN_MS = 20_000;

/**
 * Gallery pictures for styles that bring none: their first example, drawn by the backend that is always here and costs
 * nobody anything. One at a time, so that an open gallery never holds up a member's picture for long.
 */
export function drawStyleWith(
  backends: readonly Backend[],
  log: Log,
): (style: Style) => Promise<Uint8Array | undefined> {
  const backend = backends.find(({ where }) => where === "here");
  const oneByOne = createSerial();
  return async (style) => (backend ? oneByOne.run(() => drawn(backend, style, log)) : undefined);
}

async function drawn(backend: Backend, style: Style, log: Log): Promise<Uint8Array | undefined> {
  const request = { ...styleRequest(style), widthPx: 512, heightPx: 640 };
  try {
    for await (const event of backend.generate({ request, style, signal: AbortSignal.timeout(GALLERY_WITHIN_MS) }))
      if (event.type === "image") return event.bytes;
  } catch (error) {
    log.warn("style.undrawn", { style: style.id, error: asError(error) });
  }
  return undefined;
}
