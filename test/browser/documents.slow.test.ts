import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { webCapabilities } from "../../adapters/web/limits.ts";
import type { View } from "../../src/ports/view.ts";
import { documentCard } from "../../src/views/document.ts";
import { fittedView } from "../../src/views/shown.ts";
import { jobWith, NOW_MS, pictureOf } from "../commands/context.ts";
import { documentWith, factsOf, madeDocument } from "../commands/documents.ts";
import { card, token } from "./card-views.ts";
import { useChromium } from "./chromium.ts";
import { joinAs, stage } from "./stage.ts";

const browser = useChromium();
/** Where pictures of the page are put, for whoever wants to look. */
const LOOK = process.env["LOOK_AT"];

const picture = pictureOf(jobWith(), 0, { number: 7 });
const print = { paper: "a3", bleedMm: 3, cropMarks: true, fit: "fill" } as const;
const zip = madeDocument({ kind: "zip", of: { meetingId: "m".repeat(16) } });
const documents: readonly View[] = [
  factsOf(documentWith(), { progress: { done: 12, total: 40 } }),
  factsOf(madeDocument()),
  factsOf({ ...zip, file: { ...zip.file!, name: "Everything.zip", sizeBytes: 19e6, gone: 1 } }),
  factsOf(madeDocument({ kind: "print", print, of: { imageIds: ["a"], chosen: "named" } }), { picture }),
  factsOf(madeDocument({ forgotten: true })),
].flatMap((known) => documentCard({ ...known, nowMs: NOW_MS }, token) ?? []);

it.each([
  [1280, "light", "en"],
  [390, "dark", "en"],
  [320, "light", "ar"],
] as const)(
  "files of pictures, %i px wide, %s, %s: what they are, how large, and a target for every finger",
  async (widthPx, colorScheme, language) => {
    const ends: (() => Promise<void>)[] = [];
    const all = await stage(browser, (end) => void ends.push(end));
    try {
      all.core.reads = language;
      await all.open("Zoe");
      const page = await all.look("", {
        viewport: { width: widthPx, height: 844 },
        colorScheme,
        reducedMotion: "reduce",
        locale: language,
      });
      if (language === "en") await joinAs(page, "Ana", "Rent strike");
      else {
        await page.locator("#name").fill("Ana");
        await page.locator("#group").fill("Rent strike");
        await page.keyboard.press("Enter");
      }
      await page.locator(".log").waitFor();
      const { memberId, room } = await page.evaluate(() =>
        JSON.parse(sessionStorage.getItem("placard.session") ?? "{}"),
      );
      const place = { platform: "web", chatId: room, group: true };
      for (const [at, view] of [card({ state: "done" }), ...documents].entries())
        await all.web.post({ place, memberId }, fittedView(view, language, webCapabilities), {
          nonce: `document ${at}`,
          visibility: "public",
        });
      const links = page.locator("a.filebtn");
      await expect.poll(() => links.count()).toBe(3);
      const deck = links.first();
      expect(await deck.getAttribute("href")).toBe(`/media/document/${"d".repeat(16)}`);
      expect(await deck.getAttribute("download")).toBe("March.pdf");
      if (language === "en") expect(await deck.innerText()).toBe("Deck\nPDF · 12.3 MB · 3 pages");
      for (const link of await links.all()) expect((await link.boundingBox())?.height).toBeGreaterThanOrEqual(44);
      // Said once: on the button.
      const said = await page.locator(".card").filter({ has: links }).first().innerText();
      expect(said.match(/12[.,٫]3|١٢[.,٫]٣/gu)).toHaveLength(1);
      expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBeLessThanOrEqual(0);
      if (LOOK) {
        mkdirSync(LOOK, { recursive: true });
        await page.screenshot({ path: join(LOOK, `documents-${widthPx}-${colorScheme}-${language}.png`) });
      }
      if (widthPx < 1280) return;
      await page.getByRole("button", { name: /^More for/u }).click();
      await page.getByRole("menuitem", { name: "Print on paper" }).click();
      await expect.poll(() => all.core.presses.at(-1)?.token).toContain(".print.");
    } finally {
      for (const end of ends) await end();
    }
  },
);
