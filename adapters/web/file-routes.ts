import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { Context, Hono, MiddlewareHandler } from "hono";
import { text } from "../../src/domain/text.ts";
import type { Media, MediaForm } from "../../src/ports/chat.ts";
import { documentRoutes } from "./document-routes.ts";
import { type PageFile, pageFiles } from "./files.ts";
import { COPY_WIDTHS_PX } from "./limits.ts";
import { pageLanguage, pageWords } from "./page-words.ts";
import { Refusal } from "./refusal.ts";
import { slowDown } from "./request.ts";
import { PICTURE_POLICY, SHOWN_TYPES } from "./sending.ts";
import type { FileServices } from "./services.ts";

/** What a browser loads by address: the page itself, pictures of the bot, pictures of members. */
export function fileRoutes(app: Hono, services: FileServices): void {
  const { addressOf, files } = services;
  const slowly: MiddlewareHandler = async (c, next) => {
    const address = addressOf(c);
    if (address !== undefined) slowDown(files, address, text("web.much.loaded"));
    await next();
  };
  app.use("/media/*", slowly);
  app.use("/uploads/*", slowly);
  app.use("/document/*", slowly);
  pageRoutes(app);
  documentRoutes(app, services);
  mediaRoutes(app, services);
}

const gzipped = new WeakMap<PageFile, Promise<Uint8Array<ArrayBuffer>>>();

/** With the first browser that asks: a start does without. */
function zipped(file: PageFile): Promise<Uint8Array<ArrayBuffer>> {
  const known = gzipped.get(file);
  if (known) return known;
  const made = promisify(gzip)(file.bytes).then((bytes) => new Uint8Array(bytes));
  gzipped.set(file, made);
  return made;
}

function pageRoutes(app: Hono): void {
  const files = pageFiles();
  const serve = async (c: Context, file: PageFile | undefined) => {
    if (!file) return c.notFound();
    c.header("cache-control", "no-cache");
    c.header("etag", file.etag);
    c.header("vary", "accept-encoding", { append: true });
    if (c.req.header("if-none-match") === file.etag) return c.body(null, 304);
    const headers = { "content-type": file.type };
    if (!/\bgzip\b/.test(c.req.header("accept-encoding") ?? "")) return c.body(file.bytes, 200, headers);
    return c.body(await zipped(file), 200, { ...headers, "content-encoding": "gzip" });
  };
  app.get("/", (c) => serve(c, files.get("index.html")));
  app.get("/wall", (c) => serve(c, files.get("wall.html")));
  app.get("/wall/:key", (c) => serve(c, files.get("meeting/wall.html")));
  for (const path of ["/join", "/join/:code", "/meeting"])
    app.get(path, (c) => serve(c, files.get("meeting/phone.html")));
  app.get("/access", (c) => serve(c, files.get("access.html")));
  app.get("/favicon.ico", (c) => serve(c, files.get("icon.svg")));
  app.get("/page/words", (c) => {
    c.header("vary", "accept-language");
    return serve(c, pageWords(pageLanguage(c)));
  });
  app.get("/page/:name{.+}", (c) => serve(c, files.get(c.req.param("name"))));
}

const FOREVER = "private, max-age=31536000, immutable";

function mediaRoutes(app: Hono, { media, uploads, sent }: FileServices): void {
  app.get("/media/:key{.+}", async (c) => {
    const key = c.req.param("key");
    const form = formIn(c.req.query("w"));
    const answer = form === "none" ? undefined : await sent(c, () => media(key, form), mediaHeaders(key, form));
    if (answer) return answer;
    c.header("cache-control", "no-store");
    throw new Refusal(404, text("web.picture.gone"));
  });

  app.get("/uploads/:id", async (c) => {
    const read = async () => {
      const bytes = await uploads.preview(c.req.param("id"));
      return bytes && { bytes };
    };
    const headers = { "content-type": "image/webp", "cache-control": FOREVER };
    return (await sent(c, read, () => headers)) ?? c.notFound();
  });
}

/** What the page asks for. Each width is made and kept, so there are few. */
function formIn(asked: string | undefined): MediaForm | undefined | "none" {
  if (asked === undefined || asked === "original") return asked;
  const shownPx = COPY_WIDTHS_PX.find((px) => String(px) === asked);
  return shownPx === undefined ? "none" : { shownPx };
}

const mediaHeaders =
  (key: string, form: MediaForm | undefined) =>
  ({ mime, fileName }: Media): Readonly<Record<string, string>> => {
    const shown = SHOWN_TYPES.has(mime);
    const saved = !shown || form === "original" || key.endsWith("/original");
    return {
      "content-type": shown ? mime : "application/octet-stream",
      // Only keys with an image id in them never change; a picture of a style or a template follows its gallery.
      "cache-control": cachedAs(key),
      ...(saved ? { "content-disposition": `attachment; filename="${safeName(fileName)}"` } : {}),
      "content-security-policy": PICTURE_POLICY,
    };
  };

function cachedAs(key: string): string {
  // What waits for a moderator is looked at, and kept nowhere.
  if (key.startsWith("held/")) return "no-store";
  return /^(?:style|template)\//.test(key) ? "private, max-age=300" : FOREVER;
}

const safeName = (name: string): string => name.replace(/[^A-Za-z0-9.-]/g, "").slice(0, 80);
