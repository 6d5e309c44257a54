import { expect, it } from "vitest";
import { useChromium } from "./chromium.ts";
import { handOver } from "./hand-over.ts";
import { log, placard, type } from "./program.ts";

const browser = useChromium();
const SVG =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 220 93"><script>document.title = "gone"</script><path d="M0 0h60v60H0zM80 0h60v60H80zM160 0h60v60h-60z" fill="#1a1a1a"/><path d="M0 75h220v18H0z" fill="#d3261c"/></svg>';

it("an SVG that is dropped becomes the logo, and a poster has it", async ({ onTestFinished }) => {
  const { join } = await placard(browser, onTestFinished, { BACKENDS: "sketch" });
  const page = await join("Ana");
  await handOver(page.getByLabel("Message", { exact: true }), "drop", { svg: SVG });
  await page.getByRole("button", { name: "Remove the attached picture" }).waitFor();
  await type(page, "/brand ink:#1a1a1a ground:#ffdd00 font:grotesk");
  await log(page).getByText("changed how posters of this chat look").waitFor();
  await log(page).getByText("1024×433").waitFor();
  const sample = log(page).getByRole("img", { name: "A sample: letters" });
  await expect
    .poll(() => sample.evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth))
    .toBeGreaterThan(300);
  await page.setViewportSize({ width: 320, height: 900 });
  const shots = process.env["SHOTS_DIR"];
  if (shots) await page.screenshot({ path: `${shots}/brand-320.png` });
  const wide = await page.evaluate("document.documentElement.scrollWidth");
  expect(wide).toBeLessThanOrEqual(320);
  await log(page).getByRole("button", { name: "Colours and font", exact: true }).click();
  await page.getByLabel("Colour of the letters").waitFor();
  if (shots) await page.screenshot({ path: `${shots}/brand-form.png` });
  await page.keyboard.press("Escape");
  await type(page, "/poster template:rally title:No rent rise");
  await log(page).getByText("No rent rise").first().waitFor();
  expect(await page.title()).not.toBe("gone");
});
