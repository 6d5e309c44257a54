import { gunzipSync } from "node:zlib";
import { afterEach, expect, it, vi } from "vitest";
import { COPY_WIDTHS_PX } from "../../adapters/web/limits.ts";
import { ask, NotingCore } from "./web-client.ts";
import { freshFolder, webIn } from "./web-world.ts";

// The page's own file, which has no types here.
const PAGE_MODULE = "../../adapters/web/page/picture-source.js";
const { sourceOf, firstUrl } = (await import(PAGE_MODULE)) as {
  readonly sourceOf: (image: unknown, width: string) => { readonly srcset: string; readonly sizes: string };
  readonly firstUrl: (key: string) => string;
};

afterEach(() => vi.unstubAllGlobals());

const KEY = "picture/abcdefghijklmnop.0/posted";
const copies = (widthPx: number) =>
  sourceOf({ key: KEY, widthPx, heightPx: 10 }, "50vw").srcset.replaceAll(`/media/${KEY}?w=`, "");

it.each([
  [832, "320 320w, 480 480w, 640 640w, 960 832w"],
  [640, "320 320w, 480 480w, 640 640w"],
  [100, "320 100w"],
  [2560, "320 320w, 480 480w, 640 640w, 960 960w, 1280 1280w, 1920 1920w"],
])("a picture %d px wide has copies up to its own width, and no larger ones", (widthPx, srcset) => {
  vi.stubGlobal("devicePixelRatio", 1);
  expect(copies(widthPx)).toBe(srcset);
});

it.each([
  [1, undefined, "50vw"],
  [2, undefined, "50vw"],
  [3, undefined, "calc(0.667 * 50vw)"],
  [2, { saveData: true }, "calc(0.500 * 50vw)"],
])("a screen of %d pixels for one, with %j, asks for %s", (pixels, connection, sizes) => {
  vi.stubGlobal("devicePixelRatio", pixels);
  vi.stubGlobal("navigator", { connection });
  expect(sourceOf({ key: KEY, widthPx: 832, heightPx: 10 }, "50vw").sizes).toBe(sizes);
});

it("the page asks for no width that the server does not make, and for all that it makes", () => {
  vi.stubGlobal("devicePixelRatio", 1);
  const all = [firstUrl(KEY), ...sourceOf({ key: KEY, widthPx: 9999, heightPx: 10 }, "50vw").srcset.split(", ")];
  expect(all.map((url) => Number(/w=(\d+)/.exec(url)?.[1]))).toEqual(COPY_WIDTHS_PX);
});

it.each(["/", "/page/app.js", "/page/words"])(
  "sends %s packed to who can unpack it, and as it is to others",
  async (path) => {
    const web = webIn(freshFolder());
    await web.start([], new NotingCore());
    const plain = await (await ask(web, path)).text();
    const packed = await ask(web, path, { headers: { "accept-encoding": "br, gzip" } });
    expect(packed.headers.get("content-encoding")).toBe("gzip");
    expect(packed.headers.get("vary")).toContain("accept-encoding");
    const bytes = new Uint8Array(await packed.arrayBuffer());
    expect(gunzipSync(bytes).toString()).toBe(plain);
    await web.stop();
  },
);
