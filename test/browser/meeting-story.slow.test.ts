import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { useChromium } from "./chromium.ts";
import { log, placard, type } from "./program.ts";

const browser = useChromium();
const PHONE = { width: 390, height: 844 };
const HD = { width: 1920, height: 1080 };
const SOON = { timeout: 10_000 };
/** A step counts once the one before has settled. */
const SETTLES_MS = 800;

const tab = (page: Page, name: string) => page.getByRole("navigation").getByRole("button", { name, exact: true });

it("a meeting from the chat to the end over the whole program: a chair, a guest with the code, and a wall", async ({
  onTestFinished,
}) => {
  const { join } = await placard(browser, onTestFinished, { BACKENDS: "fake", FAKE_BACKEND: "delay:200" });
  const open = async (address: string, viewport: typeof HD) => {
    const context = await browser().newContext({ viewport, reducedMotion: "reduce" });
    onTestFinished(() => context.close());
    const page = await context.newPage();
    await page.goto(address);
    return page;
  };
  const ana = await join("Ana");
  await type(
    ana,
    "/meeting start title: Tenants’ assembly agenda: Report back (5 min); Rent strike: which poster?; AOB",
  );
  const toWall = log(ana).getByRole("link", { name: "Show on a screen" });
  await toWall.waitFor(SOON);
  const { origin } = new URL(ana.url());
  const wall = await open(origin + (await toWall.getAttribute("href")), HD);
  await wall.getByRole("heading", { name: "Tenants’ assembly" }).waitFor();
  const code = (await wall.locator(".joinbox .code").textContent()) ?? "";
  expect(code).toMatch(/^[A-Z]{6}$/);

  await log(ana).getByRole("button", { name: "Open the meeting page" }).click();
  const step = async (name: RegExp) => {
    await ana.locator(".big").filter({ hasText: name }).waitFor(SOON);
    await ana.waitForTimeout(SETTLES_MS);
    await ana.locator(".big").click();
  };
  const bo = await open(`${origin}/join/${code}`, PHONE);
  await bo.getByLabel("Your name").fill("Bo");
  await bo.getByRole("button", { name: "Join" }).click();
  await bo.getByText("You are in as Bo.").waitFor();

  await step(/^Start/);
  await wall.getByRole("heading", { name: "Report back" }).waitFor(SOON);
  await wall.getByText("2 present").waitFor(SOON);
  await step(/^Next/);
  await wall.getByRole("heading", { name: "Rent strike: which poster?" }).waitFor(SOON);
  await tab(bo, "Make").click();
  await expect.poll(() => bo.getByLabel("What it says").inputValue(), SOON).toBe("Rent strike: which poster?");
  for (const words of ["a raised fist", "a red fox"]) {
    await bo.getByLabel("What it says").fill("RENT STRIKE");
    await bo.getByLabel("What it shows").fill(words);
    await bo.getByRole("button", { name: "Make the picture" }).click();
    await expect.poll(() => bo.getByLabel("What it shows").inputValue(), SOON).toBe("");
  }
  await expect.poll(() => wall.locator(".cands img[src]").count(), { timeout: 30_000 }).toBe(2);
  await step(/^Open the vote/);
  await tab(bo, "Vote").click();
  await bo.getByRole("button", { name: "None of these" }).waitFor(SOON);
  await bo.locator(".pk .choose").first().click();
  await bo.getByText(/^Counted: #\d+$/).waitFor(SOON);
  await wall.getByText("1 of 2 have voted").first().waitFor(SOON);
  await step(/^Close the vote/);
  await ana.getByText("Closed, 1 had not voted").waitFor(SOON);
  await bo.getByText("Nothing can be chosen here now.").waitFor(SOON);
  await wall.locator(".is-result").waitFor({ timeout: 20_000 });
  await wall.getByText("1 of 1 approve").first().waitFor();
  await step(/^Next/);
  await step(/^End/);
  await wall.locator(".is-ended").waitFor(SOON);
  await bo.getByText("The meeting is over. Thank you for coming.").waitFor(SOON);
});
