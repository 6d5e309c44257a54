import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { useChromium } from "./chromium.ts";
import { button, log, pictures, placard, type } from "./program.ts";

const browser = useChromium();
const votes = (page: Page) => page.getByRole("region", { name: "Open votes" });
const dialog = (page: Page) => page.getByRole("dialog").last();
const said = (page: Page, words: string | RegExp) => log(page).getByText(words).last();
const shot = async (page: Page, name: string) => {
  if (process.env["SHOTS"]) await page.screenshot({ path: `${process.env["SHOTS"]}/evening-${name}.png` });
};
const more = async (page: Page, number: number, what: string) => {
  await button(page, `More for picture ${number}`).click();
  await page.getByRole("menuitem", { name: what }).click();
};
const choose = async (page: Page, ...numbers: readonly string[]) => {
  await votes(page)
    .getByRole("button", { name: /^(Choose|Voted): / })
    .last()
    .click();
  for (const number of numbers)
    await dialog(page)
      .locator("button.choose")
      .filter({ has: page.getByText(number, { exact: true }) })
      .click();
  await dialog(page)
    .getByText(`Counted: ${numbers.join(" and ")}`)
    .waitFor();
};
/** "Seed 41" and the like, as everybody can read it. */
const seedOf = async (page: Page, number: number): Promise<string | undefined> => {
  await more(page, number, "How it was made");
  const told = log(page).getByRole("article").last();
  await told.getByText(/^Seed/).first().waitFor();
  return /Seed\s+(\d+)/.exec(await told.innerText())?.[1];
};

it("the evening of a group: a vote from far up, a hidden pick, a draft and what was voted for, a pot, two devices", async ({
  onTestFinished,
}) => {
  const { join } = await placard(browser, onTestFinished, {
    BACKENDS: "fake,sketch",
    BACKEND_COSTS: "fake=1",
    FAKE_BACKEND: "delay:300",
    REROLL_VOTES: "2",
    VOTE_MIN_AGE_MINUTES: "0",
    QUOTA_CAPACITY_SECONDS: "60",
  });
  // Whoever comes first runs the group.
  const ana = await join("Ana");
  const [bo, cy] = await Promise.all([join("Bo"), join("Cy")]);

  // Another take: seen by one who scrolled away, and whose it is then.
  await type(ana, "/rca a crowd size:512x512");
  await pictures(bo, "a crowd").waitFor();
  for (let n = 0; n < 6; n += 1) await type(cy, `line ${n}\n${"word ".repeat(100)}`);
  await said(bo, "line 5").waitFor();
  await log(bo).hover();
  await bo.mouse.wheel(0, -5000);
  await button(cy, "Reroll 0 of 2 votes").click();
  await votes(bo).getByText("Cy wants another take of #1").waitFor();
  await shot(bo, "1-far-up");
  await votes(bo)
    .getByRole("button", { name: /^Vote: / })
    .click();
  await said(cy, "#2 · Agitprop · from #1 · made with AI").waitFor({ timeout: 20_000 });
  // Cy asked for it, and it is Bo's, too, who voted: no votes to gather, and his to delete and to bring back.
  await log(bo).getByRole("button", { name: "Reroll", exact: true }).waitFor();
  await more(bo, 2, "Delete");
  await said(ana, "Picture #2 was deleted by Bo").waitFor();
  await shot(bo, "2-deleted");
  await button(bo, "Undo").click();
  await said(ana, "#2 · Agitprop · from #1 · made with AI").waitFor();

  // A pick with hidden counts.
  await type(ana, "/settings pick_visibility:hidden spend:free_first pays:pot");
  await said(bo, "Ana changed the settings of this chat.").waitFor();
  await type(ana, "/rca a banner size:512x512 count:3");
  await button(bo, "Vote on these").click();
  await choose(bo, "#3", "#4");
  await choose(cy, "#4");
  await shot(cy, "3-hidden");
  await dialog(cy)
    .getByText(/^2 have voted/)
    .waitFor();
  expect(await dialog(cy).locator("button.choose .cn").count()).toBe(0);
  // What one chose is still known, and counted once.
  await cy.reload();
  await votes(cy)
    .getByText(/^2 have voted/)
    .waitFor();
  await choose(cy);
  await dialog(cy).getByText("Counted: #4").waitFor();
  await dialog(bo).getByRole("button", { name: "Close the vote" }).click();
  await dialog(bo).getByRole("textbox").fill("200 copies by Thursday");
  await dialog(bo).getByRole("button", { name: "Close the vote" }).click();
  for (const page of [bo, cy])
    await dialog(page)
      .getByText(/^#4: 2 of 2/)
      .waitFor();
  await shot(bo, "4-closed");
  await Promise.all([bo, cy].map((page) => page.keyboard.press("Escape")));
  await said(ana, /^#4: 2 of 2 approve \(next: 1\)/).waitFor();
  await said(ana, /200 copies by Thursday/).waitFor();
  await shot(ana, "5-outcome");

  // What costs is a draft first. The pot pays for what was voted for.
  await type(ana, "/pot give 20");
  await said(bo, "Ana gave 20 s to the pot. It holds 20 s now.").waitFor();
  await type(bo, "/rca prompt:Rent strike on Friday size:512x512 count:2 seed:41");
  await pictures(cy, "Rent strike on Friday").nth(1).waitFor();
  await votes(cy).getByText("Bo wants to have 2 pictures made: “Rent strike on Friday”").waitFor();
  await votes(cy).getByText("The pot of this chat pays for it.").waitFor();
  await votes(bo)
    .getByRole("button", { name: /^Voted/ })
    .waitFor();
  await shot(cy, "6-draft");
  await votes(cy)
    .getByRole("button", { name: /^Vote: / })
    .click();
  await said(bo, /^Paid by the pot: /).waitFor({ timeout: 20_000 });
  await said(bo, /^The vote passed \(2 of 2\), so it is made/).waitFor();
  await expect.poll(() => pictures(bo, "Rent strike on Friday").count()).toBe(4);
  await shot(bo, "7-made");
  expect([await seedOf(bo, 6), await seedOf(bo, 8)]).toEqual(["41", "41"]);
  await type(cy, "/pot");
  await said(cy, /^The pot holds 1\d(\.\d)? s\./).waitFor();
  await shot(cy, "8-pot");

  // One person with two devices has one vote, until they part.
  const phone = await join("Bo phone");
  await type(bo, "/link");
  const code = /[\w]{4}-[\w]{4}/.exec(await said(bo, /^Your code: /).innerText())?.[0] ?? "";
  await shot(bo, "9-code");
  await type(phone, `/link ${code}`);
  await said(phone, /^You are one person now: /).waitFor();
  await shot(phone, "10-linked");
  await type(cy, "/vote We march on Friday?");
  await votes(bo)
    .getByRole("button", { name: /^Choose: / })
    .click();
  await dialog(bo)
    .getByRole("button", { name: /^Agree/ })
    .click();
  await dialog(bo).getByText("Counted: Agree").waitFor();
  await bo.keyboard.press("Escape");
  await votes(phone)
    .getByText(/^1 has voted/)
    .waitFor();
  await shot(phone, "11-one-vote");
  await type(phone, "/vote disagree");
  await said(phone, /^Your vote counts/).waitFor();
  await votes(cy)
    .getByText(/^1 has voted/)
    .waitFor();
  await type(phone, "/unlink");
  await button(phone, "Part this account").click();
  await said(phone, /^This account is by itself again, apart from Bo/).waitFor();
  await shot(phone, "12-parted");
  // The vote stays with the device that gave it.
  await type(bo, "/vote agree");
  await votes(cy)
    .getByText(/^2 have voted/)
    .waitFor();
});
