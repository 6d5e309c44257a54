import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { withPngText } from "../../src/lib/png.ts";
import { unmarked } from "../unmarked.ts";
import { useChromium } from "./chromium.ts";
import { groupOfPictures, painted } from "./pictures.ts";
import { joinAs, log } from "./stage.ts";

const browser = useChromium();

const file = Buffer.from(withPngText(await painted(), [{ keyword: "placard", text: "a recipe" }]));
type OnEnd = (end: () => Promise<void>) => void;

/** A member of a group with five pictures, `before` they see anything. */
async function member(onTestFinished: OnEnd, before: (page: Page) => Promise<unknown> = async () => {}) {
  const group = await groupOfPictures(browser, onTestFinished, { count: 5, file });
  const page = await group.look("/access", { hasTouch: true });
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"], { origin: group.url });
  await before(page);
  await page.goto(group.url);
  await joinAs(page, "Bo", "Rent strike");
  await log(page).getByRole("img", { name: "picture 4" }).waitFor();
  return { ...group, page };
}

const opener = (page: Page, n: number) => log(page).getByRole("button", { name: `Enlarge: picture ${n}` });
const dialog = (page: Page) => page.getByRole("dialog");
const shows = (page: Page, n: number) =>
  dialog(page)
    .getByRole("img", { name: `picture ${n}` })
    .waitFor();

it("is opened, leafed through and closed by the keyboard alone, and the focus comes back", async ({
  onTestFinished,
}) => {
  const { page, post } = await member(onTestFinished);
  await opener(page, 3).focus();
  await page.keyboard.press("Enter");
  await shows(page, 3);
  await page.getByRole("heading", { name: "4 of 5" }).waitFor();
  for (const [key, n] of [
    ["ArrowRight", 4],
    ["ArrowRight", 4],
    ["ArrowLeft", 3],
    ["Home", 0],
    ["ArrowLeft", 0],
    ["End", 4],
  ] as const) {
    await page.keyboard.press(key);
    await shows(page, n);
  }
  // One that comes meanwhile takes nobody away from what they look at.
  await post(5);
  await page.getByRole("heading", { name: "5 of 6" }).waitFor();
  await shows(page, 4);
  // Round and round: the focus stays within.
  for (let at = 0; at < 12; at += 1) {
    await page.keyboard.press("Tab");
    expect(
      await page.evaluate(
        "document.activeElement === document.body || document.activeElement.closest('dialog') !== null",
      ),
    ).toBe(true);
  }
  await page.keyboard.press("Escape");
  await expect.poll(() => dialog(page).count()).toBe(0);
  expect(await opener(page, 3).evaluate((button) => button === button.ownerDocument.activeElement)).toBe(true);
});

it("gives the original with its recipe, and the picture itself to the clipboard", async ({ onTestFinished }) => {
  const { page } = await member(onTestFinished);
  await opener(page, 2).click();
  for (const fetch of [
    () => dialog(page).getByRole("link", { name: "Download the original" }).click(),
    () => page.keyboard.press("d"),
  ]) {
    const download = page.waitForEvent("download");
    await fetch();
    const found = await (await download).path();
    expect(unmarked(await readFile(found)).equals(file)).toBe(true);
  }
  await dialog(page).getByRole("button", { name: "Copy the picture" }).click();
  await page.getByText("The picture is copied.").waitFor();
  const copied = await page.evaluate(`navigator.clipboard.read().then(async ([item]) => {
    const { width, height } = await createImageBitmap(await item.getType("image/png"));
    return [item.types.join(), width, height];
  })`);
  expect(copied).toEqual(["image/png", 832, 1216]);
});

it("hands the picture to the system's sheet, and where there is none copies a link that shows it", async ({
  onTestFinished,
}) => {
  const shared = await member(onTestFinished, (page) =>
    page.addInitScript(`navigator.canShare = () => true;
      navigator.share = async ({ files }) => { globalThis.shared = [files[0].name, files[0].type, files[0].size]; };`),
  );
  await opener(shared.page, 2).click();
  await dialog(shared.page).getByRole("button", { name: "Share", exact: true }).click();
  await expect
    .poll(() => shared.page.evaluate("globalThis.shared"))
    .toEqual(["placard.png", "image/png", expect.any(Number)]);

  const plain = await member(onTestFinished, (page) => page.addInitScript("delete Navigator.prototype.share"));
  await opener(plain.page, 2).click();
  await dialog(plain.page).getByRole("button", { name: "Copy the link" }).click();
  await plain.page.getByText("The link is copied.").waitFor();
  const link = String(await plain.page.evaluate("navigator.clipboard.readText()"));
  expect(link).toBe(`${plain.url}/media/picture/light-picture-02.0/posted`);
  const answer = await plain.page.request.get(link);
  expect(answer.headers()["content-type"]).toBe("image/png");
});

it.each([
  ["en", 1],
  ["ar", -1],
] as const)("follows a finger, and the arrows, in the direction of %s", async (language, ahead) => {
  const ends: (() => Promise<void>)[] = [];
  try {
    const { page, core } = await member((end) => void ends.unshift(end));
    core.reads = language;
    await page.reload();
    await page.locator(`html[lang=${language}]`).waitFor();
    const touch = await page.context().newCDPSession(page);
    const swipe = async (right: number, down: number) => {
      const [x, y] = [195, 350];
      await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [{ x, y }] });
      await touch.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: [{ x: x + right, y: y + down }] });
      await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    };
    await page.getByRole("img", { name: "picture 4" }).click();
    await shows(page, 4);
    await swipe(120 * ahead, 10);
    await shows(page, 3);
    await swipe(-120 * ahead, 10);
    await shows(page, 4);
    // Neither far enough nor straight.
    await swipe(120 * ahead, 110);
    await swipe(30 * ahead, 0);
    await page.keyboard.press(ahead === 1 ? "ArrowLeft" : "ArrowRight");
    await shows(page, 3);
    await page.locator(".turn.next").click();
    await shows(page, 4);
    await swipe(5, 160);
    await expect.poll(() => dialog(page).count()).toBe(0);
  } finally {
    for (const end of ends) await end();
  }
});
