import type { Context, Hono } from "hono";
import { text } from "../../src/domain/text.ts";
import { render } from "../../src/messages/render.ts";
import type { DocumentDownload } from "../../src/ports/chat.ts";
import { browserLanguage } from "./accepted-languages.ts";
import { rangeIn } from "./range.ts";
import type { RoutesServices } from "./services.ts";

/** Documents, piece by piece, whatever their size: to members, and to whoever has a signed link. */
export function documentRoutes(app: Hono, { documentFile }: Pick<RoutesServices, "documentFile">): void {
  app.get("/media/document/:id", async (c) => sent(c, await documentFile(c.req.param("id"))));
  app.get("/document/:id/:signature", async (c) =>
    sent(c, await documentFile(c.req.param("id"), c.req.param("signature"))),
  );
}

function sent(c: Context, found: DocumentDownload | undefined): Response {
  // Whoever comes by a link has no page of ours that could say it.
  if (!found)
    return c.text(render(text("web.document.gone"), browserLanguage(c)), 404, { "cache-control": "no-store" });
  const { name, mime, sizeBytes } = found;
  const range = rangeIn(c.req.header("range"), sizeBytes);
  if (range === "none") return c.body(null, 416, { "content-range": `bytes */${sizeBytes}` });
  const { from, to } = range ?? { from: 0, to: sizeBytes - 1 };
  return c.body(found.read(from, to), range ? 206 : 200, {
    "content-type": mime,
    "content-length": String(to - from + 1),
    ...(range ? { "content-range": `bytes ${from}-${to}/${sizeBytes}` } : {}),
    "accept-ranges": "bytes",
    "content-disposition": `attachment; filename="${asciiName(name)}"; filename*=UTF-8''${encodedName(name)}`,
    // It has an end, and nobody in between is to keep it longer.
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
  });
}

/** For browsers of before. */
const asciiName = (name: string): string => name.replace(/[^A-Za-z0-9. -]/g, "_").slice(-80);
/** RFC 8187. */
const encodedName = (name: string): string =>
  encodeURIComponent(name.toWellFormed()).replace(
    /['()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );
