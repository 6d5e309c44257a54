import { expect, it } from "vitest";
import { webCapabilities } from "../../adapters/web/limits.ts";
import { moderationList } from "../../src/features/moderation/list.ts";
import { fittedView } from "../../src/views/shown.ts";
import { contextWith, NOW_MS } from "../commands/context.ts";
import { card, heldOf, token } from "./card-views.ts";
import { sideways, smallTargets, violations } from "./checks.ts";
import { useChromium } from "./chromium.ts";
import { joinAs, stage } from "./stage.ts";

const browser = useChromium();

const list = () =>
  moderationList({
    ...contextWith({
      reads: {
        heldHere: async () =>
          (["hidden", "all", "flagged"] as const).map((kind, n) => ({
            jobId: `abcdefghijklmno${n}`,
            number: 7 + n,
            lastNumber: 7 + 2 * n,
            member: { id: "web:bo", name: n === 1 ? "Bo from the tenants’ union of the north side" : "Bo" },
            why: { kind, presses: 2, label: "nudity", score: 0.97 },
            sinceMs: NOW_MS - 240_000,
          })),
        moderationSteps: async () => [{ verb: "refused", number: 5, byName: "Zoe", atMs: NOW_MS - 3_600_000 }],
      },
    }),
    token,
  });

const LOOKS = [
  { name: "Zoe", widthPx: 390, dark: false },
  { name: "Yuna", widthPx: 1280, dark: true },
] as const;

it("shows who decides what waits, its author what can be done, and all others one line", async ({ onTestFinished }) => {
  const { web, core, look } = await stage(browser, onTestFinished);
  // Whoever comes first runs the group.
  for (const { name: who, widthPx, dark } of LOOKS) {
    const page = await look("", {
      viewport: { width: widthPx, height: 844 },
      colorScheme: dark ? "dark" : "light",
      reducedMotion: "reduce",
    });
    // The scripted core has no such command.
    await page.route("**/api/commands*", async (route) => {
      const found = await (await route.fetch()).json();
      await route.fulfill({ json: { commands: [...found.commands, { ...found.commands[1], name: "moderation" }] } });
    });
    await joinAs(page, who, `Rent strike ${widthPx}`);
    const { memberId, room } = await page.evaluate(() => JSON.parse(sessionStorage.getItem("placard.session") ?? "{}"));
    const post = (name: string, view: Parameters<typeof fittedView>[0]) =>
      web.post(
        { place: { platform: "web", chatId: room, group: true }, memberId },
        fittedView(view, "en", webCapabilities),
        {
          nonce: `${name} ${widthPx}`,
          visibility: name === "list" ? "private" : "public",
        },
      );
    const names = () =>
      page
        .locator(".pic")
        .last()
        .getByRole("button")
        .evaluateAll((all) => all.map((one) => one.getAttribute("aria-label") ?? one.textContent));

    await post("theirs", card({ memberId: "web:bo", memberName: "Bo" }, { pictures: heldOf({ memberName: "Bo" }) }));
    await page.getByText("Held, asked for by Bo").waitFor();
    expect(await names()).toEqual(["Look", "Release", "Refuse"]);
    await page.getByRole("button", { name: "Release" }).click();
    await expect.poll(() => core.presses.at(-1)?.token).toBe(token("release"));

    await post("list", await list());
    const section = page.getByRole("region", { name: "Moderation" });
    await section.getByText("3 orders wait for a moderator.").waitFor();
    await section.getByText("#5: refused by Zoe").waitFor();
    expect(await section.locator("img").count()).toBe(0);
    await section.getByRole("button", { name: "Release" }).first().click();
    await section.getByRole("status").getByText("Release").waitFor();
    expect(await section.getByRole("button", { name: "Release" }).count()).toBe(2);
    await section.getByRole("button", { name: /^More about #9/ }).click();
    await page.getByRole("menuitem", { name: "Block its author" }).click();
    await expect.poll(() => core.presses.at(-1)?.token).toBe(token("block"));

    if (widthPx > 900) {
      await page.getByRole("button", { name: "Moderation", exact: true }).click();
      await expect.poll(() => core.invocations.at(-1)?.commandName).toBe("moderation");
    }
    const folder = process.env["CARD_SHOTS"];
    await section.scrollIntoViewIfNeeded();
    if (folder) await page.screenshot({ path: `${folder}/moderation-${widthPx}.png` });
    expect(await violations(page)).toEqual([]);
    expect(await sideways(page)).toEqual([0, 0]);
    expect((await smallTargets(page)).filter((each) => each.includes("press"))).toEqual([]);
  }

  // Somebody who decides nothing.
  const page = await look("", { viewport: { width: 390, height: 844 }, reducedMotion: "reduce" });
  await joinAs(page, "Ana", "Rent strike 390");
  const { memberId, room } = await page.evaluate(() => JSON.parse(sessionStorage.getItem("placard.session") ?? "{}"));
  await page.getByText("waits for a moderator. Until then only Bo and moderators see it.").waitFor();
  expect(await page.locator(".pic button").count()).toBe(0);
  const own = card({ memberId }, { pictures: heldOf({ memberId }) });
  await web.post(
    { place: { platform: "web", chatId: room, group: true }, memberId },
    fittedView(own, "en", webCapabilities),
    { nonce: "own", visibility: "public" },
  );
  await page.getByText("Waiting for a moderator. Until then only you and moderators see it.").waitFor();
  expect(await page.locator(".pic.held button").allInnerTexts()).toEqual(["Look", "Change the words", "Withdraw"]);
});
