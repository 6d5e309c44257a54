import type { Context, Hono, MiddlewareHandler } from "hono";
import type { Media } from "../../src/ports/chat.ts";
import { acceptedLanguages } from "./accepted-languages.ts";
import { type PageFile, pageFiles } from "./files.ts";
import { RATES } from "./limits.ts";
import { pageLanguage, pageWords } from "./page-words.ts";
import { slowDown } from "./request.ts";
import type { RoutesServices } from "./services.ts";
import { Throttle } from "./throttle.ts";
import type { Uploads } from "./uploads.ts";

/** What a browser loads by address: the page itself, pictures of the bot, pictures of members. */
export function fileRoutes(app: Hono, { media, uploads, addressOf, nowMs }: RoutesServices): void {
  const files = new Throttle(RATES.fileHere, nowMs);
  const slowly: MiddlewareHandler = async (c, next) => {
    const address = addressOf(c);
    if (address !== undefined) slowDown(files, address, "A lot of pictures were asked for from here.");
    await next();
  };
  app.use("/media/*", slowly);
  app.use("/uploads/*", slowly);
  pageRoutes(app);
  mediaRoutes(app, media, uploads);
}

function pageRoutes(app: Hono): void {
  const files = pageFiles();
  const serve = (c: Context, file: PageFile | undefined) => {
    if (!file) return c.notFound();
    c.header("cache-control", "no-cache");
    c.header("etag", file.etag);
    if (c.req.header("if-none-match") === file.etag) return c.body(null, 304);
    return c.body(file.bytes, 200, { "content-type": file.type });
  };
  app.get("/", (c) => serve(c, files.get("index.html")));
  app.get("/wall", (c) => serve(c, files.get("wall.html")));
  app.get("/access", (c) => serve(c, files.get("access.html")));
  app.get("/favicon.ico", (c) => serve(c, files.get("icon.svg")));
  app.get("/page/words", (c) => {
    c.header("vary", "accept-language");
    return serve(c, pageWords(pageLanguage(c.req.query("language"), acceptedLanguages(c))));
  });
  app.get("/page/:name{.+}", (c) => serve(c, files.get(c.req.param("name"))));
}

const SHOWN_TYPES = new Set(["image/png", "image/jpeg", "image/webp"]);

function mediaRoutes(app: Hono, media: (key: string) => Promise<Media | undefined>, uploads: Uploads): void {
  app.get("/media/:key{.+}", async (c) => {
    const key = c.req.param("key");
    const found = await media(key);
    if (!found) {
      c.header("cache-control", "no-store");
      return c.json({ error: "This picture is no longer here." }, 404);
    }
    const shown = SHOWN_TYPES.has(found.mime);
    // Only keys with an image id in them never change; a style's picture follows the gallery.
    c.header(
      "cache-control",
      key.startsWith("style/") ? "private, max-age=300" : "private, max-age=31536000, immutable",
    );
    if (!shown || key.endsWith("/original"))
      c.header("content-disposition", `attachment; filename="${safeName(found.fileName)}"`);
    c.header("content-security-policy", "default-src 'none'; sandbox; frame-ancestors 'none'");
    return c.body(new Uint8Array(found.bytes), 200, {
      "content-type": shown ? found.mime : "application/octet-stream",
    });
  });

  app.get("/uploads/:id", async (c) => {
    const bytes = await uploads.preview(c.req.param("id"));
    if (!bytes) return c.notFound();
    c.header("cache-control", "private, max-age=31536000, immutable");
    return c.body(new Uint8Array(bytes), 200, { "content-type": "image/webp" });
  });
}

const safeName = (name: string): string => name.replace(/[^A-Za-z0-9.-]/g, "").slice(0, 80);
