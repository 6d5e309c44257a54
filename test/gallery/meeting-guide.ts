import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import sharp, { type Sharp } from "sharp";

// node test/gallery/meeting-guide.ts [FOLDER]: the pictures of docs/meetings.md, from a meeting that is really held.
const [folder = "docs/pictures"] = process.argv.slice(2);
const PORT = "18473";
const HERE = `http://127.0.0.1:${PORT}`;
/** Stands on the wall instead of the address of whoever draws the pictures. */
const ADDRESS = "http://192.168.1.20:8080";
/** Nobody is asked for an access code at first; where others are let in somebody is. */
const ACCESS_CODE = "drawn for the guide";
const LAPTOP = { width: 1120, height: 700 };
const PHONE = { width: 390, height: 720 };
const HALL = { width: 1280, height: 720 };
const WIDE_PX = 900;
const GAP_PX = 24;
const SOON = { timeout: 20_000 };
/** What is pressed counts once the step before has settled, and a picture is taken of what stands still. */
const SETTLES_MS = 1000;

interface Meeting {
  readonly laptop: Page;
  readonly wall: Page;
  readonly phone: Page;
}

async function program(): Promise<() => Promise<void>> {
  const data = mkdtempSync(join(tmpdir(), "placard-guide-"));
  const child = spawn(process.execPath, ["src/main.ts"], {
    env: {
      ...process.env,
      DATA_DIR: data,
      WEB_PORT: PORT,
      WEB_PUBLIC_URL: ADDRESS,
      WEB_TOKEN: ACCESS_CODE,
      LOG_LEVEL: "silent",
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout.on("data", (said: Buffer) => said.includes("web chat:") && resolve());
    child.once("exit", (code) => reject(new Error(`Placard ended: ${code}`)));
  });
  return async () => {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGINT");
    await ended;
    rmSync(data, { recursive: true, force: true });
  };
}

async function open(browser: Browser, path: string, viewport: typeof PHONE): Promise<Page> {
  const context = await browser.newContext({ viewport, reducedMotion: "reduce", locale: "en-GB" });
  const page = await context.newPage();
  await page.goto(HERE + path);
  return page;
}

const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click(SOON);
const tab = (page: Page, name: string) =>
  page.getByRole("navigation").getByRole("button", { name, exact: true }).click(SOON);

async function shot(page: Page): Promise<Buffer> {
  await page.waitForTimeout(SETTLES_MS);
  return page.screenshot();
}
/** The chair's one large button. */
async function step(page: Page, name: RegExp): Promise<void> {
  const next = page.locator(".big").filter({ hasText: name });
  await next.waitFor(SOON);
  await page.waitForTimeout(SETTLES_MS);
  await next.click();
}

const saved = async (name: string, picture: Sharp): Promise<void> => {
  const file = join(folder, `meeting-${name}.webp`);
  const webp = await picture.resize({ width: WIDE_PX }).webp({ quality: 72, effort: 6 }).toBuffer();
  writeFileSync(file, webp);
  process.stdout.write(`${file}: ${webp.length} bytes\n`);
};
const one = (name: string, screen: Buffer): Promise<void> => saved(name, sharp(screen));
async function beside(name: string, screens: readonly Buffer[]): Promise<void> {
  const width = screens.length * (PHONE.width + GAP_PX) + GAP_PX;
  const height = PHONE.height + 2 * GAP_PX;
  const input = screens.map((each, at) => ({ input: each, top: GAP_PX, left: GAP_PX + at * (PHONE.width + GAP_PX) }));
  const page = sharp({ create: { width, height, channels: 3, background: "#d8d2c6" } })
    .composite(input)
    .png();
  await saved(name, sharp(await page.toBuffer()));
}

/** From the chat to a meeting that waits on its wall. */
async function begin(browser: Browser): Promise<Meeting> {
  const laptop = await open(browser, `/#code=${encodeURIComponent(ACCESS_CODE)}`, LAPTOP);
  await laptop.getByLabel("Your name").fill("Ana");
  await laptop.getByLabel("Group").fill("Rent strike");
  await press(laptop, "Join");
  await press(laptop, "Start a meeting");
  const form = laptop.getByRole("dialog");
  await form.getByLabel("What it is called").fill("Tenants’ assembly");
  await form
    .getByLabel("Agenda, one item a line")
    .fill("Report back (5 min)\nRent strike: which poster?\nAny other business");
  await one("form", await shot(laptop));
  await press(laptop, "Start the meeting");
  const toWall = laptop.getByRole("log").getByRole("link", { name: "Show on a screen" });
  await toWall.waitFor(SOON);
  await one("card", await shot(laptop));
  const wall = await open(browser, (await toWall.getAttribute("href")) ?? "", HALL);
  const code = (await wall.locator(".joinbox .code").textContent(SOON)) ?? "";
  await one("waiting", await shot(wall));
  const phone = await open(browser, `/join/${code}`, PHONE);
  await phone.getByLabel("Your name").fill("Bo");
  return { laptop, wall, phone };
}

const WISHES = [
  ["RENT STRIKE", "a raised fist"],
  ["NO RENT RISE", "a crowd before tall houses"],
  ["WE STAY", "a red fox"],
] as const;
/** @returns the phone, before the first is sent */
async function make(phone: Page, wall: Page): Promise<Buffer> {
  let filled: Buffer | undefined;
  for (const [at, [says, shows]] of WISHES.entries()) {
    await phone.getByLabel("What it says").fill(says);
    await phone.getByLabel("What it shows").fill(shows);
    filled ??= await shot(phone);
    await press(phone, "Make the picture");
    await wall.locator(".cands img[src]").nth(at).waitFor(SOON);
  }
  return filled ?? shot(phone);
}

async function hold({ laptop, wall, phone }: Meeting): Promise<void> {
  const joining = await shot(phone);
  await press(phone, "Join");
  await press(laptop, "Open the meeting page");
  await laptop.setViewportSize(PHONE);
  await laptop.locator(".big").waitFor(SOON);
  const starting = await shot(laptop);
  await step(laptop, /^Begin/);
  await step(laptop, /^Next/);
  await tab(phone, "Make");
  const making = await make(phone, wall);
  const voting = await shot(laptop);
  await step(laptop, /^Open the vote/);
  await tab(phone, "Vote");
  await phone.locator(".choose[aria-pressed]").first().click(SOON);
  await phone.getByText(/^Counted/).waitFor(SOON);
  await beside("phones", [joining, making, await shot(phone)]);
  await one("vote", await shot(wall));
  await step(laptop, /^Close the vote/);
  await wall.locator(".is-result").waitFor(SOON);
  await one("result", await shot(wall));
  await beside("chair", [starting, voting, await shot(laptop)]);
}

/** What is left of it in the chat. */
async function end({ laptop, wall }: Meeting): Promise<void> {
  await press(laptop, "Write a note");
  await laptop.getByRole("dialog").getByRole("textbox").fill("500 prints, Bo fetches them on Friday");
  await press(laptop, "Write it down");
  await step(laptop, /^Next/);
  await step(laptop, /^End/);
  await wall.locator(".is-ended").waitFor(SOON);
  await laptop.setViewportSize(LAPTOP);
  await laptop.goto(HERE);
  await press(laptop, "Deck (PDF)");
  await laptop.getByRole("log").getByText(/^PDF/).waitFor(SOON);
  await one("end", await shot(laptop));
}

const stop = await program();
const browser = await chromium.launch({
  executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic"],
});
try {
  const meeting = await begin(browser);
  await hold(meeting);
  await end(meeting);
} finally {
  await browser.close();
  await stop();
}
