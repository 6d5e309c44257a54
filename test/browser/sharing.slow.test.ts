import type { Locator, Page } from "playwright-core";
import decodeQr from "qr/decode.js";
import sharp from "sharp";
import { expect, it } from "vitest";
import { freshFolder, webIn } from "../adapters/web-world.ts";
import { useChromium } from "./chromium.ts";
import { ScriptedCore, SPECS } from "./scripted-core.ts";
import { joinAs, log } from "./stage.ts";

const browser = useChromium();

/** What a phone's camera reads. */
async function scanned(code: Locator): Promise<string> {
  const { data, info } = await sharp(await code.screenshot())
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return decodeQr({ data, width: info.width, height: info.height });
}

it("lets a phone in by the QR code on the screen, which then goes on there as the same member", async ({
  onTestFinished,
}) => {
  const web = webIn(freshFolder(), { ownAddresses: ["127.0.0.1"] });
  const core = new ScriptedCore(() => web);
  const url = (await web.start(SPECS, core)).replace("web chat: ", "");
  const ends: (() => Promise<void>)[] = [];
  onTestFinished(async () => {
    for (const end of ends) await end();
    await web.stop();
  });
  const device = async (): Promise<Page> => {
    const context = await browser().newContext({ viewport: { width: 390, height: 844 } });
    ends.push(() => context.close());
    return context.newPage();
  };

  const laptop = await device();
  await laptop.goto(url);
  await joinAs(laptop, "Ada", "Rent strike");
  await laptop.getByRole("button", { name: "Groups and members" }).click();
  await laptop.getByRole("dialog").getByText("Nobody else can open this").waitFor();
  await laptop.getByRole("button", { name: "Let others in" }).click();
  const invitation = await scanned(laptop.getByRole("img", { name: /^QR code of/ }));
  expect(invitation).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/access#code=[2-9B-Z]{4}-[2-9B-Z]{4}$/);
  expect(invitation.startsWith(url)).toBe(false);
  await laptop.getByRole("button", { name: "Close" }).click();

  // The code takes the phone in at once, and is in no address afterwards.
  const phone = await device();
  await phone.goto(invitation);
  await phone.getByLabel("Your name").waitFor();
  expect(phone.url()).not.toContain("code");

  await laptop.getByRole("button", { name: "Groups and members" }).click();
  await laptop.getByRole("button", { name: "Use on another device" }).click();
  const link = await scanned(laptop.getByRole("img", { name: /^QR code of/ }));
  const code = link.split("device=")[1] ?? "";
  await phone.getByText("I have a code from my other device").click();
  await phone.getByLabel("Code").fill("BCDF-2345");
  await phone.getByRole("button", { name: "Continue" }).click();
  await phone.getByText("That code is wrong").waitFor();
  await phone.getByLabel("Code").fill(code.toLowerCase());
  await phone.getByRole("button", { name: "Continue" }).click();
  await phone.getByRole("heading", { name: "Rent strike" }).waitFor();
  await laptop.getByRole("button", { name: "Close" }).click();
  await laptop.getByRole("textbox", { name: "Message" }).fill("hello from the laptop");
  await laptop.keyboard.press("Enter");
  // As their own, not as somebody else's.
  await phone.locator(".row.mine").getByText("hello from the laptop").waitFor();
  expect(await log(phone).getByText("Ada", { exact: true }).count()).toBe(0);

  // A third one scans the code itself, and is asked for the access code in between.
  await laptop.getByRole("button", { name: "Groups and members" }).click();
  await laptop.getByRole("button", { name: "Use on another device" }).click();
  const scannedLink = await scanned(laptop.getByRole("img", { name: /^QR code of/ }));
  const tablet = await device();
  await tablet.goto(scannedLink);
  await tablet.getByLabel("Access code").fill(invitation.split("code=")[1] ?? "");
  await tablet.getByRole("button", { name: "Continue" }).click();
  await tablet.getByRole("heading", { name: "Rent strike" }).waitFor();
  expect(tablet.url()).not.toContain("device");

  // Shut again: who came in this way is out.
  await laptop.getByRole("button", { name: "Close" }).click();
  await laptop.getByRole("button", { name: "Groups and members" }).click();
  await laptop.getByRole("button", { name: "Let others in" }).click();
  await laptop.getByRole("button", { name: "Let nobody else in any more" }).click();
  await phone.getByText("Connection lost").waitFor();
  await laptop.getByRole("button", { name: "Groups and members" }).click();
  await laptop.getByRole("dialog").getByText("Nobody else can open this").waitFor();
});
