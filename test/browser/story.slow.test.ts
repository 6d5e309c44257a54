import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { useChromium } from "./chromium.ts";
import { button, log, pictures, placard, type } from "./program.ts";

const browser = useChromium();

it("a group makes, rerolls, votes, locks and varies", async ({ onTestFinished }) => {
  const { join } = await placard(browser, onTestFinished, {
    BACKENDS: "fake",
    FAKE_BACKEND: "delay:700",
    REROLL_VOTES: "2",
    VOTE_MIN_AGE_MINUTES: "0",
  });
  const ana = await join("Ana");
  const bo = await join("Bo");
  const cy = await join("Cy");

  await type(ana, "/rca prompt:Ready for the march? cfg:3 seed:7 size:512x512");
  await log(bo).getByRole("progressbar").waitFor();
  // In the middle of the work.
  await ana.reload();
  await pictures(ana, "Ready for the march?").waitFor();
  await log(ana)
    .getByText(/^#1 · Agitprop · made with AI \(.+\) · for you/)
    .waitFor();
  expect(await pictures(ana, "Ready for the march?").count()).toBe(1);

  await button(ana, "Lock").click();
  await log(ana).getByText("Seed 7 is locked for you").waitFor();
  expect(await log(bo).getByText("Seed 7 is locked").count()).toBe(0);
  await type(ana, "/rca another crowd size:512x512");
  await log(ana)
    .getByText(/^#2 · Agitprop · made with AI \(.+\) · for you/)
    .waitFor();

  await button(bo, "Reroll 0 of 2 votes").click();
  await button(cy, "Reroll 1 of 2 votes").click();
  await expect.poll(() => pictures(ana, "another crowd").count(), { timeout: 20_000 }).toBe(2);
  await log(ana)
    .getByText(/^#3 · Agitprop · from #2 · made with AI \(.+\) · the group’s/)
    .waitFor();

  const vary = async (how: string) => {
    await button(cy, "Vary").click();
    await cy.getByRole("menuitem", { name: how }).click();
  };
  await vary("A little");
  await log(cy)
    .getByText(/^#4 · Agitprop · from #3 · made with AI \(.+\) · for you/)
    .waitFor();
  await vary("A lot");
  await log(ana)
    .getByText(/^#5 · Agitprop · from #4 · made with AI \(.+\) · for Cy/)
    .waitFor();

  const more = async (what: string) => {
    await button(ana, "More for picture 5").click();
    await ana.getByRole("menuitem", { name: what }).click();
  };
  await more("How it was made");
  await log(ana)
    .getByText(/RCA style, another crowd/)
    .waitFor();
  const download = ana.waitForEvent("download");
  await more("Download the original");
  expect((await download).suggestedFilename()).toMatch(/\.png$/);

  await ana.goto(new URL("/wall", ana.url()).href);
  await ana.getByLabel("Group").fill("Rent strike");
  await ana.getByRole("button", { name: "Show the wall" }).click();
  await ana.getByRole("img", { name: "another crowd" }).first().waitFor();
});

it("an allowance runs out with offers, and an order can wait until there is enough", async ({ onTestFinished }) => {
  const { join } = await placard(browser, onTestFinished, {
    BACKENDS: "fake",
    FAKE_BACKEND: "delay:1500",
    QUOTA_CAPACITY_SECONDS: "6",
    QUOTA_REFILL_SECONDS_PER_HOUR: "60",
  });
  const ana = await join("Ana");
  await type(ana, "/rca one size:512x512");
  await pictures(ana, "one").waitFor();
  await type(ana, "/rca two");
  await log(ana)
    .getByRole("button", { name: /^When there is enough/ })
    .click();
  await log(ana)
    .getByText(/waits until the allowance suffices, at about/)
    .waitFor();
  await type(ana, "/quota");
  await log(ana)
    .getByText(/of your allowance of/)
    .waitFor();
  expect(await pictures(ana, "two").count()).toBe(0);

  // Before anything is sent, the panel says the same, and what was pressed waits once.
  await ana.getByRole("button", { name: "Make a picture" }).click();
  const panel = ana.getByRole("dialog", { name: "Make a picture" });
  await panel.getByLabel("What it shows").fill("a red kite");
  await panel.getByRole("button", { name: /^When there is enough/ }).waitFor();
  expect(await panel.getByRole("button", { name: "Make the picture" }).getAttribute("aria-disabled")).toBe("true");
  await panel.getByRole("button", { name: /^When there is enough/ }).click();
  await expect
    .poll(() =>
      log(ana)
        .getByText(/waits until the allowance suffices, at about/)
        .count(),
    )
    .toBe(2);
  expect(await pictures(ana, "a red kite").count()).toBe(0);
});

it("shows what comes of a line even after a long answer", async ({ onTestFinished }) => {
  const { join } = await placard(browser, onTestFinished, {});
  const ana = await join("Ana");
  /** The line and its answer come together, as on a slow phone. */
  const slowly = async (line: string) => {
    await type(ana, line);
    await ana.evaluate(() => {
      const untilMs = performance.now() + 1500;
      while (performance.now() < untilMs);
    });
  };
  await slowly("/help");
  // Longer than the screen: it is read from its beginning.
  await expect.poll(() => isInView(ana, /Type a command and what you want/)).toBe(true);
  await slowly("/guide");
  await expect.poll(() => isInView(ana, /^Short lessons/)).toBe(true);
  expect(await ana.getByRole("button", { name: "New messages" }).count()).toBe(0);
});

const isInView = async (page: Page, text: string | RegExp): Promise<boolean> => {
  const box = await log(page).getByText(text).last().boundingBox();
  const frame = await log(page).boundingBox();
  return box !== null && frame !== null && box.y >= frame.y && box.y + box.height <= frame.y + frame.height;
};
