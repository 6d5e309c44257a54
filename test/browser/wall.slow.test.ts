import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { useChromium } from "./chromium.ts";
import { groupOfPictures, painted } from "./pictures.ts";

const browser = useChromium();
const PROJECTOR = { width: 1920, height: 1080 };
const LEAST_PX = 24;

/** The picture that is seen, by what is written under it and by its alt text. */
const shows = async (page: Page, name: string) => {
  await page.getByRole("img", { name, exact: true }).waitFor();
  await expect.poll(() => page.locator(".prompt").textContent()).toBe(name);
  expect(await page.locator(".layer img[alt]:not([alt=''])").count()).toBe(1);
};

it("stands still until it is started, steps, pauses and says so, and takes nothing new while it is paused", async ({
  onTestFinished,
}) => {
  const { look, post } = await groupOfPictures(browser, onTestFinished, { count: 4, file: await painted() });
  const page = await look("/wall?group=rent-strike", { viewport: PROJECTOR, reducedMotion: "reduce" });
  await shows(page, "picture 3");
  // What is made is shown when it comes.
  await post(4);
  await shows(page, "picture 4");
  const paused = page.getByText("Paused", { exact: true });
  const keys = page.getByText("full screen");
  expect([await paused.isVisible(), await keys.isVisible()]).toEqual([false, false]);
  await page.mouse.move(300, 300);
  await keys.waitFor();
  await page.getByRole("img", { name: "Picture 5 of 5" }).waitFor();

  await page.keyboard.press("ArrowLeft");
  await shows(page, "picture 3");
  await paused.waitFor();
  await post(5);
  await page.getByRole("img", { name: "Picture 4 of 6" }).waitFor();
  await shows(page, "picture 3");
  for (const name of ["picture 4", "picture 5", "picture 0"]) {
    await page.keyboard.press("ArrowRight");
    await shows(page, name);
  }
  await page.keyboard.press("Space");
  await expect.poll(() => paused.isVisible()).toBe(false);
  await page.keyboard.press("Space");
  await paused.waitFor();
  await page.keyboard.press("End");
  await shows(page, "picture 5");
  expect(await paused.isVisible()).toBe(false);

  await page.keyboard.press("l");
  const scheme = () => page.evaluate<string>("getComputedStyle(document.documentElement).colorScheme");
  expect(await scheme()).toBe("dark");
  await page.reload();
  await shows(page, "picture 5");
  expect(await scheme()).toBe("dark");
  await page.keyboard.press("f");
  await expect.poll(() => page.evaluate<boolean>("document.fullscreenElement !== null")).toBe(true);
  await page.mouse.move(320, 300);
  await keys.waitFor();

  const written = await page.evaluate<readonly { readonly text: string; readonly px: number }[]>(`
    [...document.querySelectorAll("body *")]
      .filter((element) => element.checkVisibility() && [...element.childNodes].some(({ nodeType }) => nodeType === 3))
      .map((element) => ({ text: element.textContent, px: Number.parseFloat(getComputedStyle(element).fontSize) }))
  `);
  expect(written.length).toBeGreaterThan(4);
  expect(written.filter(({ px }) => px < LEAST_PX)).toEqual([]);
  // Nobody who moves nothing wants a cross-fade.
  const fades = "getComputedStyle(document.querySelector('.layer')).transitionDuration";
  expect(await page.evaluate<string>(fades)).toBe("0s");
  expect(await page.locator("[aria-live]").count()).toBe(0);
});

it("keeps the screen on, and takes that again when it is looked at again", async ({ onTestFinished }) => {
  const { look, url } = await groupOfPictures(browser, onTestFinished, { count: 1, file: await painted() });
  const page = await look("/page/icon.svg");
  await page.addInitScript(`{
    const request = async () => {
      const { dataset } = document.documentElement;
      dataset.awake = Number(dataset.awake ?? 0) + 1;
    };
    Object.defineProperty(navigator, "wakeLock", { value: { request } });
  }`);
  await page.goto(`${url}/wall?group=rent-strike`);
  const taken = () => page.locator("html").getAttribute("data-awake");
  await expect.poll(taken).toBe("1");
  await page.evaluate('document.dispatchEvent(new Event("visibilitychange"))');
  await expect.poll(taken).toBe("2");
});
