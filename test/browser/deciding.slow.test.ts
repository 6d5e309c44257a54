import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import type { ShownDecision, ShownView } from "../../src/ports/view.ts";
import { useChromium } from "./chromium.ts";
import { DECISIONS, postDecision } from "./decision-views.ts";
import { shifted, watchShifts } from "./layout-shift.ts";
import { field, log, type Stage, stage } from "./stage.ts";

const browser = useChromium();
/** What is pressed within one is a finger's. */
const TARGET_PX = 44;
const sheet = (page: Page) => page.getByRole("dialog");
const dock = (page: Page) => page.getByRole("region", { name: "Open votes" });
const opener = (page: Page) =>
  dock(page)
    .getByRole("button", { name: /^(Choose|Voted): / })
    .last();
const candidate = (page: Page, label: string) =>
  sheet(page)
    .getByRole("button", { name: new RegExp(` ${label}\\b`) })
    .first();
const status = (page: Page) => sheet(page).getByRole("status").last();
const focused = (page: Page) =>
  page.evaluate<string>(
    "document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? ''",
  );

async function deciding(staged: Stage, state: keyof typeof DECISIONS, page: Page) {
  const { memberId: me, room } = await page.evaluate(() =>
    JSON.parse(sessionStorage.getItem("placard.session") ?? "{}"),
  );
  const view: ShownView = DECISIONS[state]({ me: String(me), nowMs: Date.now() });
  const { become } = await postDecision(staged, String(room), view);
  const shown = (over: Partial<ShownDecision>): ShownView => ({
    ...view,
    ...(view.decision
      ? { decision: { ...view.decision, ...(over.votedIds ? { voted: over.votedIds.length } : {}), ...over } }
      : {}),
  });
  await log(page).locator(".ask").waitFor();
  return { me: String(me), become: (over: Partial<ShownDecision>) => become(shown(over)), view };
}
/** Windows that are made smaller shift, too. */
const settled = async (page: Page): Promise<number> => {
  await page.waitForTimeout(700);
  return shifted(page);
};
const say = async (page: Page, line: string): Promise<void> => {
  await field(page).fill(line);
  await field(page).press("Enter");
  await log(page)
    .getByText(line.split("\n")[0] ?? "")
    .waitFor();
};
const choicesOf = ({ core }: Stage) => core.presses.map(({ values }) => values?.["choices"]);

it("whole pictures are chosen from a sheet on a phone, counted at once, known after a reload, and it becomes the outcome", async ({
  onTestFinished,
}) => {
  const staged = await stage(browser, onTestFinished);
  const page = await staged.open("Ana");
  await watchShifts(page);
  await page.reload();
  for (let n = 0; n < 4; n += 1) await say(page, `line ${n}\n${"word ".repeat(60)}`);
  const { me, become, view } = await deciding(staged, "pick hidden", page);
  const voted = [...(view.decision?.votedIds ?? [])];
  staged.core.answered = async ({ values }) => {
    const votedIds = values?.["choices"] === "" ? voted : [...voted, me];
    await become({ votedIds, standing: `${votedIds.length} have voted` });
    return true;
  };
  await opener(page).click();
  await sheet(page).getByText("How many chose what is shown when it closes.").waitFor();
  // All of it, without scrolling.
  const frame = await page.evaluate<number>("innerHeight");
  for (const label of ["#7", "#8", "#9", "#10", "None of these"]) {
    const button = sheet(page).getByRole("button", { name: label }).last();
    const box = await button.boundingBox();
    expect([label, (box?.y ?? -1) > 0, (box?.y ?? 0) + (box?.height ?? 0) <= frame]).toEqual([label, true, true]);
  }
  const fits =
    "[...document.querySelectorAll('.pk img')].every((image) => getComputedStyle(image).objectFit === 'contain')";
  expect(await page.evaluate<boolean>(fits)).toBe(true);
  expect(await sheet(page).locator(".b").count()).toBe(0);

  await candidate(page, "#7").click();
  await candidate(page, "#9").click();
  await status(page).getByText("Counted: #7 and #9").waitFor();
  expect(choicesOf(staged).at(-1)).toBe("p0,p2");
  await page.reload();
  await opener(page).click();
  await status(page).getByText("Counted: #7 and #9").waitFor();
  expect(await candidate(page, "#9").getAttribute("aria-pressed")).toBe("true");

  // It goes with no other, and back again.
  await sheet(page).getByRole("button", { name: "None of these" }).click();
  await status(page).getByText("Counted: None of these").waitFor();
  expect(choicesOf(staged).at(-1)).toBe("none");
  await sheet(page).getByRole("button", { name: "None of these" }).click();
  await status(page).getByText("Nothing of yours is counted yet.").waitFor();
  expect(choicesOf(staged).at(-1)).toBe("");

  // Keys: beside, below, closer, back, and away.
  await candidate(page, "#7").focus();
  for (const [key, label] of [
    ["ArrowRight", "#8"],
    ["ArrowDown", "#10"],
    ["ArrowLeft", "#9"],
    ["Home", "#7"],
  ] as const) {
    await page.keyboard.press(key);
    expect(await focused(page)).toContain(label);
  }
  await sheet(page).getByRole("button", { name: "Enlarge: #8" }).click();
  await page.getByRole("dialog", { name: "2 of 4" }).waitFor();
  await page.keyboard.press("Escape");
  await expect.poll(() => sheet(page).count()).toBe(1);
  expect(await focused(page)).toBe("Enlarge: #8");
  await page.keyboard.press("Escape");
  await expect.poll(() => sheet(page).count()).toBe(0);
  expect(await focused(page)).toMatch(/^Choose: /);

  await opener(page).click();
  await candidate(page, "#8").click();
  await status(page).getByText("Counted: #8").waitFor();
  await candidate(page, "#8").focus();
  const before = await settled(page);
  const over = DECISIONS["pick over"]({ nowMs: Date.now(), me }).decision;
  await become({ ...over, decisionId: view.decision?.decisionId ?? "" });
  await sheet(page).getByText("#9: 5 of 7 approve (next: 3)").waitFor();
  expect(await page.evaluate<boolean>("document.querySelector('dialog').contains(document.activeElement)")).toBe(true);
  expect(await sheet(page).locator(".bars li").allInnerTexts()).toEqual([
    "#9\n5",
    "#7\n3",
    "#10\n2",
    "#8\n1",
    "None of these\n1",
  ]);
  await page.keyboard.press("Escape");
  await log(page).getByText("#9: 5 of 7 approve (next: 3)").waitFor();
  await expect.poll(() => dock(page).count()).toBe(0);
  expect((await shifted(page)) - before).toBe(0);
  // Nothing of it is left in this browser.
  expect(await page.evaluate<string>("Object.values(sessionStorage).join()")).not.toContain("p1");
});

it("what was pressed elsewhere, or was not counted, is said so", async ({ onTestFinished }) => {
  const staged = await stage(browser, onTestFinished);
  const page = await staged.open("Ana");
  const { me, become, view } = await deciding(staged, "pick hidden", page);
  staged.core.answered = async () => true;
  await opener(page).click();
  await candidate(page, "#7").click();
  await status(page).getByText("That was not counted. The chat says why.").waitFor();
  expect(await candidate(page, "#7").getAttribute("aria-pressed")).toBe("false");
  await page.keyboard.press("Escape");
  await page.evaluate((key) => sessionStorage.removeItem(key), `placard.ballots.${me}`);
  await become({ votedIds: [...(view.decision?.votedIds ?? []), me] });
  await page.reload();
  await opener(page).click();
  await status(page)
    .getByText(/^You have voted. What you chose is not known in this window/)
    .waitFor();
});

it("presses on a slow line keep their order, and no more are given than there are", async ({ onTestFinished }) => {
  const staged = await stage(browser, onTestFinished);
  const page = await staged.open("Ana");
  const { me, become, view } = await deciding(staged, "pick limited", page);
  staged.core.answered = async () => {
    await become({ votedIds: [...(view.decision?.votedIds ?? []), me] });
    return true;
  };
  let under = 0;
  const together: number[] = [];
  await page.route("**/api/press", async (route) => {
    under += 1;
    together.push(under);
    await new Promise((resolve) => setTimeout(resolve, 400));
    await route.continue();
    under -= 1;
  });
  await opener(page).click();
  await sheet(page).getByText("3 of 3 left").waitFor();
  for (const label of ["#7", "#8", "#9", "#10"]) await candidate(page, label).click();
  await sheet(page).getByText("All 3 are given. Take one back to choose another.").waitFor();
  expect(await candidate(page, "#10").getAttribute("aria-pressed")).toBe("false");
  await status(page).getByText("Counted: #7, #8, and #9").waitFor();
  expect(choicesOf(staged)).toEqual(["p0", "p0,p1,p2"]);
  expect(together).toEqual([1, 1]);
  await candidate(page, "#8").click();
  await sheet(page).getByText("1 of 3 left").waitFor();
});

it("a proposal is answered in a word, and why not in one's own", async ({ onTestFinished }) => {
  const staged = await stage(browser, onTestFinished);
  const page = await staged.open("Ana");
  const { me, become } = await deciding(staged, "proposal open", page);
  let mine = ["disagree"];
  staged.core.answered = async ({ values, token }) => {
    mine = values?.["choices"] === undefined ? [token.split(".").at(-1) ?? ""] : String(values["choices"]).split(",");
    await become({ choicesOf: { [me]: mine } });
    return true;
  };
  await opener(page).click();
  // Its words are whole, however many they are.
  await sheet(page)
    .getByText(/^Bo proposes: .* by Thursday noon$/)
    .waitFor();
  await status(page).getByText("Counted: Disagree").waitFor();
  await sheet(page).getByRole("button", { name: "Block" }).click();
  await status(page).getByText("Counted: Block").waitFor();
  await sheet(page).getByLabel("Why, in your words").fill("x".repeat(220));
  await sheet(page).getByRole("button", { name: "Add the reason" }).click();
  await status(page).getByText("Counted: Block, with your reason").waitFor();
  expect(staged.core.presses.at(-1)?.values).toEqual({ reason: "x".repeat(200) });
  expect(staged.core.presses.at(-1)?.token).toMatch(/\.block$/);
  await sheet(page).getByRole("button", { name: "Agree", exact: false }).first().click();
  await status(page).getByText("Counted: Agree").waitFor();
  expect(await sheet(page).getByLabel("Why, in your words").count()).toBe(0);
});

it("a vote is two lines on a phone, a target for a finger, and nothing moves when it is counted", async ({
  onTestFinished,
}) => {
  const staged = await stage(browser, onTestFinished);
  const page = await staged.open("Ana");
  await watchShifts(page);
  await page.reload();
  for (let n = 0; n < 5; n += 1) await say(page, `line ${n}\n${"word ".repeat(60)}`);
  const quiet = await settled(page);
  const { become } = await deciding(staged, "reroll open", page);
  expect((await settled(page)) - quiet).toBe(0);
  for (const [width, height] of [
    [390, 84],
    [320, 84],
    [1280, 64],
  ] as const) {
    await page.setViewportSize({ width, height: 844 });
    const line = await dock(page).locator(".ask").boundingBox();
    expect(line?.height).toBeLessThanOrEqual(height);
    expect((line?.x ?? 0) + (line?.width ?? 999)).toBeLessThanOrEqual(width);
    for (const name of [/^Vote: /, "Show picture #7"]) {
      const box = await dock(page).getByRole("button", { name }).boundingBox();
      expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(TARGET_PX);
    }
    const cut =
      "[...document.querySelectorAll('.ask .rest, .ask .how')].filter((each) => each.scrollWidth > each.clientWidth + 1).map((each) => each.textContent)";
    expect([width, await page.evaluate(cut)]).toEqual([width, []]);
  }
  await page.setViewportSize({ width: 390, height: 844 });
  const before = await settled(page);
  await become({ standing: "2 of 3", votedIds: ["web:m", "web:n"] });
  await dock(page).getByText("2 of 3").waitFor();
  expect((await shifted(page)) - before).toBe(0);
});

it("who keeps order ends it from the sheet, and nobody else is offered that", async ({ onTestFinished }) => {
  const staged = await stage(browser, onTestFinished);
  // Who comes first keeps order.
  const [ana, cy] = [await staged.open("Ana"), await staged.open("Cy")];
  const { become } = await deciding(staged, "pick open", ana);
  await become({ choicesOf: {}, votedIds: [] });
  for (const page of [ana, cy]) await opener(page).click();
  await sheet(ana).getByRole("button", { name: "Close the vote" }).click();
  expect(await sheet(cy).getByRole("button", { name: "Close the vote" }).count()).toBe(0);
  await expect.poll(() => staged.core.presses.map(({ token }) => token)).toEqual(["2.endvote.close"]);
});
