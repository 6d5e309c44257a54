import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import type { ShownView } from "../../src/ports/view.ts";
import { useChromium } from "./chromium.ts";
import { DECISIONS } from "./decision-views.ts";
import { speakArabic, speakWordily, WORDY } from "./made-up-languages.ts";
import { field, log, stage } from "./stage.ts";

const browser = useChromium();
/** What reaches over the edge of the screen, but for the row of chips, which is moved sideways. */
const tooWide = (page: Page) =>
  page.locator("body").evaluate((body) => {
    const { width: screenPx } = body.getBoundingClientRect();
    return [...body.querySelectorAll("*:not(.chips *)")]
      .filter((element) => {
        const { left, right, width } = element.getBoundingClientRect();
        return width > 0 && (left < -0.5 || right > screenPx + 0.5);
      })
      .map(({ outerHTML }) => outerHTML.slice(0, 200));
  });

it("is in Arabic from right to left on a phone whose owner reads it", async ({ onTestFinished }) => {
  onTestFinished(speakArabic());
  const { look, core } = await stage(browser, onTestFinished);
  core.reads = "ar";
  const page = await look("", { locale: "ar" });
  await page.getByLabel("اسمك").fill("Ada");
  await page.getByLabel("المجموعة").fill("Rent strike");
  expect(
    await page
      .locator("html")
      .evaluate(({ lang, dir }: { readonly lang: string; readonly dir: string }) => [lang, dir]),
  ).toEqual(["ar", "rtl"]);
  expect(await tooWide(page)).toEqual([]);
  await page.getByRole("button", { name: "انضم" }).click();
  await page.getByText("شخص واحد هنا").waitFor();
  await page.getByRole("heading", { name: "صورتك الأولى" }).waitFor();
  expect(await tooWide(page)).toEqual([]);

  const message = page.getByRole("textbox", { name: "رسالة" });
  await message.pressSequentially("/");
  await page.getByRole("listbox", { name: "الأوامر" }).waitFor();
  expect(await tooWide(page)).toEqual([]);
  await message.fill("/rca ثعلب أحمر ");
  await page.getByRole("button", { name: "نموذج" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "إلغاء" }).waitFor();
  expect(await tooWide(page)).toEqual([]);
  await page.keyboard.press("Escape");
  // A field behind a dialog takes no key.
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  await message.press("Enter");
  await log(page).getByRole("img", { name: "ثعلب أحمر" }).waitFor();
  expect(core.invocations).toMatchObject([{ raw: { text: "ثعلب أحمر" }, member: { languages: ["ar"] } }]);
  await log(page).getByRole("button", { name: "Lock seed" }).click();
  await log(page).getByText("أنت وحدك ترى هذا").waitFor();
  expect(core.presses).toMatchObject([{ member: { name: "Ada", languages: ["ar"] } }]);
  // Own messages stand where a line ends, and that is on the left.
  const own = await log(page).locator(".mine .bubble").boundingBox();
  const others = await log(page).locator(".ours .card").first().boundingBox();
  expect([(own?.x ?? 999) < 30, (others?.x ?? 0) + (others?.width ?? 0) > 360]).toEqual([true, true]);
  expect(await tooWide(page)).toEqual([]);
  await page.getByRole("button", { name: "المجموعات والأعضاء" }).click();
  await page.getByRole("dialog").getByText("غادر هذه المجموعة").waitFor();
  expect(await tooWide(page)).toEqual([]);
});

it("goes on in the language its member chooses, with what is half typed", async ({ onTestFinished }) => {
  onTestFinished(speakArabic());
  const { open, core } = await stage(browser, onTestFinished);
  const page = await open("Ada");
  await field(page).fill("/rca a red fox");
  await field(page).press("Enter");
  const press = () => log(page).getByRole("button", { name: "Lock seed" }).click();
  await press();
  await log(page).getByText("Only you see this").waitFor();
  await field(page).fill("half a thought");
  let loads = 0;
  page.on("load", () => {
    loads += 1;
  });
  // As /language does: whatever a member did, their tabs read what they read from then on.
  core.reads = "ar";
  await press();
  await page.getByText("شخص واحد هنا").waitFor();
  expect(await page.getByRole("textbox", { name: "رسالة" }).inputValue()).toBe("half a thought");
  await press();
  await expect.poll(() => log(page).getByText("أنت وحدك ترى هذا").count()).toBe(3);
  expect(loads).toBe(1);
});

it("fits on a small phone in a language much wordier than English", async ({ onTestFinished }) => {
  onTestFinished(speakWordily());
  const { look, core } = await stage(browser, onTestFinished);
  core.reads = WORDY;
  const page = await look("", { viewport: { width: 320, height: 640 } });
  await page.evaluate((language) => localStorage.setItem("placard.language", language), WORDY);
  await page.reload();
  await page.getByText("Your name łöñg").waitFor();
  expect(await tooWide(page)).toEqual([]);
  await page.locator("#name").fill("Ada");
  await page.locator("#group").fill("Rent strike");
  await page.keyboard.press("Enter");
  await page.getByText("1 here łöñg").waitFor();
  expect(await tooWide(page)).toEqual([]);
  const message = page.locator("#message");
  for (const line of ["/rca a red fox", "/styles", "/quota"]) {
    await message.fill(line);
    await message.press("Escape");
    await message.press("Enter");
  }
  await log(page).getByText("Only you see this łöñg").first().waitFor();
  await log(page).getByRole("button", { name: "Vary strong" }).waitFor();
  expect(await tooWide(page)).toEqual([]);
  await message.fill("/rca a red fox cfg:");
  await page.getByRole("button", { name: "Form łöñg" }).click();
  await page.getByRole("dialog").getByText("Cancel łöñg").waitFor();
  expect(await tooWide(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Make a picture" }).last().click();
  await page.getByRole("dialog").getByText("Fine settings łöñg").click();
  expect(await tooWide(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await expect.poll(() => page.getByRole("dialog").count()).toBe(0);
  await page.getByRole("button", { name: "Groups and members" }).click();
  await page.getByRole("dialog").getByText("Leave this group łöñg").waitFor();
  expect(await tooWide(page)).toEqual([]);
  await page.goto(new URL("/wall", page.url()).href);
  await page.getByText("Show the wall łöñg").waitFor();
  expect(await tooWide(page)).toEqual([]);
});

it("shows votes, locks, folded answers and lines that are not sent from right to left", async ({ onTestFinished }) => {
  const { look, core, web } = await stage(browser, onTestFinished);
  core.reads = "ar";
  core.lock = async () => ({ scope: "everyone", seed: 7, byName: "Bo", picture: { number: 7 }, unlockToken: "t" });
  const page = await look("", { locale: "ar", viewport: { width: 320, height: 640 } });
  await page.locator("#name").fill("Ada");
  await page.locator("#group").fill("Rent strike");
  await page.keyboard.press("Enter");
  const message = page.locator("#message");
  for (const line of ["/quota", "/quota"]) {
    await message.fill(line);
    await message.press("Escape");
    await message.press("Enter");
  }
  await page.locator(".fold").waitFor();
  const { target } = core.invocations[0]!;
  const view = DECISIONS["reroll open"]({ me: target.memberId, nowMs: Date.now() });
  await web.post({ ...target, memberId: "x" }, view, { nonce: "n", visibility: "public" });
  await page.locator(".ask").waitFor();
  // The whole of another one: arrows go where the page's lines go.
  const pick = DECISIONS["pick open"]({ me: target.memberId, nowMs: Date.now() });
  const soon = { ...pick, decision: { ...pick.decision, decisionId: "other", closesAtMs: Date.now() + 60_000 } };
  await web.post({ ...target, memberId: "x" }, soon as ShownView, { nonce: "m", visibility: "public" });
  await page.locator(".others").click();
  await page.locator(".th.several").click();
  const candidates = page.locator("dialog .choose");
  await candidates.first().focus();
  await page.keyboard.press("ArrowLeft");
  expect(await candidates.nth(1).evaluate((each) => each.matches(":focus"))).toBe(true);
  expect(await tooWide(page)).toEqual([]);
  if (process.env["SHOTS"]) await page.screenshot({ path: `${process.env["SHOTS"]}/rtl-sheet-320.png` });
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  await page.locator(".others").click();
  await page.context().setOffline(true);
  await message.fill("ما زلت هنا");
  await message.press("Enter");
  await page.locator(".unsent .buttons").waitFor();
  const x = async (selector: string) => (await page.locator(selector).boundingBox())?.x ?? 0;
  expect(await x(".ask .th")).toBeGreaterThan(await x(".ask .go"));
  expect(await x(".lockchip .glyph")).toBeGreaterThan(await x(".lockchip .close"));
  expect(await x(".fold .onlyyou")).toBeGreaterThan(await x(".fold .first-line"));
  expect(await tooWide(page)).toEqual([]);
  if (process.env["SHOTS"]) await page.screenshot({ path: `${process.env["SHOTS"]}/rtl-320.png` });
});
