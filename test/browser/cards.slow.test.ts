import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { webCapabilities } from "../../adapters/web/limits.ts";
import { verbatim } from "../../src/domain/text.ts";
import type { View } from "../../src/ports/view.ts";
import { fittedView } from "../../src/views/shown.ts";
import { jobWith, NOW_MS, pictureOf } from "../commands/context.ts";
import { card, cardStates, order, token, WORDS } from "./card-views.ts";
import { useChromium } from "./chromium.ts";
import { joinAs, log, stage } from "./stage.ts";

const browser = useChromium();

/** A group of two, and what Placard shows there. */
async function chat(onTestFinished: (end: () => Promise<void>) => void, options: Parameters<typeof seen>[1] = {}) {
  const all = await stage(browser, onTestFinished);
  if (options.language) all.core.reads = options.language;
  // Whoever comes first runs the group.
  await all.open("Zoe");
  const page = await seen(all, options);
  const { memberId, room } = await page.evaluate(() => JSON.parse(sessionStorage.getItem("placard.session") ?? "{}"));
  const place = { platform: "web", chatId: room, group: true };
  let posts = 0;
  const post = (view: View, visibility: "public" | "private" = "public") => {
    posts += 1;
    const shown = fittedView(view, options.language ?? "en", webCapabilities);
    return all.web.post({ place, memberId }, shown, { nonce: `card ${posts}`, visibility });
  };
  const edit = (ref: Awaited<ReturnType<typeof post>>, view: View) =>
    all.web.edit(ref, fittedView(view, options.language ?? "en", webCapabilities));
  return { ...all, page, me: memberId as string, post, edit };
}

async function seen(
  all: Awaited<ReturnType<typeof stage>>,
  options: { readonly widthPx?: number; readonly dark?: boolean; readonly language?: string } = {},
): Promise<Page> {
  const { widthPx = 390, dark = false, language = "en" } = options;
  const page = await all.look("", {
    viewport: { width: widthPx, height: widthPx > 900 ? 860 : 844 },
    colorScheme: dark ? "dark" : "light",
    reducedMotion: "reduce",
    locale: language,
    hasTouch: widthPx < 900,
  });
  if (language === "en") await joinAs(page, "Ana", "Rent strike");
  else {
    const [name, group] = [page.locator("#name"), page.locator("#group")];
    await name.fill("Ana");
    await group.fill("Rent strike");
    await page.keyboard.press("Enter");
    await log(page).waitFor();
  }
  return page;
}

const names = async (page: Page, within = page.locator(".pic").last()) =>
  (await within.getByRole("button").all()).length === 0
    ? []
    : within
        .getByRole("button")
        .evaluateAll((all) => all.map((one) => one.getAttribute("aria-label") ?? one.textContent));

it("goes from one line to a picture in its final room without a jump, and shows nobody what would refuse", async ({
  onTestFinished,
}) => {
  const { page, me, post, edit, presses } = await chat(onTestFinished).then((all) => ({
    ...all,
    presses: all.core.presses,
  }));
  const all = cardStates(me);
  const ref = await post(all.queued);
  const row = page.locator(".row").last();
  await row.getByText("2 before yours · about 40 s").waitFor();
  expect((await row.locator(".pic").boundingBox())?.height).toBeLessThanOrEqual(68);
  await edit(ref, all.working);
  await row.getByText("Step 18 of 28 · about 4 s · home GPU").waitFor();
  expect(await row.getByRole("progressbar").getAttribute("aria-valuenow")).toBe("64");
  const heightOf = async () => Math.round((await row.locator("img").last().boundingBox())?.height ?? 0);
  const working = await heightOf();
  await edit(ref, all.mine);
  await row.getByText(/^#12 · Agitprop · made with AI \(.+\) · for you/).waitFor();
  expect(await heightOf()).toBe(working);
  const shown = await row.innerText();
  for (const hidden of ["seed", "cfg", "832", "steps"]) expect(shown).not.toContain(hidden);
  expect(await names(page)).toEqual([`Enlarge: AI picture: ${WORDS}`, "Reroll", "Vary", "Lock", "More for picture 12"]);

  // Somebody else's: a press is a vote, and nothing that only its member may.
  await post(all.theirs);
  await page.getByText(/^#12 · Agitprop · made with AI \(.+\) · for Bo/).waitFor();
  await page.getByText("Not drawn: sunrise").waitFor();
  const vote = page.locator(".row").last().getByRole("button", { name: "Reroll" });
  expect(await vote.innerText()).toContain("1/3");
  await page.locator(".row").last().getByRole("button", { name: /^More/ }).click();
  const menu = page.getByRole("menu");
  expect(await menu.getByRole("menuitem").allInnerTexts()).toEqual([
    "Change the lettering",
    "Upscale",
    "Edit and make again",
    "Put to a vote",
    "Download the original",
    "Share",
    "Print on paper",
    "How it was made",
    "Hide",
  ]);
  const folder = process.env["CARD_SHOTS"];
  if (folder) await page.screenshot({ path: `${folder}/sheet.png` });
  for (const item of await menu.getByRole("menuitem").all())
    expect((await item.boundingBox())?.height).toBeGreaterThanOrEqual(48);
  await page.keyboard.press("Escape");
  await menu.waitFor({ state: "hidden" });

  // What only its member may take or bring back is a button for nobody else.
  const gone = [{ ...pictureOf(jobWith({ order })), deleted: { atMs: NOW_MS, byName: "Bo" } }];
  for (const [memberId, buttons] of [
    ["web:somebody", []],
    [me, ["Undo"]],
  ] as const) {
    await post(card({ memberId }, { pictures: gone }));
    await expect.poll(() => page.locator(".pic.gone").count()).toBe(buttons.length + 1);
    expect(await names(page)).toEqual(buttons);
  }
  await post(card({ state: "queued", memberId: "web:somebody" }));
  await page.locator(".pic.queued").getByText("you are next").waitFor();
  expect(await names(page)).toEqual([]);

  await post(all.groups);
  const voted = page.locator(".row").last().getByRole("button", { name: "Voted 2 of 3 votes" });
  expect(await voted.getAttribute("aria-pressed")).toBe("true");
  await page.getByRole("img", { name: "carried by Bo, Cy, and Di" }).waitFor();
  const before = presses.length;
  await voted.click();
  await expect.poll(() => presses.length).toBe(before + 1);
  expect(presses.at(-1)?.token).toBe(token("reroll"));
});

it("offers rows with their prices, the free one first, and failures say what comes next", async ({
  onTestFinished,
}) => {
  const { page, me, post, core } = await chat(onTestFinished);
  const all = cardStates(me);
  await post(all.offers, "private");
  const rows = page.locator(".offer");
  await rows.first().waitFor();
  expect(await rows.allInnerTexts()).toEqual([
    expect.stringMatching(/^Sketch it now\s+same words, no model\s+free$/),
    expect.stringMatching(/^Fewer steps\s+11 instead of 28, a little rougher\s+4 s$/),
    expect.stringMatching(/^When there is enough\s+at about .*; you need not be here\s+10 s$/),
  ]);
  await rows.nth(2).click();
  await expect.poll(() => core.presses.at(-1)?.token).toBe(token("offer"));
  await post(all.failed);
  const row = page.locator(".row").last();
  await row.getByText("Your 10 s are back.").waitFor();
  expect(await names(page)).toEqual(["Try again", "Use the sketch"]);
});

it("several are put to the vote by a button, and a single one from its menu", async ({ onTestFinished }) => {
  const { page, me, post, core } = await chat(onTestFinished, { widthPx: 320 });
  const put = (view: View): View => ({
    ...view,
    buttons: [
      ...(view.buttons ?? []).map((row) => row.filter(({ does }) => does !== "vote")),
      [{ label: verbatim("Vote on these"), token: token("votepick"), does: "vote" }],
    ],
  });
  core.answered = async () => true;
  const { batch, mine } = cardStates(me);
  await post(put(batch));
  const row = page.locator(".row").last();
  await row.getByRole("button", { name: "Vote on these" }).click();
  const edges = await row.locator(".pic").evaluate((pic) => {
    const { right } = pic.getBoundingClientRect();
    return [...pic.querySelectorAll("button")].filter((each) => each.getBoundingClientRect().right > right).length;
  });
  expect(edges).toBe(0);
  // Red is for what is asked of everybody now.
  expect(await row.locator(".press.primary").count()).toBe(0);
  await post(put(mine));
  await expect.poll(() => page.locator(".row .pic").count()).toBe(2);
  await page.locator(".row").last().getByRole("button", { name: /^More/ }).click();
  await page.getByRole("menuitem", { name: "Vote on these" }).click();
  await expect.poll(() => core.presses.map((press) => press.token)).toEqual([token("votepick"), token("votepick")]);
});

it("opens its menus by the keyboard: arrows, Escape, and the focus comes back", async ({ onTestFinished }) => {
  const { page, me, post, core } = await chat(onTestFinished, { widthPx: 1280 });
  const all = cardStates(me);
  await post(all.mine);
  const vary = page.getByRole("button", { name: "Vary" });
  await vary.focus();
  await page.keyboard.press("Enter");
  const focused = () => page.evaluate("document.activeElement?.textContent");
  await page.getByRole("menuitem", { name: "A little" }).waitFor();
  const folder = process.env["CARD_SHOTS"];
  if (folder) await page.screenshot({ path: `${folder}/menu.png` });
  expect(await focused()).toBe("A little");
  await page.keyboard.press("ArrowDown");
  expect(await focused()).toBe("A lot");
  await page.keyboard.press("Escape");
  await page.getByRole("menu").waitFor({ state: "hidden" });
  expect(await focused()).toBe("Vary");
  await page.keyboard.press("Enter");
  // Closed and pressed again before the browser has told that it was closed.
  await page.evaluate(`document.querySelector("dialog.popup").close(); document.activeElement.click()`);
  await page.getByRole("menuitem", { name: "A lot" }).waitFor();
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  await expect.poll(() => core.presses.at(-1)?.token).toBe(token("strong"));
  // A batch: whole pictures with numbers under them, each to be had by itself.
  await post(all.batch);
  await page.getByRole("button", { name: "Post picture 3 by itself" }).click();
  await expect.poll(() => core.presses.at(-1)?.token).toBe(token("pick"));
});

const LOOKS = [
  { widthPx: 390 },
  { widthPx: 320, dark: true },
  { widthPx: 1280 },
  { widthPx: 640, dark: true },
  { widthPx: 390, language: "ar" },
] as const;
for (const look of LOOKS)
  it(`fits, with targets for thumbs: ${JSON.stringify(look)}`, async ({ onTestFinished }) => {
    const { page, me, post } = await chat(onTestFinished, look);
    for (const [name, view] of Object.entries(cardStates(me))) {
      await post(view);
      const row = page.locator(".row").last();
      await row.locator(".pic").waitFor();
      await page.waitForTimeout(150);
      const folder = process.env["CARD_SHOTS"];
      const file = `${Object.values(look).join("-")}-${name}.png`;
      if (folder) await row.screenshot({ path: `${folder}/${file}` });
      const box = await row.locator(".pic").boundingBox();
      expect((box?.x ?? -1) >= 0 && (box?.x ?? 0) + (box?.width ?? 0) <= look.widthPx, name).toBe(true);
      const targets = await row.locator(".pic button").evaluateAll((all) =>
        all.map((one) => {
          const { width, height, right, left } = one.getBoundingClientRect();
          const frame = one.closest(".pic")!.getBoundingClientRect();
          return {
            is: one.textContent,
            small: Math.min(width, height) < 44,
            out: right > frame.right || left < frame.left,
          };
        }),
      );
      expect(
        targets.filter(({ small, out }) => small || out),
        name,
      ).toEqual([]);
    }
    expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
  });
