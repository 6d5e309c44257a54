import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join as pathOf } from "node:path";
import type { Browser, Page } from "playwright-core";
import { expect } from "vitest";
import { assemble } from "../../src/app/assemble.ts";

/** The whole program as `npm start` wires it. @returns the address of its web chat */
export async function start(
  onTestFinished: (end: () => Promise<void>) => void,
  environment: Readonly<Record<string, string>>,
): Promise<string> {
  const folder = mkdtempSync(pathOf(tmpdir(), "placard-story-"));
  const { app } = await assemble(
    { DATA_DIR: folder, WEB_PORT: "0", LOG_LEVEL: "silent", ...environment },
    { pretty: false },
  );
  const [line = ""] = await app.start();
  onTestFinished(async () => {
    await app.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  return line.replace("web chat: ", "");
}

/** With a browser per member. */
export async function placard(
  browser: () => Browser,
  onTestFinished: (end: () => Promise<void>) => void,
  environment: Readonly<Record<string, string>>,
) {
  const url = await start(onTestFinished, environment);
  /** The door, with name and group typed and sent. */
  const knock = async (name: string, group = "Rent strike"): Promise<Page> => {
    const context = await browser().newContext({ viewport: { width: 390, height: 844 } });
    const page = await context.newPage();
    const wrong: string[] = [];
    page.on("pageerror", (error) => wrong.push(error.message));
    onTestFinished(async () => {
      await context.close();
      expect(wrong).toEqual([]);
    });
    await page.goto(url);
    await page.getByLabel("Your name").fill(name);
    await page.getByLabel("Group").fill(group);
    await page.getByRole("button", { name: "Join" }).click();
    return page;
  };
  const join = async (name: string, group = "Rent strike"): Promise<Page> => {
    const page = await knock(name, group);
    await page.getByRole("heading", { name: group, exact: true }).waitFor();
    return page;
  };
  return { join, knock };
}

export const log = (page: Page) => page.getByRole("log");
export const type = async (page: Page, line: string) => {
  const field = page.getByLabel("Message", { exact: true });
  await field.fill(line);
  await field.press("Escape");
  await field.press("Enter");
};
export const button = (page: Page, name: string | RegExp) => log(page).getByRole("button", { name }).last();
export const pictures = (page: Page, alt: string | RegExp) => log(page).getByRole("img", { name: alt });
