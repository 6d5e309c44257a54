import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { placeOf } from "../../adapters/web/doors.ts";
import { webCapabilities } from "../../adapters/web/limits.ts";
import { fittedView } from "../../src/views/shown.ts";
import { cardStates } from "./card-views.ts";
import { useChromium } from "./chromium.ts";
import { DECISIONS, postDecision } from "./decision-views.ts";
import { log, stage } from "./stage.ts";

const browser = useChromium();
const dock = (page: Page) => page.getByRole("region", { name: "Open votes" });
const inDock = (page: Page, name: RegExp) => dock(page).getByRole("button", { name });
const inCard = (page: Page, name: string) => log(page).locator(".pic").getByRole("button", { name });
const shut = (page: Page) => page.keyboard.press("Escape");

it("what the person did by another account is their own: votes, choices, pictures; until they part", async ({
  onTestFinished,
}) => {
  const staged = await stage(browser, onTestFinished);
  // Who comes first keeps order, and may more than others.
  await staged.open("Zoe");
  const page = await staged.open("Ana");
  const session = await page.evaluate(() => JSON.parse(sessionStorage.getItem("placard.session") ?? "{}"));
  const [me, room] = [String(session.memberId), String(session.room)];
  const isOneWith = (...others: readonly string[]) => {
    staged.core.accountsOf = async (id) => (id === me ? [id, ...others] : [id]);
    staged.web.accountsChanged?.(me);
  };
  const now = { me: "web:cy", nowMs: Date.now() };
  const theirs = fittedView(cardStates(me).theirs, "en", webCapabilities);
  await staged.web.post({ place: placeOf(room), memberId: me }, theirs, { nonce: "card", visibility: "public" });
  await postDecision(staged, room, DECISIONS["spend open"](now));
  await expect.poll(() => inDock(page, /^Vote: /).count()).toBe(1);
  await inCard(page, "Reroll 1 of 3 votes").waitFor();

  isOneWith("web:cy");
  await inDock(page, /^Voted/).waitFor();
  await expect.poll(() => inDock(page, /^Voted/).getAttribute("aria-pressed")).toBe("true");
  await expect.poll(() => inCard(page, "Voted 1 of 3 votes").getAttribute("aria-pressed")).toBe("true");
  const { decision, ...pick } = DECISIONS["pick open"](now);
  await postDecision(staged, room, { ...pick, decision: { ...decision!, decisionId: "hgfedcba12345678" } });
  // It begins with what it was told before.
  await page.reload();
  await inDock(page, /more/).click();
  await expect.poll(() => dock(page).locator(".go").allInnerTexts()).toEqual(["Voted", "Voted"]);
  await inDock(page, /^Voted: Bo asks/).click();
  await page.getByRole("dialog").getByText("Counted: #7 and #9").waitFor();
  expect(await page.getByRole("dialog").getByRole("button", { name: "Close the vote" }).count()).toBe(0);
  isOneWith("web:cy", "web:bo");
  await page.getByRole("dialog").getByRole("button", { name: "Close the vote" }).waitFor();
  await shut(page);

  isOneWith("web:somebody");
  await expect
    .poll(async () => (await dock(page).locator(".go").allInnerTexts()).toSorted())
    .toEqual(["Choose", "Vote"]);
  await log(page).getByText("for you").waitFor();
  await inCard(page, "More").click();
  await page.getByRole("menuitem", { name: "Delete" }).waitFor();
  await shut(page);
  expect(await inCard(page, "Reroll").getAttribute("aria-pressed")).toBeNull();

  isOneWith();
  await inCard(page, "Reroll 1 of 3 votes").waitFor();
  await inCard(page, "More").click();
  await page.getByRole("menuitem").first().waitFor();
  expect(await page.getByRole("menuitem", { name: "Delete" }).count()).toBe(0);
});
