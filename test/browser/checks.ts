import axe from "axe-core";
import type { Page } from "playwright-core";

/** What a finger hits, in CSS pixels. */
const TARGET_PX = 44;

/**
 * What axe finds, a line each. Its script is not part of the page, so no policy of the page forbids it.
 *
 * @param only "colours": of a page that was judged whole in another colour scheme
 */
export async function violations(page: Page, only?: "colours"): Promise<readonly string[]> {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe.source);
  const found = await page.evaluate(async (rules) => {
    const { run } = Reflect.get(globalThis, "axe") as typeof axe;
    // Loading style sheets again would need a policy that allows styles in place.
    const how = { resultTypes: ["violations"], preload: false, ...(rules ? { runOnly: rules } : {}) };
    return (await run(how as never)).violations;
  }, only && ["color-contrast", "link-in-text-block"]);
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary?.replaceAll(/\s+/g, " ")}`),
  );
}

const PRESSED = "button, a[href], input, select, textarea, summary, [role=option]";

/** What is too small for a finger: by where a tap is heard, so what reaches beyond its looks counts. */
export const smallTargets = (page: Page) =>
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

export const sideways = (page: Page) =>
  page.locator("html").evaluate((root) => {
    const log = root.querySelector(".log") ?? root;
    return [root.scrollWidth - root.clientWidth, log.scrollWidth - log.clientWidth];
  });

/** What a screen reader cannot name, as the browser's own accessibility tree has it. */
export async function nameless(page: Page): Promise<readonly string[]> {
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

/** Text that is smaller than this, with its size. What is only read aloud counts as well. */
export const smallText = (page: Page, leastPx: number) =>
  page.locator("body").evaluate(
    (body, least) =>
      [...body.querySelectorAll("*")].flatMap((element) => {
        const written = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim());
        const px = Number.parseFloat(String(body.ownerDocument.defaultView?.getComputedStyle(element).fontSize));
        return written && element.checkVisibility() && px < least ? [`${px} px: ${element.textContent}`] : [];
      }),
    leastPx,
  );

/** What stands outside of the window, or of what cuts it off. */
export const cutOff = (page: Page, selector: string) =>
  page.locator("body").evaluate(
    ({ ownerDocument: { documentElement: root } }, what) =>
      [...root.querySelectorAll(what)].flatMap((element) => {
        if (!element.checkVisibility()) return [];
        const { left, top, right, bottom } = element.getBoundingClientRect();
        const inside = left >= -1 && top >= -1 && right <= root.clientWidth + 1 && bottom <= root.clientHeight + 1;
        return inside
          ? []
          : [`${[left, top, right, bottom].map(Math.round).join(" ")} ${element.outerHTML.slice(0, 100)}`];
      }),
    selector,
  );
