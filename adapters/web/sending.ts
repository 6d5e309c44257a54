import type { Context } from "hono";
import { inPieces, type Outgoing } from "./outgoing.ts";
import { readerOf, whenGone } from "./request.ts";
import type { RoutesServices, SendFound } from "./services.ts";

/** Pictures on their way to browsers, of whatever route: `outgoing` bounds all of them together. */
export function sending(outgoing: Outgoing, addressOf: RoutesServices["addressOf"]): SendFound {
  return async function send<T extends { readonly bytes: Uint8Array }>(
    c: Context,
    read: () => Promise<T | undefined>,
    headersOf: (found: T) => Readonly<Record<string, string>>,
  ) {
    const leaving = await outgoing.next(addressOf(c), c.req.raw.signal);
    let found: T | undefined;
    try {
      found = await read();
    } finally {
      if (!found) leaving.end();
    }
    if (!found) return undefined;
    const { bytes } = found;
    // Without a socket nothing else tells that a stream nobody reads is over.
    leaving.begin(bytes.length, () => readerOf(c).cut?.());
    whenGone(c, leaving.end);
    const body = inPieces(bytes, readerOf(c).cut ? () => undefined : leaving.end);
    return c.body(body, 200, { ...headersOf(found), "content-length": String(bytes.length) });
  };
}

export const SHOWN_TYPES: ReadonlySet<string> = new Set(["image/png", "image/jpeg", "image/webp"]);
/** Of a picture: nothing in it runs, whatever its bytes are. */
export const PICTURE_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'";
