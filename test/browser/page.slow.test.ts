import sharp from "sharp";
import { expect, it } from "vitest";
import { freshFolder, webIn } from "../adapters/web-world.ts";
import { useChromium } from "./chromium.ts";
import { handOver } from "./hand-over.ts";
import { ScriptedCore, SPECS } from "./scripted-core.ts";
import { field, joinAs, log, stage } from "./stage.ts";

const browser = useChromium();

it("two members see the same group live, and only theirs what is private", async ({ onTestFinished }) => {
  const { open, core } = await stage(browser, onTestFinished);
  const ada = await open("Ada");
  const bo = await open("Bo");
  await field(ada).fill("hello <b>all</b>");
  await field(ada).press("Enter");
  await log(bo).getByText("hello <b>all</b>").waitFor();
  await ada.getByText("2 here").waitFor();

  let goOn = () => {};
  core.halfDone = () => new Promise((resolve) => (goOn = resolve));
  await field(ada).fill("/rca a red fox cfg:3");
  await field(ada).press("Enter");
  for (const page of [ada, bo])
    await expect.poll(() => log(page).getByRole("progressbar").getAttribute("value")).toBe("50");
  // In the middle of it: nothing is lost and nothing told twice.
  await bo.reload();
  await log(bo).getByRole("progressbar").waitFor();
  goOn();
  for (const page of [ada, bo]) {
    await log(page).getByRole("img", { name: "a red fox cfg:3" }).waitFor();
    await expect.poll(() => log(page).getByRole("progressbar").count()).toBe(0);
    expect(await log(page).getByText("hello <b>all</b>").count()).toBe(1);
  }
  expect(core.invocations).toMatchObject([
    { commandName: "rca", raw: { text: "a red fox cfg:3" }, member: { name: "Ada" } },
  ]);

  await bo.getByRole("button", { name: "Lock seed" }).click();
  await log(bo).getByText("Seed 7 is locked for you here.").waitFor();
  await log(bo).getByText("Only you see this").waitFor();
  expect(await log(ada).getByText("Seed 7 is locked").count()).toBe(0);
  expect(core.presses).toMatchObject([{ member: { name: "Bo" }, token: "1.lock.abcdefghijklmnop.0.AAAAAAAAAAA" }]);
});

it("completes commands, options and choices from the keyboard", async ({ onTestFinished }) => {
  const { open } = await stage(browser, onTestFinished);
  const page = await open("Ada");
  await field(page).pressSequentially("/rc");
  await page.getByRole("option", { name: "/rca" }).waitFor();
  await field(page).press("Enter");
  await expect.poll(() => field(page).inputValue()).toBe("/rca ");
  await field(page).pressSequentially("a red fox si");
  await field(page).press("Tab");
  await expect.poll(() => field(page).inputValue()).toBe("/rca a red fox size:");
  await expect.poll(() => page.getByRole("option").count()).toBe(3);
  await field(page).press("ArrowDown");
  await field(page).press("ArrowDown");
  await expect.poll(() => page.getByRole("option", { selected: true }).textContent()).toContain("poster");
  await field(page).press("Enter");
  await expect.poll(() => field(page).inputValue()).toBe("/rca a red fox size:poster ");
  await field(page).press("Enter");
  await log(page).getByText("a red fox size:poster").first().waitFor();
  await expect.poll(() => field(page).inputValue()).toBe("");
  await field(page).press("ArrowUp");
  await expect.poll(() => field(page).inputValue()).toBe("/rca a red fox size:poster");
  await field(page).fill("/");
  await page.getByRole("listbox").waitFor();
  await field(page).press("Escape");
  await expect.poll(() => page.getByRole("listbox").count()).toBe(0);
});

it("offers a list, covers a picture until somebody looks, and sends an emptied field as empty", async ({
  onTestFinished,
}) => {
  const { open, core, web } = await stage(browser, onTestFinished);
  const page = await open("Ada");
  await field(page).fill("/styles");
  await field(page).press("Enter");
  await expect.poll(() => core.invocations.length).toBe(1);
  const { target } = core.invocations[0]!;
  const covered = { key: "style/rca", alt: "a covered fox", widthPx: 320, heightPx: 320, spoiler: true } as const;
  const choices = ["Chalk", "Riso"].map((label) => ({ value: label.toLowerCase(), label }));
  const list = { label: "Try in another style", token: "1.instyle.abcdefghijklmnop.0.AAAAAAAAAAA", choices };
  await web.post(target, { text: "Covered", image: covered, selects: [list] }, { nonce: "n", visibility: "public" });
  const uncover = page.getByRole("button", { name: "Show the covered picture" });
  await uncover.waitFor();
  expect(await page.getByRole("img", { name: "a covered fox" }).count()).toBe(0);
  await uncover.click();
  await page.getByRole("img", { name: "a covered fox" }).waitFor();

  await page.getByRole("button", { name: "Choose" }).click();
  await page.getByLabel("Try in another style").selectOption("Riso");
  await page.getByRole("button", { name: "Choose" }).click();
  await expect.poll(() => core.presses.length).toBe(1);
  expect(core.presses[0]).toMatchObject({ token: list.token, values: { choice: "riso" } });

  const seedField = {
    name: "seed",
    summary: "Seed",
    kind: "integer",
    required: false,
    rest: false,
    value: "7",
  } as const;
  const more = { name: "steps", summary: "Steps", kind: "integer", required: false, rest: false } as const;
  const form = { title: "Edit", token: "k", submitLabel: "Make it", fields: [seedField, more] };
  await web.openForm(core.presses[0]!.target, form);
  await page.getByRole("dialog").getByLabel("seed").fill("");
  await page.getByRole("button", { name: "Make it" }).click();
  await expect.poll(() => core.presses.length).toBe(2);
  expect(core.presses[1]?.values).toEqual({ seed: "" });
});

it("fills in a command as a form, and a form the core asks for", async ({ onTestFinished }) => {
  const { open, core } = await stage(browser, onTestFinished);
  const page = await open("Ada");
  await field(page).fill("/rca a blue boat");
  await page.getByRole("button", { name: "Form" }).click();
  const dialog = page.getByRole("dialog");
  expect(await dialog.getByLabel("prompt").inputValue()).toBe("a blue boat");
  await dialog.getByLabel("size").selectOption("banner");
  await dialog.getByLabel("cfg").fill("4");
  await dialog.getByRole("button", { name: "Send" }).click();
  await expect.poll(() => core.invocations.length).toBe(1);
  expect(core.invocations[0]).toMatchObject({ raw: { values: { prompt: "a blue boat", size: "banner", cfg: "4" } } });

  await page.getByRole("button", { name: "Edit", exact: true }).click();
  const edit = page.getByRole("dialog", { name: "Edit and draw again" });
  await edit.getByLabel("prompt").fill("a green boat");
  await edit.getByRole("button", { name: "Draw" }).click();
  await log(page).getByText("Edited: a green boat").waitFor();
  await expect.poll(() => page.getByRole("dialog").count()).toBe(0);
  await page.getByRole("button", { name: /^Enlarge/ }).click();
  await page.getByRole("dialog", { name: "Picture" }).waitFor();
  await page.keyboard.press("Escape");
  await expect.poll(() => page.getByRole("dialog").count()).toBe(0);
});

it("keeps what was typed while the server is away, and sends it once", async ({ onTestFinished }) => {
  const { open, web, core, folder, url } = await stage(browser, onTestFinished);
  const page = await open("Ada");
  await web.stop();
  await page.getByText("Connection lost").waitFor();
  await field(page).fill("/rca typed while you were away");
  await field(page).press("Enter");
  await log(page).getByText("Not sent yet").waitFor();
  const again = webIn(folder, { WEB_PORT: Number(new URL(url).port) });
  const core2 = new ScriptedCore(() => again);
  await again.start(SPECS, core2);
  onTestFinished(() => again.stop());
  await log(page).getByRole("img", { name: "typed while you were away" }).waitFor();
  expect(await log(page).getByText("Not sent yet").count()).toBe(0);
  expect(core.invocations).toHaveLength(0);
  expect(core2.invocations).toHaveLength(1);
});

it("refuses a name from another browser, and takes a second tab as a second member", async ({ onTestFinished }) => {
  const { open, url } = await stage(browser, onTestFinished);
  const ada = await open("Ada");
  const other = await browser().newContext();
  onTestFinished(() => other.close());
  const page = await other.newPage();
  await page.goto(url);
  await page.getByLabel("Your name").fill("ada");
  await page.getByLabel("Group").fill("Rent strike");
  await page.getByRole("button", { name: "Join" }).click();
  await page.getByText("That name is taken here; pick another.").waitFor();
  const second = await ada.context().newPage();
  await second.goto(url);
  await joinAs(second, "Bo", "Rent strike");
  await ada.getByText("2 here").waitFor();
  const third = await ada.context().newPage();
  await third.goto(url);
  await third.getByRole("button", { name: "Bo in Rent strike" }).waitFor();
  await third.getByRole("button", { name: "Ada in Rent strike" }).click();
  await third.getByRole("heading", { name: "Rent strike" }).waitFor();
  await third.getByText("2 here").waitFor();
});

it("shows new pictures on the wall", async ({ onTestFinished }) => {
  const { open, url } = await stage(browser, onTestFinished);
  const ada = await open("Ada");
  const wall = await ada.context().newPage();
  await wall.goto(`${url}/wall?group=rent-strike`);
  await wall.getByText("The pictures made in “Rent strike” appear here.").waitFor();
  await field(ada).fill("/rca a red fox");
  await field(ada).press("Enter");
  await wall.getByRole("img", { name: "a red fox" }).waitFor();
  await wall.getByText("by Ada · Rent strike").waitFor();
});

it("keeps the reader's place, and says that there is more", async ({ onTestFinished }) => {
  const { open, web, core } = await stage(browser, onTestFinished);
  const ada = await open("Ada");
  await field(ada).fill("/quota");
  await field(ada).press("Enter");
  await log(ada).getByText("212 s of 300 s").waitFor();
  const target = core.invocations[0]?.target;
  const post = (text: string) => target && web.post(target, { text }, { nonce: text, visibility: "public" });
  for (let at = 0; at < 100; at += 1) await post(`line ${at}`);
  await expect.poll(() => log(ada).getByText("line 99", { exact: true }).isVisible()).toBe(true);
  const fromEnd = () => log(ada).evaluate((box) => box.scrollHeight - box.scrollTop - box.clientHeight);
  await expect.poll(fromEnd).toBeLessThan(3);
  await log(ada).hover();
  await ada.mouse.wheel(0, -1500);
  await expect.poll(fromEnd).toBeGreaterThan(1000);
  await post("the newest");
  const pill = ada.getByRole("button", { name: "New messages" });
  await pill.waitFor();
  expect(await fromEnd()).toBeGreaterThan(1000);
  await pill.click();
  await expect.poll(fromEnd).toBeLessThan(3);
  await expect.poll(() => pill.count()).toBe(0);
  await post(`a long answer${"\nwith a line".repeat(80)}`);
  const long = log(ada).getByText("a long answer");
  const above = async () => ((await long.boundingBox())?.y ?? 0) - ((await log(ada).boundingBox())?.y ?? 0);
  await expect.poll(above).toBeGreaterThan(0);
  expect(await above()).toBeLessThan(80);
  await ada.reload();
  const earlier = ada.getByRole("button", { name: "Earlier messages" });
  await earlier.waitFor();
  await expect
    .poll(async () => {
      if ((await earlier.count()) > 0) await earlier.press("Enter");
      return log(ada).getByText("line 0", { exact: true }).count();
    })
    .toBe(1);
});

it("fetches earlier messages as the reader comes near the first one, and keeps their place", async ({
  onTestFinished,
}) => {
  const { open, web } = await stage(browser, onTestFinished);
  const ada = await open("Ada");
  const place = { platform: "web", chatId: "rent-strike", group: true } as const;
  const post = (at: number) =>
    web.post({ place, memberId: "x" }, { text: `line ${at}` }, { nonce: `n${at}`, visibility: "public" });
  const first = await post(0);
  for (let at = 1; at < 180; at += 1) await post(at);
  await ada.reload();
  await log(ada).getByText("line 179", { exact: true }).waitFor();
  // What is edited far back is not the next one to the oldest that is shown.
  await web.edit(first, { text: "line 0", tone: "quiet" });
  expect(await log(ada).getByText("line 129", { exact: true }).count()).toBe(0);
  await log(ada).hover();
  for (const oldest of ["line 80", "line 30", "line 0"]) {
    const reached = log(ada).getByText(oldest, { exact: true });
    await expect
      .poll(async () => {
        await ada.mouse.wheel(0, -900);
        return reached.count();
      })
      .toBe(1);
  }
  await expect.poll(() => ada.getByRole("button", { name: "Earlier messages" }).count()).toBe(0);
  expect(
    await log(ada)
      .getByText(/^line \d+$/)
      .count(),
  ).toBe(180);
});

it("pauses the oldest of too many tabs, and goes on there when asked", async ({ onTestFinished }) => {
  const { open, web, url } = await stage(browser, onTestFinished);
  const first = await open("Ada");
  const session = await first.evaluate(() => sessionStorage.getItem("placard.session") ?? "");
  for (let more = 0; more < 4; more += 1) {
    const page = await first.context().newPage();
    await page.addInitScript((value) => sessionStorage.setItem("placard.session", value), session);
    await page.goto(url);
    await page.getByRole("heading", { name: "Rent strike" }).waitFor();
    await page.getByText("1 here").waitFor();
  }
  await first.getByText("You have this chat open 4 times elsewhere").waitFor();
  const place = { platform: "web", chatId: "rent-strike", group: true } as const;
  await web.post({ place, memberId: "x" }, { text: "meanwhile" }, { nonce: "n", visibility: "public" });
  await first.getByRole("button", { name: "Continue here" }).click();
  await log(first).getByText("meanwhile").waitFor();
  await expect.poll(() => first.getByText("so it was paused here").count()).toBe(0);
});

it("attaches a picture that is dropped on the message field", async ({ onTestFinished }) => {
  const { open, core } = await stage(browser, onTestFinished);
  const page = await open("Ada");
  const buffer = await sharp({ create: { width: 300, height: 200, channels: 3, background: "teal" } })
    .png()
    .toBuffer();
  await handOver(field(page), "drop", { png: buffer });
  await page.getByRole("button", { name: "Remove the attached picture" }).waitFor();
  await field(page).fill("/rca like this");
  await page.getByRole("button", { name: "Send" }).click();
  await log(page).getByRole("img", { name: "Attached picture: photo.png" }).waitFor();
  await log(page).getByRole("img", { name: "like this" }).waitFor();
  expect(core.invocations[0]?.attachments).toMatchObject([
    { name: "photo.png", mime: "image/png", sizeBytes: buffer.length },
  ]);
});

it("asks for the access code first, and leads back", async ({ onTestFinished }) => {
  const web = webIn(freshFolder(), { WEB_TOKEN: "the meeting code" });
  const url = (await web.start(SPECS, new ScriptedCore(() => web))).replace("web chat: ", "");
  const page = await browser().newPage();
  onTestFinished(async () => {
    await page.close();
    await web.stop();
  });
  await page.goto(`${url}/?group=choir`);
  await page.getByLabel("Access code").fill("a wrong code");
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByText("That is not the access code.").waitFor();
  await page.getByLabel("Access code").fill("the meeting code");
  await page.getByRole("button", { name: "Continue" }).click();
  await expect.poll(() => page.getByLabel("Group").inputValue()).toBe("choir");
});

it("gives each line its own direction, and keeps a line that is too long", async ({ onTestFinished }) => {
  const { open, core, web } = await stage(browser, onTestFinished);
  const page = await open("Ada");
  await field(page).fill("/quota");
  await field(page).press("Enter");
  await log(page).getByText("212 s of 300 s").waitFor();
  const target = core.invocations[0]?.target;
  if (target)
    await web.post(target, { text: "\u0645\u0631\u062d\u0628\u0627 7\nseed 7" }, { nonce: "n", visibility: "public" });
  const direction = (text: string) =>
    log(page)
      .getByText(text)
      .evaluate((line) => (line.matches(":dir(rtl)") ? "rtl" : "ltr"));
  expect([await direction("\u0645\u0631\u062d\u0628\u0627 7"), await direction("seed 7")]).toEqual(["rtl", "ltr"]);

  await field(page).fill("a".repeat(4012));
  await page.getByText("12 characters too many").first().waitFor();
  await field(page).press("Enter");
  expect((await field(page).inputValue()).length).toBe(4012);
  expect(await log(page).getByText("aaaa").count()).toBe(0);
});
