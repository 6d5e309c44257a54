import axe from "axe-core";
import { expect, it } from "vitest";
import { type FirefoxPage, useFirefox } from "./firefox.ts";
import { start } from "./program.ts";

const firefox = useFirefox();
const ENTER = "\uE007";
const LEFT = "\uE012";
const has = (selector: string, words = "") =>
  `String([...document.querySelectorAll(${JSON.stringify(selector)})].some((each) => each.textContent.includes(${JSON.stringify(words)})))`;
const press = (selector: string) => `document.querySelector(${JSON.stringify(selector)}).click()`;

async function join(page: FirefoxPage, url: string, name: string): Promise<void> {
  await page.goto(url);
  await page.until(has("#name"), "true");
  await page.run("document.getElementById('name').focus()");
  await page.type(name);
  await page.run("document.getElementById('group').focus()");
  await page.type(`Rent strike${ENTER}`);
  await page.until(has("h1", "Rent strike"), "true");
  await page.until("document.activeElement.id", "message");
}

/** What axe finds, by rule. */
const violations = async (page: FirefoxPage) => {
  await page.run(`${axe.source};""`);
  return page.run(
    `axe.run({ preload: false }).then(({ violations }) => violations.map(({ id, nodes }) => id + " " + nodes[0].html).join("\\n"))`,
  );
};

it("a group makes a picture, votes about it and looks at the wall in Firefox", async ({ onTestFinished }) => {
  const url = await start(onTestFinished, {
    BACKENDS: "fake",
    FAKE_BACKEND: "delay:50",
    REROLL_VOTES: "2",
    VOTE_MIN_AGE_MINUTES: "0",
  });
  const [ana, bo] = [await firefox(), await firefox()];
  for (const page of [ana, bo]) await page.resize(390, 844);
  await join(ana, url, "Ana");
  await join(bo, url, "Bo");
  await ana.type(`/rca a crowd size:512x512 ${ENTER}`);
  for (const page of [ana, bo]) await page.until(has('[role="log"] img[alt="AI picture: a crowd"]'), "true");
  await bo.run(
    `[...document.querySelectorAll(".log button")].find((each) => each.textContent.startsWith("Reroll")).click()`,
  );
  for (const page of [ana, bo]) await page.until(has(".ask", "Bo wants another take of #1"), "true");
  await bo.until(has('.ask [aria-pressed="true"]'), "true");
  expect(await violations(bo)).toBe("");
  expect(await bo.run("String(document.documentElement.scrollWidth - innerWidth)")).toBe("0");
  // Who made it makes another at once.
  await ana.run(press(".ask .press"));
  await ana.until(`String(document.querySelectorAll('[role="log"] img[alt="AI picture: a crowd"]').length)`, "2");

  await bo.goto(`${url}/wall?group=rent-strike`);
  await bo.until("document.querySelector('.layer.shown img')?.alt ?? ''", "AI picture: a crowd");
  await bo.until("document.querySelector('.paused').hidden ? 'no' : 'yes'", "no");
  await bo.type(LEFT);
  await bo.until("document.querySelector('.paused').hidden ? 'no' : 'yes'", "yes");
  expect(await violations(bo)).toBe("");
});
