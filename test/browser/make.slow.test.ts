import type { Page } from "playwright-core";
import sharp from "sharp";
import { expect, it } from "vitest";
import { useChromium } from "./chromium.ts";
import { handOver } from "./hand-over.ts";
import { log, pictures, placard } from "./program.ts";

const browser = useChromium();

const form = (page: Page) => page.getByRole("dialog", { name: "Make a picture" });
const commandLine = (page: Page) => form(page).locator("code");
/** What the keyboard is on, as it is announced. */
const focused = (page: Page) =>
  page.locator(":focus").evaluate((element) => {
    const { labels, textContent } = element as unknown as {
      readonly labels?: ArrayLike<{ readonly textContent: string }>;
      readonly textContent: string;
    };
    const name = element.getAttribute("aria-label") ?? labels?.[0]?.textContent ?? textContent;
    return name.trim().replace(/\s+/g, " ");
  });

it.each([
  [390, 844],
  [1280, 800],
])("a poster without a slash, by the keyboard alone, at %d px", async (width, height) => {
  const ends: (() => unknown)[] = [];
  const { join } = await placard(browser, (end) => void ends.push(end), {
    BACKENDS: "fake",
    FAKE_BACKEND: "delay:400",
  });
  try {
    const page = await join("Ana");
    await page.setViewportSize({ width, height });
    const beside = width >= 900;
    const { keyboard } = page;
    await page.getByLabel("Message", { exact: true }).focus();
    await keyboard.press("Shift+Tab");
    expect(await focused(page)).toBe("Make a picture");
    await keyboard.press("Enter");
    await expect.poll(() => focused(page)).toBe("Line 1: Title");
    await keyboard.type('RENT "STRIKE"');
    await keyboard.press("Enter");
    await keyboard.type("1 May cfg:9");
    await keyboard.press("Enter");
    await expect.poll(() => focused(page)).toBe("Line 3: Details");
    await keyboard.press("Backspace");
    await expect.poll(() => focused(page)).toBe("Line 2: Details");
    const order: string[] = [];
    const tab = async () => {
      await keyboard.press("Tab");
      order.push(await focused(page));
    };
    await tab();
    await tab();
    await keyboard.type("a raised fist");
    await tab();
    await tab();
    await keyboard.press("ArrowRight");
    await keyboard.press("ArrowRight");
    await tab();
    await keyboard.press("ArrowRight");
    for (let at = 0; at < 4; at += 1) await tab();
    await tab();
    await keyboard.press("ArrowRight");
    await tab();
    expect(order).toEqual([
      "Add a line",
      "What it shows things and colours",
      "All styles",
      "Agitprop",
      "Poster",
      "Start from a picture or drop one here",
      expect.stringMatching(/^Fine settings/),
      expect.stringContaining("/woodcut"),
      "Copy the command",
      "1",
      "Make 2 pictures",
    ]);
    const line = '/woodcut «RENT "STRIKE"» "1 May cfg:9", a raised fist size:flyer count:2';
    expect(await commandLine(page).textContent()).toBe(line);
    await form(page)
      .getByText(/^uses .+ of your 300 s$/)
      .waitFor();
    await keyboard.press("Control+Enter");
    // As a hand slips; the form is still there.
    if (beside) await keyboard.press("Control+Enter");
    await pictures(page, /RENT "STRIKE".*a raised fist/u)
      .first()
      .waitFor();
    expect(await log(page).locator(".mine .bubble").textContent()).toBe(line);
    // Beside the chat it stays with its words; over it, it makes room.
    expect(await form(page).count()).toBe(beside ? 1 : 0);
    if (!beside) {
      await expect.poll(() => focused(page)).toBe("Make a picture");
      await keyboard.press("Enter");
    }
    expect(await form(page).getByLabel("Line 1: Title").inputValue()).toBe('RENT "STRIKE"');
    expect(await form(page).getByRole("radio", { name: "Woodcut" }).isChecked()).toBe(true);
    await form(page).getByLabel("Line 1: Title").focus();
    await keyboard.press("Escape");
    await expect.poll(() => form(page).count()).toBe(0);
    await expect.poll(() => focused(page)).toBe("Make a picture");
    await page.reload();
    await page.getByRole("button", { name: "Make a picture" }).last().press("Enter");
    await expect.poll(() => commandLine(page).textContent()).toBe(line);
  } finally {
    for (const end of ends.toReversed()) await end();
  }
});

it("takes pasted lines, a dropped picture, and says what would not be made", async ({ onTestFinished }) => {
  const { join } = await placard(browser, onTestFinished, {
    BACKENDS: "fake",
    FAKE_BACKEND: "delay:400",
    QUOTA_CAPACITY_SECONDS: "1",
    QUOTA_REFILL_SECONDS_PER_HOUR: "60",
  });
  const page = await join("Ana");
  await page.getByRole("button", { name: "Make a picture" }).last().click();
  const make = form(page).getByRole("button", { name: /^Make the picture/ });
  await make.click();
  await form(page).getByText("Write what the picture says or shows.").waitFor();
  await form(page).getByLabel("Line 1: Title").fill("RENT ");
  await handOver(form(page).getByLabel("Line 1: Title"), "paste", { text: "STRIKE\r\n\r\n1 May, 18:00\nTown Square" });
  await expect.poll(() => commandLine(page).textContent()).toBe('/rca "RENT STRIKE" "1 May, 18:00" "Town Square"');
  await expect.poll(() => form(page).getByLabel("Line 3: Subtitle").inputValue()).toBe("Town Square");

  const photo = await sharp({ create: { width: 60, height: 40, channels: 3, background: "teal" } })
    .png()
    .toBuffer();
  await handOver(form(page).getByText("Fine settings"), "drop", { png: photo });
  await form(page).getByText("photo.png").waitFor();
  await form(page).getByText("Fine settings").click();
  await form(page)
    .getByLabel(/^How much of the picture may change/)
    .fill("0.4");
  await expect.poll(() => commandLine(page).textContent()).toContain(" change:0.4");

  await form(page)
    .getByLabel(/\(steps\)/)
    .fill("70");
  await form(page).locator(".problem").getByText("steps").waitFor();
  await expect.poll(() => make.getAttribute("aria-disabled")).toBe("true");
  await page.keyboard.press("Control+Enter");
  await form(page)
    .getByLabel(/\(steps\)/)
    .fill("50");
  await form(page).getByRole("radio", { name: "4" }).check({ force: true });
  await form(page)
    .getByText(/needs about .* of your allowance/)
    .waitFor();
  // Not even as a line that waits to be sent.
  expect(await log(page).locator(".mine").count()).toBe(0);

  await form(page)
    .getByLabel(/\(steps\)/)
    .fill("1");
  await form(page).getByRole("radio", { name: "1" }).check({ force: true });
  await form(page)
    .getByText(/^uses /)
    .waitFor();
  await make.click();
  await pictures(page, /RENT STRIKE/).waitFor();
  await log(page).getByRole("img", { name: "Attached picture: photo.png" }).waitFor();
});
