import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { useChromium } from "./chromium.ts";
import { log, pictures, placard } from "./program.ts";

const browser = useChromium();

const form = (page: Page) => page.getByRole("dialog", { name: "Make a picture" });
const commandLine = (page: Page) => form(page).locator("code");
const open = (page: Page) => page.getByRole("button", { name: "Make a picture" }).last().press("Enter");
const template = (page: Page, name: string) => form(page).getByRole("radio", { name, exact: true });

it("a poster of a template, by the keyboard alone, with its price before, and kept for the next time", async ({
  onTestFinished,
}) => {
  const { join } = await placard(browser, onTestFinished, { BACKENDS: "fake", FAKE_BACKEND: "delay:300" });
  const page = await join("Ana");
  await page.setViewportSize({ width: 1280, height: 900 });
  const { keyboard } = page;
  await open(page);
  // Own words first, as ever; the templates are a step before.
  await expect.poll(() => page.locator(":focus").getAttribute("aria-label")).toBe("Line 1: Title");
  expect(await template(page, "My own words").isChecked()).toBe(true);
  await keyboard.press("Shift+Tab");
  for (let at = 0; at < 5; at += 1) await keyboard.press("ArrowRight");
  await expect.poll(() => template(page, "Rally").isChecked()).toBe(true);
  await form(page)
    .getByText(/^uses .+ of your 300 s$/)
    .waitFor();
  expect(await form(page).locator(".slots label").allTextContents()).toEqual([
    "Title",
    ...["When", "Where", "Who calls", "Link, for a QR code", "Subtitle"].map((label) => `${label} optional`),
  ]);
  await form(page).getByText("for example: Tenants' union").waitFor();
  await keyboard.press("Control+Enter");
  await form(page).getByText("Fill in: Title.").waitFor();
  await expect.poll(() => page.locator(":focus").getAttribute("name")).toBe("title");
  await keyboard.type('No "rent rise" when:never');
  await keyboard.press("Tab");
  await keyboard.type("Saturday 14:00");
  const line = '/poster template:rally title:«No "rent rise" when:never» when:"Saturday 14:00"';
  await expect.poll(() => commandLine(page).textContent()).toBe(line);
  await keyboard.press("Control+Enter");
  await pictures(page, 'No "rent rise" when:never · Saturday 14:00').last().waitFor();
  expect(await log(page).locator(".mine .bubble").textContent()).toBe(line);
  // Its words can be changed from the picture, large, as well.
  await log(page)
    .getByRole("button", { name: /^Enlarge/u })
    .last()
    .click();
  await page.getByRole("dialog").getByRole("button", { name: "Change the lettering" }).click();
  await page.getByRole("heading", { name: /^Lettering of #\d+$/u }).waitFor();
  expect(await page.getByLabel("Words, line by line").inputValue()).toBe('No "rent rise" when:never\nSaturday 14:00');
  await keyboard.press("Escape");
  // Another template takes over what it asks for, too.
  await template(page, "Agenda slide").check({ force: true });
  await form(page).getByLabel("Items").fill(" 1. Welcome\n\n2.  Report ");
  await expect
    .poll(() => commandLine(page).textContent())
    .toBe(
      '/poster template:agenda title:«No "rent rise" when:never» when:"Saturday 14:00" list:"1. Welcome\n2. Report"',
    );
  await page.reload();
  await open(page);
  await expect.poll(() => form(page).getByLabel("Items").inputValue()).toBe(" 1. Welcome\n\n2.  Report ");
  await template(page, "My own words").check({ force: true });
  await form(page).getByLabel("Line 1: Title").waitFor();
});

it.each([
  ["light", "ltr"],
  ["dark", "rtl"],
] as const)("nothing is cut off or too small to press at 320 px: %s, %s", async (colorScheme, direction) => {
  const ends: (() => unknown)[] = [];
  const { join } = await placard(browser, (end) => void ends.push(end), { BACKENDS: "fake", FAKE_BACKEND: "delay:1" });
  try {
    const page = await join("Ana");
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width: 320, height: 640 });
    await page.evaluate(`document.documentElement.dir = "${direction}"`);
    await open(page);
    await template(page, "Rally").check({ force: true });
    await form(page).getByLabel("Title", { exact: true }).waitFor();
    await form(page).getByRole("button", { name: "All templates" }).click();
    const pressed = form(page).locator(".slots :is(input, textarea), .of-template label, .of-template button");
    const boxes = await Promise.all((await pressed.all()).map((each) => each.boundingBox()));
    expect(boxes.length).toBeGreaterThan(15);
    for (const box of boxes) {
      expect(box?.height).toBeGreaterThanOrEqual(44);
      expect(box?.width).toBeGreaterThanOrEqual(44);
      expect(box?.x).toBeGreaterThanOrEqual(0);
      expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(320);
    }
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(320);
    await expect
      .poll(() =>
        page.evaluate(
          "[...document.querySelectorAll('.of-template img')].filter(({ naturalWidth }) => naturalWidth > 0).length",
        ),
      )
      .toBe(10);
  } finally {
    for (const end of ends.toReversed()) await end();
  }
});
