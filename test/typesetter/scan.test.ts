import { decodeQR } from "qr/decode.js";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { LAYOUTS } from "../../src/typesetter/layouts/families.ts";
import { draw } from "../../src/typesetter/painting/draw.ts";
import { readBrief } from "../../src/typesetter/reading/brief.ts";
import { english } from "../words.ts";
import { compositionOf, faultsOf, requestOf } from "./layouts.ts";

const HREF = "https://example.org/rent?week=12";
const PROMPT = `"Rent strike" "Friday 18:30", a fist, QR code to ${HREF}`;

async function scanned(request: ReturnType<typeof requestOf>): Promise<string> {
  const { png } = await draw({ request, trigger: "", initBytes: undefined });
  const { data, info } = await sharp(png).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return decodeQR({ width: info.width, height: info.height, data: new Uint8Array(data) });
}

describe("a link that is to be scanned", () => {
  it.each([["constructivist"], ["riso"], ["zine"]])("%s: is read back from the finished poster", async (name) => {
    expect(await scanned(requestOf(`${name}, ${PROMPT}`, { widthPx: 384, heightPx: 576 }))).toBe(HREF);
  });

  it.each(LAYOUTS.map(({ name }) => [name]))(
    "%s: keeps clear of the lettering, on a high and on a wide page",
    (name) => {
      for (const [widthPx, heightPx] of [
        [832, 1216],
        [1216, 640],
      ] as const) {
        const request = requestOf(`${name}, ${PROMPT}`, { widthPx, heightPx });
        expect(faultsOf({ request, hasPhoto: false })).toEqual([]);
        const texts = compositionOf(request).page.lettering.map(({ line }) => line.text);
        expect(texts.join("")).toContain("example.org/rent?week=12");
      }
    },
  );

  it("is read from a wide page and after it was made smaller", async () => {
    expect(await scanned(requestOf(`swiss, ${PROMPT}`, { widthPx: 1024, heightPx: 512 }))).toBe(HREF);
    const { png } = await draw({
      request: requestOf(`zine, ${PROMPT}`),
      trigger: "",
      initBytes: undefined,
    });
    // Near enough that the code fills the view: this decoder takes dots of the poster for corners of a code.
    const view = { left: 0, top: 730, width: 320, height: 187 };
    const smaller = await sharp(png).resize(640).png().toBuffer();
    const { data, info } = await sharp(smaller).extract(view).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
    expect(decodeQR({ width: info.width, height: info.height, data: new Uint8Array(data) })).toBe(HREF);
  });

  it("is left out where it could not be scanned, and that is said", () => {
    const { page, notes } = compositionOf(
      requestOf(`"Hello", QR code to https://example.org/${"x".repeat(200)}`, { widthPx: 256, heightPx: 256 }),
    );
    expect(english(notes).join()).toContain("There is no room for a QR code");
    expect(page.heightPx).toBe(256);
  });

  it.each<readonly [string, string | undefined, readonly string[]]>([
    ['"Strike" "Friday", QR code to example.org/a.', "https://example.org/a", ["Strike", "Friday"]],
    ["rent strike with a QR code for www.example.org/x", "https://www.example.org/x", ["RENT STRIKE"]],
    ['"Streik" QR-Code auf "https://example.org/a"', "https://example.org/a", ["Streik"]],
    ['"Huelga" código QR a https://example.org/a', "https://example.org/a", ["Huelga"]],
    ['"罢工" 二维码 https://example.org/a', "https://example.org/a", ["罢工"]],
    ['"Write us" scan me: mail@example.org', "mailto:mail@example.org", ["Write us"]],
    ['"example.org/a" "Strike"', undefined, ["example.org/a", "Strike"]],
    ['"Scan the horizon" a lighthouse', undefined, ["Scan the horizon"]],
  ])("%s", (prompt, href, texts) => {
    const { link, phrases } = readBrief({ prompt });
    expect(link?.href).toBe(href);
    expect(phrases.map(({ text }) => text)).toEqual(texts);
  });
});
