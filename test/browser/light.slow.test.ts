import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import type { Page } from "playwright-core";
import sharp from "sharp";
import { expect, it } from "vitest";
import { createMediaSource } from "../../src/dispatch/media-source.ts";
import type { Media } from "../../src/ports/chat.ts";
import { useChromium } from "./chromium.ts";
import { joinAs, log, stage } from "./stage.ts";

const browser = useChromium();
const PICTURES = 100;
const MOST_BYTES = 1_500_000;
const [WIDTH_PX, HEIGHT_PX] = [832, 1216];

const idOf = (n: number) => `light-picture-${String(n).padStart(2, "0")}.0`;

/** As large as a model's: colours that run into each other, in few steps. 33 such were 27 MB. */
async function painted(): Promise<Buffer> {
  const noise = { type: "gaussian" as const, mean: 128, sigma: 70 };
  const cells = { width: 26, height: 38, channels: 3 as const, background: "#a08060", noise };
  const rough = await sharp({ create: cells }).png().toBuffer();
  const smooth = sharp(rough).resize(WIDTH_PX, HEIGHT_PX, { fit: "fill", kernel: "cubic" });
  const stepped = await smooth
    .linear(1 / 8, 0)
    .png()
    .toBuffer();
  return sharp(stepped).linear(8, 0).png().toBuffer();
}

/** What the server sends, as a phone's network would carry it: every byte, headers and the stream of messages too. */
async function counted(url: string, onTestFinished: (end: () => Promise<void>) => void) {
  let bytes = 0;
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(new URL(url).port), "127.0.0.1");
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
    }
    far.on("data", (data) => (bytes += data.length));
    near.pipe(far);
    far.pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, bytes: () => bytes };
}

/** A group with a hundred pictures as large as a model's. */
async function groupOfPictures(onTestFinished: (end: () => Promise<void>) => void) {
  const { web, core, url, open, look } = await stage(browser, onTestFinished);
  const original = await painted();
  const media = createMediaSource({
    store: { picture: async () => ({ number: 1 }) as never, picturesOf: async () => [] },
    files: { original: async () => new Uint8Array(original) } as never,
    styles: new Map(),
    previewFolder: ".",
    drawStyle: async () => undefined,
    previewOf: () => undefined,
    warm: { take: () => undefined },
  });
  core.media = (key: string, shownPx?: number): Promise<Media | undefined> => media(key, shownPx);
  const ada = await open("Ada");
  await log(ada).waitFor();
  await ada.context().close();
  const place = { platform: "web", chatId: "rent-strike", group: true } as const;
  for (let n = 0; n < PICTURES; n += 1)
    await web.post(
      { place, memberId: "x" },
      {
        text: `#${n} · RCA · seed ${n}`,
        tone: "good",
        image: { key: `picture/${idOf(n)}/posted`, alt: `picture ${n}`, widthPx: WIDTH_PX, heightPx: HEIGHT_PX },
        buttons: [["Reroll", "Vary", "Edit", "Original"].map((label) => ({ label, token: `1.${label}.${n}` }))],
      },
      { nonce: `n${n}`, visibility: "public" },
    );
  return { url, look, pngBytes: original.length };
}

/** How much has moved on the page that nobody moved, as browsers measure it (CLS). */
const watchShifts = (page: Page) =>
  page.addInitScript(() => {
    Object.assign(globalThis, { shifted: 0 });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries())
        Object.assign(globalThis, { shifted: Reflect.get(globalThis, "shifted") + Reflect.get(entry, "value") });
      // Node has no such entries, and these types are Node's.
    }).observe({ type: "layout-shift" as never, buffered: true });
  });
const shifted = (page: Page) => page.evaluate(() => Number(Reflect.get(globalThis, "shifted")));

const quiet = async (bytes: () => number): Promise<number> => {
  for (let before = -1; ; ) {
    if (before === bytes()) return before;
    before = bytes();
    await new Promise((resolve) => setTimeout(resolve, 1500));
  }
};

/** A phone that shows `path`, every byte counted. */
async function phone(
  url: string,
  path: string,
  deviceScaleFactor: number,
  onTestFinished: (end: () => Promise<void>) => void,
  viewport = { width: 390, height: 844 },
) {
  const counter = await counted(url, onTestFinished);
  const context = await browser().newContext({ viewport, deviceScaleFactor });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  await watchShifts(page);
  await page.goto(`${counter.url}${path}`);
  return { page, bytes: () => quiet(counter.bytes) };
}

/** Which copy a picture on the page is, and how many of its pixels there are for one of the page. */
const copyOf = (page: Page, name: string) =>
  page.getByRole("img", { name }).evaluate((image) => {
    const address = String(Reflect.get(image, "currentSrc"));
    return { type: address.replace(/^.*[?]/, "?"), ratio: image.clientWidth / image.clientHeight };
  });

it.each([
  [1, "?w=480"],
  [2, "?w=960"],
  // Nobody sees the third.
  [3, "?w=960"],
])(
  "a group with 100 pictures opens within 1.5 MB on a phone of %d pixels for one, and nothing jumps",
  async (pixels, copy) => {
    const ends: (() => Promise<void>)[] = [];
    const onEnd = (end: () => Promise<void>) => void ends.unshift(end);
    try {
      const { url, pngBytes } = await groupOfPictures(onEnd);
      expect(pngBytes).toBeGreaterThan(750_000);
      const { page, bytes } = await phone(url, "/?group=rent-strike", pixels, onEnd);
      await joinAs(page, "Bo", "rent-strike").catch(() => undefined);
      await log(page).getByRole("img", { name: "picture 99" }).waitFor();
      const openedBytes = await bytes();
      const shown = await copyOf(page, "picture 99");
      await page.mouse.move(200, 400);
      for (let step = 0; step < 12; step += 1) {
        await page.mouse.wheel(0, -900);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      const scrolledBytes = await bytes();
      expect(openedBytes).toBeLessThan(MOST_BYTES);
      expect(shown).toEqual({ type: copy, ratio: expect.closeTo(WIDTH_PX / HEIGHT_PX, 2) });
      expect(scrolledBytes).toBeGreaterThan(openedBytes);
      expect(await shifted(page)).toBe(0);
    } finally {
      for (const end of ends) await end();
    }
  },
);

it("the wall shows copies as large as the projector, and each is loaded when it is shown", async ({
  onTestFinished,
}) => {
  const { url } = await groupOfPictures(onTestFinished);
  const projector = { width: 1920, height: 1080 };
  const { page, bytes } = await phone(url, "/wall?group=rent-strike", 1, onTestFinished, projector);
  await page.getByRole("img", { name: "picture 99" }).waitFor();
  const openedBytes = await bytes();
  expect((await copyOf(page, "picture 99")).type).toBe("?w=640");
  expect(openedBytes).toBeLessThan(500_000);
});
