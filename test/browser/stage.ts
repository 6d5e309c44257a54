import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { expect } from "vitest";
import type { WebAdapter } from "../../adapters/web.ts";
import type { MeetingScreens } from "../../src/ports/meeting-screens.ts";
import { freshFolder, webIn } from "../adapters/web-world.ts";
import { ScriptedCore, SPECS } from "./scripted-core.ts";

export interface Stage {
  readonly url: string;
  readonly core: ScriptedCore;
  readonly web: WebAdapter;
  readonly folder: string;
  /** A browser of their own, with whatever it shows first. */
  look(path: string, options?: BrowserContextOptions): Promise<Page>;
  /** The same, and they have joined. */
  open(name: string, group?: string): Promise<Page>;
}

/** The web chat with a scripted core, and a phone for each member. */
export async function stage(
  browser: () => Browser,
  onTestFinished: (end: () => Promise<void>) => void,
  settings?: Parameters<typeof webIn>[1],
  meetings?: MeetingScreens,
): Promise<Stage> {
  const folder = freshFolder();
  const web = webIn(folder, settings);
  const core = new ScriptedCore(() => web);
  if (meetings) core.meetings = meetings;
  // With a public address this machine's own comes after it.
  const url = /http:\S+/.exec(await web.start(SPECS, core))?.[0] ?? "";
  const opened: { close(): Promise<void> }[] = [];
  onTestFinished(async () => {
    for (const each of opened) await each.close();
    await web.stop();
  });
  const look = async (path: string, options: BrowserContextOptions = {}) => {
    const context = await browser().newContext({ viewport: { width: 390, height: 844 }, ...options });
    opened.push(context);
    const page = await context.newPage();
    const wrong: string[] = [];
    page.on("pageerror", (error) => wrong.push(error.message));
    page.on("console", (message) => message.text().includes("Content Security") && wrong.push(message.text()));
    onTestFinished(async () => expect(wrong).toEqual([]));
    await page.goto(url + path);
    return page;
  };
  const open = async (name: string, group = "Rent strike") => {
    const page = await look("");
    await joinAs(page, name, group);
    return page;
  };
  return { url, core, web, folder, look, open };
}

export async function joinAs(page: Page, name: string, group: string): Promise<void> {
  await page.getByLabel("Your name").fill(name);
  await page.getByLabel("Group").fill(group);
  await page.getByRole("button", { name: "Join" }).click();
  await page.getByRole("heading", { name: group }).waitFor();
}
export const log = (page: Page) => page.getByRole("log");
export const field = (page: Page) => page.getByRole("textbox", { name: "Message" });
