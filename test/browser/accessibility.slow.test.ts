import { afterAll, beforeAll, expect, it } from "vitest";
import { nameless, sideways, smallTargets, violations } from "./checks.ts";
import { useChromium } from "./chromium.ts";
import { placard } from "./program.ts";
import { stage } from "./stage.ts";
import { STATES, type Worlds } from "./states.ts";

const browser = useChromium();
const PHONE = { width: 390, height: 844 };
const DESKTOP = { width: 1280, height: 800 };
const NARROWEST = { width: 320, height: 640 };

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
        note(`${screen} ${colorScheme}`, await violations(page, colorScheme === "dark" ? "colours" : undefined));
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
