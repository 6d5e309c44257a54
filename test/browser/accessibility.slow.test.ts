import axe from "axe-core";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { useChromium } from "./chromium.ts";
import { placard } from "./program.ts";
import { stage } from "./stage.ts";
import { STATES, type Worlds } from "./states.ts";

const browser = useChromium();
const PHONE = { width: 390, height: 844 };
const DESKTOP = { width: 1280, height: 800 };
const NARROWEST = { width: 320, height: 640 };
/** What a finger hits, in CSS pixels. */
const TARGET_PX = 44;

const ends: (() => Promise<void>)[] = [];
let program: Worlds["program"];
beforeAll(async () => {
  const onEnd = (end: () => Promise<void>) => void ends.unshift(end);
  const environment = {
    BACKENDS: "fake",
    FAKE_BACKEND: "delay:100",
    REROLL_VOTES: "3",
    VOTE_MIN_AGE_MINUTES: "0",
    QUOTA_CAPACITY_SECONDS: "100000",
  };
  program = await placard(browser, onEnd, environment);
}, 60_000);
afterAll(async () => {
  for (const end of ends) await end();
});

/** What axe finds, a line each. Its script is not part of the page, so no policy of the page forbids it. */
async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const found = await page.evaluate(async () => {
    const { run } = Reflect.get(globalThis, "axe") as typeof axe;
    // Loading style sheets again would need a policy that allows styles in place.
    return (await run({ resultTypes: ["violations"], preload: false } as never)).violations;
  });
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary?.replaceAll(/\s+/g, " ")}`),
  );
}

const PRESSED = "button, a[href], input, select, textarea, summary, [role=option]";

/** What is too small for a finger: by where a tap is heard, so what reaches beyond its looks counts. */
const smallTargets = (page: Page) =>
  page.locator("body").evaluate(
    (body, { selector, least }) =>
      [...body.querySelectorAll(selector)].flatMap((element) => {
        if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return [];
        const { width, height } = element.getBoundingClientRect();
        const small = width > 1 && (width < least - 0.5 || height < least - 0.5);
        return small ? [`${Math.round(width)}x${Math.round(height)} ${element.outerHTML.slice(0, 120)}`] : [];
      }),
    { selector: PRESSED, least: TARGET_PX },
  );

const sideways = (page: Page) =>
  page.locator("html").evaluate((root) => {
    const log = root.querySelector(".log") ?? root;
    return [root.scrollWidth - root.clientWidth, log.scrollWidth - log.clientWidth];
  });

/** What a screen reader cannot name, as the browser's own accessibility tree has it. */
async function nameless(page: Page): Promise<readonly string[]> {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send("Accessibility.getFullAXTree");
  await session.detach();
  const named = new Set(["button", "link", "textbox", "combobox", "image", "dialog", "option", "progressbar", "log"]);
  return nodes
    .filter(
      ({ ignored, role, name }) => !ignored && named.has(String(role?.value)) && !String(name?.value ?? "").trim(),
    )
    .map(({ role, nodeId }) => `${String(role?.value)} ${nodeId}`);
}

it.for(STATES)(
  "$name: nothing that axe finds, all targets 44 px on a phone, all named, nothing to scroll sideways",
  async ({ name, show, again }, { onTestFinished }) => {
    const page = await show(
      { program, staged: await stage(browser, onTestFinished, { ownAddresses: ["127.0.0.1"] }) },
      name,
    );
    const faults: Record<string, unknown> = {};
    const note = (what: string, found: readonly unknown[]) => {
      if (found.length > 0) faults[what] = found;
    };
    const resize = async (viewport: typeof PHONE) => {
      await page.setViewportSize(viewport);
      await again?.(page);
    };
    for (const [screen, viewport] of Object.entries({ phone: PHONE, desktop: DESKTOP })) {
      await resize(viewport);
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        note(`${screen} ${colorScheme}`, await violations(page));
        if (process.env["SHOTS"])
          await page.screenshot({
            path: `${process.env["SHOTS"]}/${name.replaceAll(" ", "-")}-${screen}-${colorScheme}.png`,
          });
      }
    }
    note("nameless", await nameless(page));
    await resize(PHONE);
    note("small", await smallTargets(page));
    await resize(NARROWEST);
    if (process.env["SHOTS"])
      await page.screenshot({ path: `${process.env["SHOTS"]}/${name.replaceAll(" ", "-")}-narrow.png` });
    note(
      "sideways",
      (await sideways(page)).filter((px) => px > 0),
    );
    expect(faults).toEqual({});
    await page.context().close();
  },
);
