import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { useChromium } from "./chromium.ts";
import { log, pictures, placard } from "./program.ts";

const browser = useChromium();
// As text: the types of these tests are Node's, which has no document.
const focused = (page: Page) =>
  page.evaluate<string>(`{
    const { activeElement: element } = document;
    element?.getAttribute("aria-label") ?? (element?.textContent?.trim() || element?.id) ?? "";
  }`);
const outlined = (page: Page) => page.evaluate<string>("getComputedStyle(document.activeElement).outlineStyle");

/** Tab, or Shift+Tab, until what is so named has the focus, which is to be seen. */
async function tabTo(page: Page, name: string | RegExp, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    const now = await focused(page);
    if (typeof name === "string" ? now === name : name.test(now)) {
      return expect(await outlined(page)).not.toBe("none");
    }
    await page.keyboard.press(key);
  }
  throw new Error(`nothing called ${String(name)} can be reached with ${key}`);
}

it("a member joins, makes a picture, votes, unlocks, folds and leaves without a mouse", async ({ onTestFinished }) => {
  const { join, knock } = await placard(browser, onTestFinished, {
    BACKENDS: "fake",
    FAKE_BACKEND: "delay:50",
    REROLL_VOTES: "3",
    VOTE_MIN_AGE_MINUTES: "0",
  });
  const ana = await join("Ana");
  const bo = await knock("Bo");
  await bo.getByRole("heading", { name: "Rent strike" }).waitFor();
  const { keyboard } = bo;
  // The message field has the focus: a line can be typed at once.
  await expect.poll(() => focused(bo)).toBe("message");
  await keyboard.type("/rc");
  await bo.getByRole("option", { name: "/rca" }).waitFor();
  await keyboard.press("Tab");
  await keyboard.type("a lantern size:512x512");
  await keyboard.press("Escape");
  await keyboard.press("Enter");
  await pictures(bo, "a lantern").waitFor();
  await pictures(ana, "a lantern").waitFor();
  await ana.getByRole("button", { name: "Reroll" }).click();
  await bo.getByText("Ana wants another take of #1").waitFor();

  await tabTo(bo, /^Make it now/, "Shift+Tab");
  await tabTo(bo, "Show picture #1", "Shift+Tab");
  await keyboard.press("Enter");
  await expect.poll(() => focused(bo)).toBe("Enlarge: AI picture: a lantern");
  await keyboard.press("Enter");
  await bo.getByRole("dialog").waitFor();
  await keyboard.press("Escape");
  await expect.poll(() => focused(bo)).toBe("Enlarge: AI picture: a lantern");
  await tabTo(bo, "Lock");
  await keyboard.press("Space");
  await bo.getByRole("group", { name: "Locked" }).waitFor();
  await tabTo(bo, "Unlock from #1");
  await keyboard.press("Enter");
  await expect.poll(() => bo.getByRole("group", { name: "Locked" }).count()).toBe(0);
  await tabTo(bo, "Fold away", "Shift+Tab");
  await keyboard.press("Enter");
  await log(bo)
    .getByRole("button", { name: /^Only you see this/, expanded: false })
    .last()
    .waitFor();
  await tabTo(bo, "Groups and members", "Shift+Tab");
  await keyboard.press("Enter");
  await tabTo(bo, "Leave this group");
  await keyboard.press("Enter");
  await bo.getByRole("button", { name: "Join" }).waitFor();
});
