import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, beforeEach, vi } from "vitest";

const CHROMIUM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
const ARGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"];
/** Without these Chromium calls home, and waits where there is no network. */
const QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync"];

/** One browser for the tests of a file. Where there is none they are listed as not run. */
export function useChromium(): () => Browser {
  // A browser beside the other tests on two cores takes its time.
  vi.setConfig({ testTimeout: 90_000 });
  let browser: Browser | undefined;
  beforeAll(async () => {
    if (existsSync(CHROMIUM)) browser = await chromium.launch({ executablePath: CHROMIUM, args: [...ARGS, ...QUIET] });
  }, 60_000);
  afterAll(() => browser?.close());
  beforeEach((context) => {
    if (!browser) context.skip("needs Chromium (Debian's chromium), or its path in CHROMIUM");
  });
  return () => {
    if (!browser) throw new Error("the browser has not started");
    return browser;
  };
}
