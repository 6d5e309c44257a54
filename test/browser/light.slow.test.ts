import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { useChromium } from "./chromium.ts";
import { shifted, watchShifts } from "./layout-shift.ts";
import { groupOfPictures, HEIGHT_PX, painted, WIDTH_PX } from "./pictures.ts";
import { joinAs, log } from "./stage.ts";

const browser = useChromium();
const PICTURES = 100;
const MOST_BYTES = 1_500_000;

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
  page.getByRole("img", { name }).evaluate(async (image) => {
    // Which copy it is is chosen only once its place is laid out.
    for (let waits = 0; waits < 100 && Reflect.get(image, "currentSrc") === ""; waits += 1)
      await new Promise((resolve) => setTimeout(resolve, 100));
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
      const file = await painted();
      expect(file.length).toBeGreaterThan(750_000);
      const { url } = await groupOfPictures(browser, onEnd, { count: PICTURES, file });
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
  const { url } = await groupOfPictures(browser, onTestFinished, { count: 12, file: await painted() });
  const projector = { width: 1920, height: 1080 };
  const { page, bytes } = await phone(url, "/wall?group=rent-strike", 1, onTestFinished, projector);
  await page.getByRole("img", { name: "picture 11" }).waitFor();
  const openedBytes = await bytes();
  expect((await copyOf(page, "picture 11")).type).toBe("?w=640");
  expect(openedBytes).toBeLessThan(500_000);
});
