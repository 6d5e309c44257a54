import type { Page } from "playwright-core";
import sharp from "sharp";
import { expect, it } from "vitest";
import { useChromium } from "./chromium.ts";
import { handOver } from "./hand-over.ts";
import { shifted, watchShifts } from "./layout-shift.ts";
import { button, log, pictures, placard, type } from "./program.ts";

const browser = useChromium();
const votes = (page: Page) => page.getByRole("region", { name: "Open votes" });
const inView = async (page: Page, shown: ReturnType<Page["getByText"]>): Promise<boolean> => {
  const [box, frame] = [await shown.boundingBox(), await log(page).boundingBox()];
  return box !== null && frame !== null && box.y >= frame.y && box.y + box.height <= frame.y + frame.height;
};
const fromEnd = (page: Page) => log(page).evaluate((box) => box.scrollHeight - box.scrollTop - box.clientHeight);

it("a vote is seen by one who scrolled away and one who comes later, and becomes the new picture", async ({
  onTestFinished,
}) => {
  const { join } = await placard(browser, onTestFinished, {
    BACKENDS: "fake",
    FAKE_BACKEND: "delay:300",
    REROLL_VOTES: "3",
    VOTE_MIN_AGE_MINUTES: "0",
  });
  const ana = await join("Ana");
  const bo = await join("Bo");
  await watchShifts(bo);
  await bo.reload();
  for (let n = 0; n < 8; n += 1) await type(ana, `line ${n}\n${"word ".repeat(120)}`);
  await log(bo).getByText("line 7").waitFor();
  const before = await shifted(bo);
  await type(ana, "/rca a crowd size:512x512");
  await type(ana, "said while it is made");
  await pictures(bo, "a crowd").waitFor();
  for (let n = 8; n < 16; n += 1) await type(ana, `line ${n}\n${"word ".repeat(120)}`);
  await log(bo).getByText("line 15").waitFor();
  // The chat follows its end, and the picture came into its final room.
  expect((await shifted(bo)) - before).toBeLessThan(0.05);
  await log(bo).hover();
  await bo.mouse.wheel(0, -1200);
  await expect.poll(() => fromEnd(bo)).toBeGreaterThan(800);

  const cy = await join("Cy");
  await button(cy, "Reroll").click();
  const line = votes(bo).getByText("Cy wants another take of #1");
  await line.waitFor();
  expect(await inView(bo, line)).toBe(true);
  expect(await fromEnd(bo)).toBeGreaterThan(800);
  await votes(bo)
    .getByText(/^1 of 3 · open until/)
    .waitFor();
  await votes(bo).getByRole("button", { name: "Show picture #1" }).click();
  await expect.poll(() => inView(bo, pictures(bo, "a crowd"))).toBe(true);

  // Not an event that was missed: how it stands.
  const dee = await join("Dee");
  await votes(dee).getByText("1 of 3").waitFor();
  await votes(dee).getByRole("button", { name: "Vote", exact: false }).click();
  await votes(dee)
    .getByRole("button", { name: /^Voted/, pressed: true })
    .waitFor();
  await votes(bo).getByText("2 of 3").waitFor();
  expect(await votes(bo).getByText("wants another take").count()).toBe(1);
  // Who made it needs no vote.
  await votes(ana).getByRole("button", { name: "Make it now" }).waitFor();
  await votes(bo)
    .getByRole("button", { name: /^Vote: / })
    .click();
  for (const page of [ana, bo, cy, dee]) {
    await expect.poll(() => votes(page).count(), { timeout: 20_000 }).toBe(0);
    await expect.poll(() => pictures(page, "a crowd").count(), { timeout: 20_000 }).toBe(2);
  }
});

it("a group picks one of a batch: from the button to the outcome, with the line of who closes it", async ({
  onTestFinished,
}) => {
  const { join } = await placard(browser, onTestFinished, {
    BACKENDS: "fake",
    FAKE_BACKEND: "delay:50",
    VOTE_MIN_AGE_MINUTES: "0",
  });
  const [ana, bo, cy] = [await join("Ana"), await join("Bo"), await join("Cy")];
  await type(ana, "/rca a crowd size:512x512 count:4");
  await button(ana, "Vote on these").click();
  const sheet = (page: Page) => page.getByRole("dialog").last();
  const choose = async (page: Page, ...numbers: readonly string[]) => {
    await votes(page)
      .getByRole("button", { name: /^Choose: / })
      .last()
      .click();
    for (const number of numbers)
      await sheet(page)
        .locator("button.choose")
        .filter({ has: page.getByText(number, { exact: true }) })
        .click();
    await sheet(page)
      .getByText(/^Counted: /)
      .waitFor();
  };
  await choose(ana, "#1", "#2");
  await choose(bo, "#2");
  // Who has it open sees it go on.
  await sheet(ana)
    .getByText(/^2 have voted/)
    .waitFor();
  expect(await sheet(bo).getByRole("button", { name: "Close the vote" }).count()).toBe(0);
  await type(cy, "said meanwhile");
  if (process.env["SHOTS"]) await ana.screenshot({ path: `${process.env["SHOTS"]}/real-sheet.png` });
  await sheet(ana).getByRole("button", { name: "Close the vote" }).click();
  await sheet(ana).getByRole("textbox").fill("200 copies by Thursday");
  await sheet(ana).getByRole("button", { name: "Close the vote" }).click();
  for (const page of [ana, bo])
    await sheet(page)
      .getByText(/^#2: 2 of 2/)
      .waitFor();
  const said = log(cy).getByText(/^#2: 2 of 2/);
  await said.waitFor();
  await log(cy)
    .getByText(/200 copies by Thursday/)
    .waitFor();
  // It is news: below what was said since.
  const [news, line] = [await said.boundingBox(), await log(cy).getByText("said meanwhile").boundingBox()];
  expect(news?.y).toBeGreaterThan(line?.y ?? 9999);
  if (process.env["SHOTS"]) await ana.screenshot({ path: `${process.env["SHOTS"]}/real-over.png` });
  if (process.env["SHOTS"]) await cy.screenshot({ path: `${process.env["SHOTS"]}/real-card.png` });
  await ana.keyboard.press("Escape");
  await expect.poll(() => votes(ana).count()).toBe(0);
  await cy.reload();
  await said.waitFor();
});

it("several votes are one line, a lock stays in sight until it is taken off, and answers fold away", async ({
  onTestFinished,
}) => {
  const { join } = await placard(browser, onTestFinished, {
    BACKENDS: "fake",
    FAKE_BACKEND: "delay:50",
    REROLL_VOTES: "3",
    VOTE_MIN_AGE_MINUTES: "0",
  });
  const ana = await join("Ana");
  const bo = await join("Bo");
  for (const words of ["one", "two", "three"]) {
    await type(ana, `/rca ${words} size:512x512 seed:7`);
    await pictures(bo, words).waitFor();
    await button(bo, "Reroll").click();
    await button(bo, "Voted 1 of 3 votes").waitFor();
  }
  await votes(ana).getByRole("button", { name: "and 2 more" }).click();
  await expect
    .poll(() =>
      votes(ana)
        .getByText(/wants another take/)
        .count(),
    )
    .toBe(3);
  await votes(ana).getByRole("button", { name: "Show one" }).click();
  await expect
    .poll(() =>
      votes(ana)
        .getByText(/wants another take/)
        .count(),
    )
    .toBe(1);

  await button(bo, "Lock").click();
  const chip = bo.getByRole("group", { name: "Locked" });
  await chip.getByText("Locked to #3, for your next pictures").waitFor();
  expect(await ana.getByRole("group", { name: "Locked" }).count()).toBe(0);
  await bo.reload();
  await chip.getByText("Locked to #3").waitFor();
  // Beside the form of a wide window the chat is narrow: the chip begins where its field does.
  await bo.setViewportSize({ width: 1280, height: 800 });
  const opener = bo.getByRole("button", { name: "Make a picture" });
  await opener.click();
  await bo.getByRole("dialog", { name: "Make a picture" }).waitFor();
  expect((await chip.locator(".lockchip").boundingBox())?.x).toBe((await opener.boundingBox())?.x);
  await opener.click();
  await bo.setViewportSize({ width: 390, height: 844 });
  await type(bo, "/quota");
  await log(bo)
    .getByText(/of your allowance/)
    .waitFor();
  // The one before was read.
  await log(bo)
    .getByRole("button", { name: /^Only you see this Seed 7 is locked/, expanded: false })
    .waitFor();
  await log(bo).getByRole("button", { name: "Fold away" }).click();
  await expect.poll(() => log(bo).getByRole("button", { name: "Fold away" }).count()).toBe(0);
  await log(bo)
    .getByRole("button", { name: /^Only you see this/, expanded: false })
    .last()
    .click();
  await log(bo)
    .getByText(/of your allowance/)
    .waitFor();
  await chip.getByRole("button", { name: "Unlock from #3" }).click();
  await expect.poll(() => chip.count()).toBe(0);
});

it("says where it is that nothing came about while the server is away, and sends it once when it is back", async ({
  onTestFinished,
}) => {
  const { join } = await placard(browser, onTestFinished, {
    BACKENDS: "fake",
    FAKE_BACKEND: "delay:50",
    VOTE_MIN_AGE_MINUTES: "0",
  });
  const ana = await join("Ana");
  const bo = await join("Bo");
  await type(ana, "/rca a crowd size:512x512");
  await pictures(ana, "a crowd").waitFor();
  await ana.context().setOffline(true);
  await ana.getByText("Offline").waitFor();
  await ana.getByText("Connection lost").waitFor();
  const askHow = async () => {
    await button(ana, "More for picture 1").click();
    await ana.getByRole("menuitem", { name: "How it was made" }).click();
  };
  await askHow();
  const row = log(ana).getByRole("article").last();
  await row.getByRole("alert").getByText("No answer came to this press").waitFor();
  await type(ana, "typed in the tunnel");
  await log(ana).getByText("Not sent yet.").waitFor();
  // In its place in the chat, and nothing lies over it.
  const unsent = await log(ana).locator(".unsent").boundingBox();
  expect(unsent?.height).toBeLessThan(200);
  await type(ana, "taken back");
  await log(ana).getByRole("button", { name: "Remove", exact: true }).last().click();
  await expect.poll(() => log(ana).getByText("taken back").count()).toBe(0);
  const photo = await sharp({ create: { width: 60, height: 40, channels: 3, background: "teal" } })
    .png()
    .toBuffer();
  await handOver(ana.getByLabel("Message", { exact: true }), "paste", { png: photo });
  await ana
    .getByRole("alert")
    .getByText(/^photo.png/)
    .waitFor();
  await log(ana).getByRole("button", { name: "Send again" }).click();
  await log(ana).getByText("Not sent yet.").waitFor();
  await ana.context().setOffline(false);
  await log(bo).getByText("typed in the tunnel").waitFor();
  await ana.getByText("2 here").waitFor();
  // A picture that nobody answered goes by itself, too.
  await ana.locator(".attachment img").waitFor();
  await ana.getByRole("button", { name: "Remove the attached picture" }).click();
  await expect.poll(() => ana.getByText("Connection lost").count()).toBe(0);
  expect(await log(bo).getByText("typed in the tunnel").count()).toBe(1);
  expect(await log(ana).getByText("Not sent yet.").count()).toBe(0);
  // Pressed again it is the same press: the note goes, and what it asked for comes.
  await askHow();
  await log(ana)
    .getByText(/RCA style, a crowd/)
    .waitFor();
  expect(await log(ana).getByRole("alert").count()).toBe(0);

  // The answers are lost, not the presses: what they did is seen, and the next one takes it back.
  await bo.route("**/api/press", async (route) => {
    await route.fetch();
    await route.abort();
  });
  await button(bo, "Reroll").click();
  await votes(ana).getByText(/^1 of/).waitFor();
  await expect.poll(() => button(bo, /^Voted/).getAttribute("aria-busy")).toBe("false");
  expect(await log(bo).getByRole("alert").count()).toBe(0);
  await bo.unroute("**/api/press");
  await button(bo, /^Voted/).click();
  await expect.poll(() => votes(ana).getByText(/^1 of/).count()).toBe(0);
});
