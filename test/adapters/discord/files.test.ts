import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import sharp from "sharp";
import { describe, expect, it, onTestFinished } from "vitest";
import { attachmentsOf } from "../../../adapters/discord/attachments.ts";
import { compose } from "../../../adapters/discord/compose.ts";
import { UPLOAD } from "../../../adapters/discord/limits.ts";
import { fitPicture, megabytes } from "../../../adapters/discord/shrink-image.ts";
import type { Media } from "../../../src/ports/chat.ts";
import { englishWords } from "../../words.ts";

/** Noise: nothing makes it smaller but losing some of it. */
async function noise(sidePx: number): Promise<Media> {
  const raw = { width: sidePx, height: sidePx, channels: 3 as const };
  const bytes = await sharp(randomBytes(sidePx * sidePx * 3), { raw })
    .png()
    .toBuffer();
  return { bytes, mime: "image/png", fileName: "placard-12.png" };
}
const picture = await noise(200);
const IMAGE = { key: "k", alt: "noise", widthPx: 200, heightPx: 200 };

describe("a picture too large for its place", () => {
  it("stays as it was made where it fits exactly", async () => {
    expect(await fitPicture(picture, picture.bytes.length)).toEqual({ media: picture });
  });
  it.each([
    [0.9, "image/webp", "WebP", 200],
    [0.2, "image/webp", "a smaller WebP", 140],
    [0.06, "image/jpeg", "a smaller JPEG", 100],
  ])("steps down to %d of its size, says so, and fits", async (part, mime, label, widthPx) => {
    const maxBytes = Math.floor(picture.bytes.length * part);
    const fitted = await fitPicture(picture, maxBytes);
    expect(fitted?.media.mime).toBe(mime);
    expect(fitted?.media.bytes.length).toBeLessThanOrEqual(maxBytes);
    expect(fitted?.note && englishWords(fitted.note)).toContain(`Shown as ${label}: the picture has`);
    expect(fitted?.media.fileName).toMatch(/^placard-12\.(webp|jpg)$/);
    expect((await sharp(fitted?.media.bytes).metadata()).width).toBe(widthPx);
  });
  it("is none where nothing fits, and where it is no picture", async () => {
    expect(await fitPicture(picture, 10)).toBeUndefined();
    expect(await fitPicture({ ...picture, bytes: Buffer.from("no picture") }, 3)).toBeUndefined();
  });
  it("tells sizes in the unit people see", () => expect(englishWords(megabytes(10 * 1024 * 1024))).toBe("10 MB"));
});

describe("what a message brings along", () => {
  const media = async (key: string) => (key === "k" ? picture : undefined);

  it("uploads a picture with its description, covered where the chat wants it", async () => {
    const { body, files, pictures } = await compose(
      { text: "x", image: { ...IMAGE, spoiler: true } },
      { media, maxBytes: 1e7 },
    );
    expect(files).toMatchObject([{ name: "SPOILER_placard-12.png", contentType: "image/png" }]);
    expect(body.attachments).toEqual([
      { id: "0", filename: "SPOILER_placard-12.png", description: "noise", is_spoiler: true },
    ]);
    expect(pictures).toEqual([{ key: "k", name: "SPOILER_placard-12.png" }]);
  });
  it("keeps all files of a message within one request, whatever the place takes", async () => {
    const big = { ...picture, bytes: new Uint8Array(UPLOAD.requestMaxBytes - 1000) };
    const view = { text: "x", image: IMAGE, file: { key: "big", name: "placard-12.png" } };
    const found = async (key: string) => (key === "big" ? big : picture);
    const { body, files } = await compose(view, { media: found, maxBytes: UPLOAD.requestMaxBytes });
    expect(files.map(({ name }) => name)).toEqual(["placard-12.png"]);
    expect(body.content).toMatch(/The file has 24 MB/);
  });
  it("covers an original just so", async () => {
    const file = { key: "k", name: "placard-12.png", alt: "noise", spoiler: true } as const;
    const { body, files } = await compose({ text: "x", file }, { media, maxBytes: 1e7 });
    expect(files).toMatchObject([{ name: "SPOILER_placard-12.png" }]);
    expect(body.attachments).toMatchObject([{ description: "noise", is_spoiler: true }]);
  });
  it("blurs the small pictures of a gallery, which Discord cannot cover", async () => {
    const stripe = Array.from({ length: 8 }, (_, at) => `M${at * 8 + 2} 0V64`).join("");
    const stripes = await sharp({ create: { width: 64, height: 64, channels: 3, background: "#fff" } })
      .composite([
        {
          input: Buffer.from(`<svg width="64" height="64"><path d="${stripe}" stroke="#000" stroke-width="4"/></svg>`),
        },
      ])
      .png()
      .toBuffer();
    const shown = async (spoiler?: true) => {
      const image = { ...IMAGE, ...(spoiler ? { spoiler } : {}) };
      const { files } = await compose(
        { text: "x", tiles: [{ title: "#1", text: "", image }] },
        { media: async () => ({ ...picture, bytes: stripes }), maxBytes: 1e7 },
      );
      const { channels } = await sharp(files[0]?.data).stats();
      return channels[0]?.stdev ?? 0;
    };
    expect(await shown()).toBeGreaterThan(120);
    expect(await shown(true)).toBeLessThan(40);
    const none = await compose(
      { text: "x", tiles: [{ title: "#1", text: "", image: { ...IMAGE, spoiler: true } }] },
      { media: async () => ({ ...picture, bytes: Buffer.from("no picture") }), maxBytes: 1e7 },
    );
    expect(none.files).toEqual([]);
  });
  it("uploads nothing for a picture that is there", async () => {
    const shown = [{ key: "k", name: "placard-12.png", attachmentId: "77" }];
    const { body, files } = await compose({ text: "x", image: IMAGE }, { media, maxBytes: 1e7, shown });
    expect(files).toEqual([]);
    expect(body.attachments).toEqual([{ id: "77" }]);
  });
  it("says when a picture was made smaller, and when it is gone", async () => {
    const smaller = await compose({ text: "x", image: IMAGE }, { media, maxBytes: picture.bytes.length - 1 });
    expect(smaller.body.content).toMatch(/^x\n-# Shown as WebP: the picture has .* MB, and .* MB fit here\.$/);
    const gone = await compose({ text: "x", image: { ...IMAGE, key: "other" } }, { media, maxBytes: 1e7 });
    expect(gone.body.content).toContain("no longer kept");
    expect(gone.files).toEqual([]);
  });
  it("gives a file whole or not at all, and says why", async () => {
    const view = { text: "The original.", file: { key: "k", name: "placard 12.png" } };
    const whole = await compose(view, { media, maxBytes: 1e7 });
    expect(whole.files[0]?.name).toBe("placard-12.png");
    expect(Buffer.from(whole.files[0]?.data ?? []).equals(Buffer.from(picture.bytes))).toBe(true);
    const none = await compose(view, { media, maxBytes: picture.bytes.length - 1 });
    expect(none.files).toEqual([]);
    expect(none.body.content).toMatch(/The file has .* MB, and this place takes .* MB/);
  });
  it("keeps pictures of one file name apart in a gallery", async () => {
    const tiles = [
      { title: "a", text: "", image: IMAGE },
      { title: "b", text: "" },
      { title: "c", text: "", image: IMAGE },
    ];
    const { body, files } = await compose({ text: "x", tiles }, { media, maxBytes: 1e7 });
    const [first, third] = files.map(({ name }) => name);
    expect(first).toMatch(/^1-[0-9a-f]{6}-placard-12\.png$/);
    expect(third).toMatch(/^3-[0-9a-f]{6}-placard-12\.png$/);
    expect(body.embeds?.map(({ thumbnail }) => thumbnail?.url)).toEqual([
      `attachment://${first}`,
      undefined,
      `attachment://${third}`,
    ]);
  });
  it.each([
    ["a text of one character too many", { text: "x".repeat(2001) }],
    ["a sixth row", { text: "x", buttons: Array.from({ length: 6 }, (_, at) => [{ label: "a", token: `t${at}` }]) }],
    [
      "a sixth button in a row",
      { text: "x", buttons: [Array.from({ length: 6 }, (_, at) => ({ label: "a", token: `t${at}` }))] },
    ],
    [
      "a list beside five rows",
      {
        text: "x",
        selects: [{ label: "s", token: "s", choices: [{ value: "a", label: "A" }] }],
        buttons: Array.from({ length: 5 }, (_, at) => [{ label: "a", token: `t${at}` }]),
      },
    ],
    [
      "ten tiles with pictures",
      { text: "x", tiles: Array.from({ length: 10 }, () => ({ title: "t", text: "", image: IMAGE })) },
    ],
    ["26 tiles without", { text: "x", tiles: Array.from({ length: 26 }, () => ({ title: "t", text: "" })) }],
  ])("refuses %s", async (_what, view) => {
    await expect(compose(view, { media, maxBytes: 1e7 })).rejects.toMatchObject({
      name: "ChatError",
      code: "too_large",
    });
  });
});

describe("attached files", () => {
  async function served(
    answer: (path: string) => { readonly status?: number; readonly body?: Uint8Array; readonly location?: string },
  ) {
    const server = createServer((request, response) => {
      const { status = 200, body = Buffer.from("bytes"), location } = answer(request.url ?? "");
      response.writeHead(status, location ? { location } : {}).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return { base, wrap: attachmentsOf(`${base}/api`) };
  }
  const file = (url: string, size = 5) => ({
    id: "1",
    filename: "a.png",
    size,
    url,
    content_type: "image/png; charset=x",
  });

  it("are read when asked for, whole", async () => {
    const { base, wrap } = await served(() => ({}));
    const attachment = wrap(file(`${base}/a.png`));
    expect(attachment).toMatchObject({ name: "a.png", mime: "image/png", sizeBytes: 5 });
    expect(Buffer.from(await attachment.read(5)).toString()).toBe("bytes");
  });
  it("are refused by their size before they are asked for", async () => {
    const asked: string[] = [];
    const { base, wrap } = await served((path) => {
      asked.push(path);
      return {};
    });
    await expect(wrap(file(`${base}/a.png`, 6)).read(5)).rejects.toMatchObject({ code: "too_large" });
    expect(asked).toEqual([]);
  });
  it("are cut off when they are longer than they say", async () => {
    const { base, wrap } = await served(() => ({ body: Buffer.alloc(100_000) }));
    await expect(wrap(file(`${base}/a.png`)).read(1000)).rejects.toMatchObject({ code: "too_large" });
  });
  it.each([
    [404, "gone"],
    [403, "gone"],
    [500, "offline"],
  ])("that answer %i are %s", async (status, code) => {
    const { base, wrap } = await served(() => ({ status }));
    await expect(wrap(file(`${base}/a.png`)).read(100)).rejects.toMatchObject({ code });
  });
  it("lead nowhere else", async () => {
    const { base, wrap } = await served((path) => (path === "/a.png" ? { status: 302, location: "/secret" } : {}));
    await expect(wrap(file(`${base}/a.png`)).read(100)).rejects.toMatchObject({ code: "offline" });
  });
  it.each([
    "http://127.0.0.1:9/a.png",
    "https://cdn.discordapp.com.evil.example/a.png",
    "https://evil.example/cdn.discordapp.com/a.png",
    "https://cdn.discordapp.com@evil.example/a.png",
    "http://cdn.discordapp.com/a.png",
    "https://cdn.discordapp.com:8443/a.png",
    "file:///etc/passwd",
    "not an address",
  ])("come from Discord alone, not from %s", async (url) => {
    const read = attachmentsOf("https://discord.com/api")(file(url)).read(100);
    await expect(read).rejects.toMatchObject({ code: "gone", message: expect.stringContaining("not kept by Discord") });
  });
});
