import type { Page } from "playwright-core";

/** Counts from the next load on how much moves on a page that nobody moved, as browsers measure it (CLS). */
export const watchShifts = (page: Page): Promise<unknown> =>
  page.addInitScript(() => {
    Object.assign(globalThis, { shifted: 0 });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries())
        Object.assign(globalThis, { shifted: Reflect.get(globalThis, "shifted") + Reflect.get(entry, "value") });
      // Node has no such entries, and these types are Node's.
    }).observe({ type: "layout-shift" as never, buffered: true });
  });

export const shifted = (page: Page): Promise<number> => page.evaluate(() => Number(Reflect.get(globalThis, "shifted")));
