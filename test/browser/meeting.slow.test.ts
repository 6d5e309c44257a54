import type { Page } from "playwright-core";
import decodeQr from "qr/decode.js";
import sharp from "sharp";
import { expect, it } from "vitest";
import { MEETING_ID, WALL_KEY } from "../fakes/scripted-meeting.ts";
import { cutOff, nameless, sideways, smallTargets, smallText, violations } from "./checks.ts";
import { useChromium } from "./chromium.ts";
import { HD, meetingStage, WALL } from "./meeting-stage.ts";
import { log } from "./stage.ts";

const browser = useChromium();
const OUTSIDE = { WEB_TOKEN: "a long enough code", services: { publicUrl: "https://placard.example" } };
const PHONE = { width: 390, height: 844 };
const NARROW = { width: 320, height: 640 };
/** "Follows within a second", and as much for a busy machine. */
const SOON = { timeout: 4000 };
const WALL_TEXT_PX = 24;
const PEOPLE = ["Bo", "Cy", "Dee", "Eve", "Finn", "Gus", "Hu"];

const tab = (page: Page, name: string) => page.getByRole("navigation").getByRole("button", { name, exact: true });
const press = (page: Page, name: string | RegExp) =>
  page.getByRole("button", { name, exact: typeof name === "string" }).click();
/** The chair's next step: a moment after the last one. */
const step = async (page: Page, name: string | RegExp) => {
  await page.locator(".big").filter({ hasText: name }).waitFor();
  await page.waitForTimeout(800);
  await press(page, name);
};
const candidate = (page: Page, name: string) => page.locator(".pk .choose").filter({ hasText: name });

/** Read from the pixels of the screen. */
async function qrOn(page: Page): Promise<string> {
  const { data, info } = await sharp(await page.screenshot())
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return decodeQr({ width: info.width, height: info.height, data: new Uint8Array(data) });
}

it("goes from the code on the wall to a vote, a run-off and the end, on a wall and three phones", async ({
  onTestFinished,
}) => {
  const { meeting, wall: openWall, phone, look } = await meetingStage(browser, onTestFinished, OUTSIDE);
  const wall = await openWall();
  await wall.getByRole("heading", { name: "Tenants’ assembly" }).waitFor();
  const invited = await qrOn(wall);
  expect(invited).toBe("https://placard.example/join/KBRTMX");
  expect(await wall.getByRole("button").count()).toBe(0);

  const chair = await phone("seat-ada");
  await chair.getByRole("button", { name: "Begin", exact: true }).waitFor();
  // The seat is in no history and in no referrer.
  await expect.poll(() => chair.url()).toMatch(new RegExp(`/meeting\\?m=${MEETING_ID}$`));

  const bo = await look(new URL(invited).pathname, { viewport: PHONE, reducedMotion: "reduce" });
  await bo.getByRole("heading", { name: "Tenants’ assembly" }).waitFor();
  await bo.getByLabel("Your name").fill("Bo");
  await press(bo, "Join");
  await bo.getByText("You are in as Bo.").waitFor();
  const cy = await look("/join", { viewport: NARROW, reducedMotion: "reduce" });
  await cy.getByLabel("Code on the wall").fill("nobody");
  await press(cy, "Continue");
  await cy.getByRole("alert").filter({ hasText: "No meeting has this code" }).waitFor();
  await cy.getByLabel("Code on the wall").fill("kbrtmx");
  await press(cy, "Continue");
  await cy.getByLabel("Your name").fill("Cy");
  await press(cy, "Join");
  await cy.getByText("You are in as Cy.").waitFor();
  await wall.getByText("3 present").waitFor(SOON);

  await step(chair, "Begin");
  await wall.getByRole("heading", { name: "Report back" }).waitFor(SOON);
  await step(chair, "Next: Rent strike: which poster?");
  await wall.getByRole("heading", { name: "Rent strike: which poster?" }).waitFor(SOON);
  await expect.poll(() => wall.locator(".cands img[src]").count()).toBe(4);
  await press(chair, "Hold #10: take it off the wall");
  await expect.poll(() => wall.locator(".cands img").count(), SOON).toBe(3);
  await press(chair, "Put #10 back on the wall");
  await step(chair, "Open the vote");
  await wall.getByText("0 of 3 have voted").first().waitFor(SOON);

  // Whole pictures, and "None of these" without scrolling.
  await candidate(bo, "#9").waitFor();
  expect(await cutOff(bo, ".pk, .noneof, .own, .tabs")).toEqual([]);
  await candidate(bo, "#7").click();
  await candidate(bo, "#9").click();
  await bo.getByText("Counted: #7 and #9").waitFor();
  await candidate(bo, "#7").click();
  await bo.getByText("Counted: #9").waitFor();
  // None goes with no other, and no other with it.
  await press(bo, /None of these/);
  await bo.getByText("Counted: None of these").waitFor();
  await candidate(bo, "#9").click();
  await bo.getByText("Counted: #9").waitFor();
  await wall.getByText("1 of 3 have voted").first().waitFor(SOON);
  expect(await wall.locator(".bars, .cn").count()).toBe(0);
  // For a moment after its end nothing counts any more, and that is said.
  meeting.settles = true;
  meeting.changed();
  await bo.getByText("Nothing can be chosen here now.").waitFor(SOON);
  await candidate(bo, "#7").click({ force: true });
  expect(await candidate(bo, "#7").getAttribute("aria-pressed")).toBe("false");
  meeting.settles = false;
  meeting.changed();
  await bo.getByText("Counted: #9").waitFor(SOON);
  // A finger that stays down enlarges, and chooses nothing.
  const box = await candidate(bo, "#8").boundingBox();
  await bo.mouse.move((box?.x ?? 0) + 40, (box?.y ?? 0) + 60);
  await bo.mouse.down();
  await bo.getByRole("dialog", { name: "#8" }).waitFor();
  await bo.mouse.up();
  await bo.goBack();
  await expect.poll(() => bo.getByRole("dialog").count()).toBe(0);
  expect(bo.url()).toContain("/meeting");
  await bo.getByText("Counted: #9").waitFor();

  // Nobody answers: that is said, and it is sent again when somebody does.
  await cy.context().setOffline(true);
  await candidate(cy, "#7").click();
  await cy.getByText("Connection lost, coming back…").waitFor();
  await cy.getByText(/^Not counted yet/).waitFor({ timeout: 20_000 });
  await cy.context().setOffline(false);
  await cy.getByText("Counted: #7").waitFor({ timeout: 20_000 });
  await wall.getByText("2 of 3 have voted").first().waitFor(SOON);
  await chair.getByText("Counts are hidden from you too").waitFor();
  await chair.getByText("2 of 3 have voted").waitFor();

  await step(chair, "Close the vote");
  await chair.getByText("Closed, 1 had not voted").waitFor();
  await press(chair, "Undo");
  await chair.getByRole("button", { name: "Close the vote" }).waitFor();
  await step(chair, "Close the vote");
  await wall.getByRole("heading", { name: "A tie: #7 and #9" }).waitFor(SOON);
  await chair.getByText("A tie between #7 and #9: 1 each").waitFor();
  await step(chair, /^Run-off between 7 and 9/);
  await candidate(cy, "#9").click();
  await expect.poll(() => candidate(cy, "#8").count()).toBe(0);
  await candidate(bo, "#9").click();
  await wall.getByText("2 of 3 have voted").first().waitFor(SOON);
  await step(chair, "Close the vote");
  await wall.getByRole("heading", { name: "#9 it is" }).waitFor(SOON);
  await wall.getByText("Not voted: 1.").waitFor();

  await tab(bo, "Make").click();
  // It begins with what the item is called.
  await expect.poll(() => bo.getByLabel("What it says").inputValue()).toBe("Rent strike: which poster?");
  await bo.getByLabel("What it shows").fill("a raised fist");
  // What is being written stays when the chair goes on, and the title is the next one's.
  meeting.goTo(2, 0);
  await expect.poll(() => bo.getByLabel("What it says").inputValue(), SOON).toBe("Strike fund: how much?");
  expect(await bo.getByLabel("What it shows").inputValue()).toBe("a raised fist");
  meeting.goTo(1, 4);
  await expect.poll(() => bo.getByLabel("What it says").inputValue(), SOON).toBe("Rent strike: which poster?");
  await bo.reload();
  await expect.poll(() => bo.getByLabel("What it shows").inputValue()).toBe("a raised fist");
  await press(bo, "Make the picture");
  await bo.getByText("It is being made, and appears on the wall when it is there.").waitFor();
  expect(meeting.drawn).toMatchObject([{ words: "a raised fist", lettered: "Rent strike: which poster?" }]);
  await bo.getByRole("progressbar").waitFor();
  await expect.poll(() => bo.getByLabel("What it shows").inputValue()).toBe("");
  expect(await bo.getByLabel("What it says").inputValue()).toBe("");
  meeting.goTo(2, 0);
  await expect.poll(() => bo.getByLabel("What it says").inputValue(), SOON).toBe("Strike fund: how much?");
  meeting.goTo(1, 4);
  await bo.goBack();
  await expect.poll(() => tab(bo, "Vote").getAttribute("aria-current")).toBe("page");

  meeting.items[1] = {
    title: "Rent strike: which poster?",
    outcome: "2 of 2 approve",
    ...(meeting.pictures[2] ? { image: meeting.pictures[2].image } : {}),
  };
  await press(chair, "More");
  await chair.getByRole("menuitem", { name: "End the meeting" }).click();
  await wall.getByText("2 of 2 approve", { exact: true }).waitFor(SOON);
  await bo.getByText("The meeting is over. Thank you for coming.").waitFor();
  await bo.getByText("2 of 2 approve").waitFor();
  expect(await bo.getByRole("navigation").count()).toBe(0);
  expect(await wall.getByText("KBRTMX").count()).toBe(0);
});

const STATES = {
  waiting: () => undefined,
  "waiting, long": ({ meeting }) => {
    meeting.title = "住民大会：家賃ストライキのポスターと行動計画について話し合う会議（第三回）".repeat(2).slice(0, 60);
    meeting.items = Array.from({ length: 9 }, (_, n) => ({ title: n % 2 ? ARABIC : LONG }));
    meeting.changed();
  },
  "item, nothing yet": ({ meeting }) => meeting.goTo(1),
  "item, one picture": ({ meeting }) => meeting.goTo(1, 1, [1344, 768]),
  "vote of 4": ({ meeting }) => {
    meeting.goTo(1, 4);
    meeting.opens();
    meeting.all([["p7"], ["p7", "p9"], ["p9"], ["p9"], ["p9", "p8"], ["none"]]);
  },
  "vote of 12": ({ meeting }) => {
    meeting.items = meeting.items.map(() => ({ title: LONG }));
    meeting.goTo(1, 12);
    meeting.opens();
  },
  "vote, closed a moment ago": ({ meeting }) => {
    meeting.goTo(1, 4);
    meeting.opens();
    meeting.all([["p7"], ["p7", "p9"]]);
    meeting.settles = true;
    meeting.closes();
  },
  result: ({ meeting }) => {
    meeting.goTo(1, 4);
    meeting.opens();
    meeting.all([["p7"], ["p7", "p9"], ["p9"], ["p9"], ["p9", "p8"], ["none"]]);
    meeting.closes();
  },
  "result of 12": ({ meeting }) => {
    meeting.items = meeting.items.map(() => ({ title: ARABIC }));
    meeting.goTo(1, 12);
    meeting.opens();
    meeting.all([["p7"], ["p7", "p9"], ["p9"]]);
    meeting.closes();
  },
  tie: ({ meeting }) => {
    meeting.goTo(1, 4);
    meeting.opens();
    meeting.all([["p7"], ["p7", "p9"], ["p9"]]);
    meeting.closes();
  },
  ended: ({ meeting }) => {
    meeting.goTo(1, 4);
    const [first, second] = meeting.pictures;
    if (first) meeting.items[1] = { title: LONG, outcome: "5 of 7 approve", image: first.image };
    if (second)
      meeting.items[2] = { title: "Strike fund: how much?", outcome: "the chair decided", image: second.image };
    meeting.ends();
  },
  "ended, nothing chosen": ({ meeting }) => {
    meeting.items[0] = { title: "Report back", outcome: "agreed, 1 block" };
    meeting.ends();
  },
} satisfies Record<string, (stage: Awaited<ReturnType<typeof meetingStage>>) => void>;
const LONG =
  "A title as long as a title may be, that says in many words what is to be decided here today, by whom, when, and why so";
const ARABIC = "اجتماع المستأجرين: أي ملصق نختار لإضراب الإيجار يوم السبت القادم في الساحة الكبيرة؟";

it.for(Object.entries(STATES))(
  "%s: fits and can be read, on walls and phones, light and dark",
  async ([name, set], { onTestFinished }) => {
    const staged = await meetingStage(browser, onTestFinished, OUTSIDE);
    for (const person of PEOPLE) staged.meeting.comes(person);
    const wall = await staged.wall();
    const chair = await staged.phone("seat-ada", { viewport: PHONE });
    const guest = await staged.phone("seat-web:guest-1", { viewport: NARROW });
    set(staged);
    const state = `.is-${staged.meeting.state}`;
    await wall.locator(state).waitFor(SOON);
    for (const page of [chair, guest]) await page.locator(".ph").waitFor();
    for (const page of [wall, chair, guest])
      await expect.poll(() => page.locator("img.shown:not([src])").count(), { timeout: 20_000 }).toBe(0);
    const faults: Record<string, readonly unknown[]> = {};
    const note = (what: string, found: readonly unknown[]) => {
      if (found.length > 0) faults[what] = found;
    };
    const shot = async (page: Page, as: string) => {
      if (process.env["SHOTS"])
        await page.screenshot({ path: `${process.env["SHOTS"]}/${name.replaceAll(/\W+/g, "-")}-${as}.png` });
    };
    for (const colorScheme of ["light", "dark"] as const)
      for (const [who, page] of Object.entries({ wall, chair, guest })) {
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        note(`${who} ${colorScheme}`, await violations(page, colorScheme === "dark" ? "colours" : undefined));
        await shot(page, `${who}-${colorScheme}`);
      }
    for (const [width, height] of [
      [1920, 1080],
      [1280, 720],
      [1024, 768],
    ] as const) {
      await wall.setViewportSize({ width, height });
      await wall.waitForTimeout(100);
      note(`wall ${width}: cut off`, await cutOff(wall, ".wl :is(h1, h2, p:not(.sr), li, img, .code, .no, svg)"));
      note(`wall ${width}: small`, await smallText(wall, WALL_TEXT_PX));
      note(
        `wall ${width}: sideways`,
        (await sideways(wall)).filter((px) => px > 0),
      );
      await shot(wall, `wall-${width}`);
    }
    for (const [who, page] of Object.entries({ chair, guest })) {
      for (const viewport of [PHONE, NARROW]) {
        await page.setViewportSize(viewport);
        note(
          `${who} ${viewport.width}: sideways`,
          (await sideways(page)).filter((px) => px > 0),
        );
        note(`${who} ${viewport.width}: cut off`, await cutOff(page, ".head, .foot, .foot > *, .tabs, .tab"));
      }
      note(`${who}: small targets`, await smallTargets(page));
      note(`${who}: nameless`, await nameless(page));
      await shot(page, `${who}-320`);
    }
    expect(faults).toEqual({});
  },
);

it("is the chair's with the keyboard alone, and picks only when asked twice", async ({ onTestFinished }) => {
  const { meeting, phone } = await meetingStage(browser, onTestFinished);
  meeting.goTo(1, 2);
  const chair = await phone("seat-ada");
  const { keyboard } = chair;
  const focused = () =>
    chair.evaluate<string>(
      "document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent?.trim() ?? ''",
    );
  const tabTo = async (name: string) => {
    for (let presses = 0; presses < 40; presses += 1) {
      if ((await focused()) === name)
        return expect(await chair.evaluate<string>("getComputedStyle(document.activeElement).outlineStyle")).not.toBe(
          "none",
        );
      await keyboard.press("Tab");
    }
    throw new Error(`nothing called ${name} can be reached`);
  };
  await chair.getByRole("button", { name: "Open the vote" }).waitFor();
  await tabTo("+2 min");
  await keyboard.press("Enter");
  await expect.poll(() => meeting.pressed).toEqual(["more"]);
  await tabTo("Pick #8 without a vote");
  await keyboard.press("Enter");
  await chair.getByRole("dialog", { name: "Pick #8?" }).waitFor();
  await keyboard.press("Escape");
  await expect.poll(() => chair.getByRole("dialog").count()).toBe(0);
  expect(meeting.pressed).toEqual(["more"]);
  await tabTo("More");
  await keyboard.press("Enter");
  await expect.poll(focused).toBe("Hand over the chair");
  await keyboard.press("ArrowDown");
  await expect.poll(focused).toBe("End the meeting");
  await keyboard.press("Escape");
  await tabTo("Open the vote");
  await keyboard.press("Space");
  await chair.getByRole("button", { name: "Close the vote" }).waitFor();
  // It is the next step still, and has the focus still.
  expect(await focused()).toBe("Close the vote");
  await tabTo("Vote");
  await keyboard.press("Enter");
  await candidate(chair, "#7").waitFor();
  await tabTo("#7");
  await keyboard.press("Space");
  await chair.getByText("Counted: #7").waitFor();
  await tabTo("Chair");
  await keyboard.press("Enter");
  await press(chair, "Pick #8 without a vote");
  await chair.getByRole("dialog").getByRole("button", { name: "Pick" }).click();
  await chair.getByText("#8: 0 of 1 approve.").waitFor();
});

it("steps through pictures by keys, says that it is paused, and hides its keys again", async ({ onTestFinished }) => {
  const { meeting, wall: openWall } = await meetingStage(browser, onTestFinished, OUTSIDE);
  meeting.goTo(1, 3);
  const wall = await openWall();
  await expect.poll(() => wall.locator(".cands img[src]").count()).toBe(3);
  const keys = wall.getByText("full screen");
  expect(await keys.isVisible()).toBe(false);
  await wall.keyboard.press("ArrowRight");
  await wall.getByRole("img", { name: "Picture 1 of 3" }).waitFor();
  expect([await wall.getByText("Paused", { exact: true }).isVisible(), await keys.isVisible()]).toEqual([true, true]);
  await wall.keyboard.press("ArrowLeft");
  await wall.getByRole("img", { name: "Picture 3 of 3" }).waitFor();
  await wall.keyboard.press("Space");
  await wall.getByRole("img", { name: "Picture 1 of 3" }).waitFor();
  expect(await wall.getByText("Paused", { exact: true }).isVisible()).toBe(false);
  expect(await smallText(wall, WALL_TEXT_PX)).toEqual([]);
  await wall.keyboard.press("End");
  await expect.poll(() => wall.locator(".cands img").count()).toBe(3);
  const scheme = () => wall.evaluate<string>("getComputedStyle(document.documentElement).colorScheme");
  await wall.keyboard.press("l");
  expect(await scheme()).toBe("dark");
  await expect.poll(() => keys.isVisible(), { timeout: 10_000 }).toBe(false);
  // The item and how the vote stands are read aloud, the clock is not.
  expect(await wall.locator("[aria-live=polite]").allTextContents()).toEqual(["2 of 5: Rent strike: which poster?"]);
  // Whoever waits for nothing is told so, and what to do.
  meeting.wall = async () => undefined;
  meeting.changed();
  await wall.getByText("There is no meeting at this address.").waitFor(SOON);
});

it("fades from one to the next, unless nothing is to move", async ({ onTestFinished }) => {
  const { meeting, look } = await meetingStage(browser, onTestFinished, OUTSIDE);
  const fades = async (reducedMotion: "reduce" | "no-preference") => {
    const wall = await look(WALL, { viewport: HD, reducedMotion });
    await wall.locator(".wl").waitFor();
    await wall.evaluate(`{
      globalThis.fades = 0;
      const begin = document.startViewTransition.bind(document);
      document.startViewTransition = (change) => { globalThis.fades += 1; return begin(change); };
    }`);
    meeting.goTo(meeting.at + 1, 2);
    await wall.locator(".is-item").waitFor(SOON);
    await expect.poll(() => wall.locator(".cands img[src]").count()).toBe(2);
    const px = "getComputedStyle(document.documentElement, '::view-transition-new(root)').animationDuration";
    return [
      await wall.evaluate<number>("globalThis.fades"),
      reducedMotion === "reduce" ? "" : await wall.evaluate<string>(px),
    ];
  };
  expect(await fades("no-preference")).toEqual([1, "0.4s"]);
  expect(await fades("reduce")).toEqual([0, ""]);
});

it("runs from right to left", async ({ onTestFinished }) => {
  const { meeting, look } = await meetingStage(browser, onTestFinished, OUTSIDE);
  const locale = "ar";
  const wall = await look(WALL, { viewport: HD, locale, reducedMotion: "reduce" });
  const bo = await look("/join/KBRTMX", { viewport: NARROW, locale, reducedMotion: "reduce" });
  meeting.seat = (
    ({ seat }) =>
    async (asking: Parameters<typeof seat>[0]) => {
      const shown = await seat.call(meeting, asking);
      return shown && { ...shown, language: locale };
    }
  )(meeting);
  await bo.getByLabel("اسمك").fill("بسمة");
  await bo.locator("form button").click();
  await bo.locator(".ph").waitFor();
  meeting.items = meeting.items.map(() => ({ title: ARABIC }));
  meeting.goTo(1, 4);
  meeting.opens();
  await candidate(bo, "#7").click();
  await bo.locator(".is-counted").waitFor();
  for (const page of [wall, bo]) {
    expect(await page.locator("html").getAttribute("dir")).toBe("rtl");
    expect(await violations(page)).toEqual([]);
    expect((await sideways(page)).filter((px) => px > 0)).toEqual([]);
  }
  const at = async (what: string) => (await wall.locator(what).boundingBox())?.x ?? 0;
  await expect.poll(() => wall.locator(".cands img[src]").count()).toBe(4);
  // The number of the item at the right, the clock at the left; the first picture at the right.
  expect(await at(".step")).toBeGreaterThan(await at(".time"));
  expect(await at(".cands li:first-child")).toBeGreaterThan(await at(".cands li:last-child"));
  expect(await qrOn(wall)).toBe("https://placard.example/join/KBRTMX");
  if (process.env["SHOTS"]) {
    await wall.screenshot({ path: `${process.env["SHOTS"]}/rtl-wall.png` });
    await bo.screenshot({ path: `${process.env["SHOTS"]}/rtl-phone.png` });
  }
  // The arrow to the left goes on.
  await wall.keyboard.press("ArrowLeft");
  await wall.locator(".solo").waitFor();
});

it("is entered from the chat's card, started from the side, and comes back to the same seat", async ({
  onTestFinished,
}) => {
  const { meeting, open, look, web, core } = await meetingStage(browser, onTestFinished);
  const ada = await open("Ada");
  await log(ada).waitFor();
  await web.post(
    { place: { platform: "web", chatId: "rent-strike", group: true }, memberId: "x" },
    { text: "Tenants’ assembly · 2 of 5", meeting: { meetingId: MEETING_ID, wallKey: WALL_KEY } },
    { nonce: "card", visibility: "public" },
  );
  const link = log(ada).getByRole("link", { name: "Show on a screen" });
  expect(await link.getAttribute("href")).toBe(WALL);
  await log(ada).getByRole("button", { name: "Open the meeting page" }).click();
  await ada.getByText("You are in as Ada.").waitFor();
  await ada.goBack();
  await log(ada).waitFor();
  await ada.getByRole("button", { name: "Groups and members" }).click();
  await ada.getByRole("dialog").getByRole("button", { name: "Start a meeting" }).click();
  await expect
    .poll(() => core.invocations.map(({ commandName, raw }) => [commandName, raw]))
    .toEqual([["meeting", { text: "start" }]]);

  // Who scans the code a second time is the same person.
  const bo = await look("/join/KBRTMX");
  await bo.getByLabel("Your name").fill("Bo");
  await press(bo, "Join");
  await bo.getByText("You are in as Bo.").waitFor();
  await bo.goto(`${new URL(bo.url()).origin}/join/KBRTMX`);
  await bo.getByText("You are in as Bo.").waitFor();
  // A seat that is good for nothing any more: said, with the way in.
  const page = bo.url();
  // Not on the page meanwhile: it would hear of it first, and be at the way in already when it is loaded anew.
  await bo.goto("about:blank");
  meeting.seat = async () => undefined;
  await bo.goto(page);
  await bo.getByRole("alert").filter({ hasText: "This meeting is over, or this phone is not in it." }).waitFor();
  await bo.getByLabel("Code on the wall").waitFor();
});

it("asks, answers and enlarges so that everybody can use it: the ways in, Make, the agenda, dialogs", async ({
  onTestFinished,
}) => {
  const { meeting, look, phone } = await meetingStage(browser, onTestFinished, OUTSIDE);
  meeting.goTo(1, 4);
  meeting.making = [{ words: "a raised fist over a long street of houses", progress: 0.4 }, { words: "the next one" }];
  meeting.answers = (token) => {
    if (token === "note")
      return {
        ok: true,
        value: {
          is: "form",
          form: {
            title: "Note",
            token: "noted",
            submitLabel: "Keep",
            fields: [
              {
                name: "note",
                summary: "what is to be remembered",
                kind: "text",
                required: true,
                rest: true,
                maxChars: 500,
              },
            ],
          },
        },
      };
    if (token !== "visual") return undefined;
    const view = {
      text: "You have 3 s left of your allowance, and this takes 12 s.\nIt fits in 20 minutes.",
      buttons: [[{ label: "Make a sketch", token: "sketch" }]],
    };
    return { ok: true, value: { is: "said", view } };
  };
  const faults: Record<string, readonly unknown[]> = {};
  const check = async (page: Page, what: string) => {
    const found = [];
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      found.push(...(await violations(page, colorScheme === "dark" ? "colours" : undefined)));
      if (process.env["SHOTS"]) await page.screenshot({ path: `${process.env["SHOTS"]}/C-${what}-${colorScheme}.png` });
    }
    for (const viewport of [NARROW, PHONE]) {
      await page.setViewportSize(viewport);
      found.push(...(await sideways(page)).filter((px) => px > 0));
    }
    found.push(...(await smallTargets(page)), ...(await nameless(page)));
    if (found.length > 0) faults[what] = found;
  };
  const door = await look("/join", { viewport: PHONE });
  await door.getByLabel("Code on the wall").waitFor();
  await check(door, "code");
  const named = await look("/join/KBRTMX", { viewport: PHONE });
  await named.getByLabel("Your name").waitFor();
  await check(named, "name");

  const guest = await phone("seat-ada", { viewport: PHONE });
  await tab(guest, "Make").click();
  await guest.getByLabel("What it says").waitFor();
  await check(guest, "make");
  await tab(guest, "Agenda").click();
  await guest.getByText("now", { exact: true }).waitFor();
  await check(guest, "agenda");
  await tab(guest, "Vote").click();
  await press(guest, "Enlarge: #8");
  await guest.getByRole("dialog", { name: "#8" }).waitFor();
  await expect.poll(() => guest.locator("img.shown:not([src])").count()).toBe(0);
  await check(guest, "zoom");
  await press(guest, "Close");

  await tab(guest, "Chair").click();
  await press(guest, "Pick #7 without a vote");
  await check(guest, "pick");
  await press(guest, "Cancel");
  await press(guest, "Make its visual");
  await guest.getByText("It fits in 20 minutes.").waitFor();
  await check(guest, "said");
  await press(guest, "Make a sketch");
  await expect.poll(() => meeting.pressed).toContain("sketch");
  await expect.poll(() => guest.getByRole("dialog").count()).toBe(0);
  await press(guest, "Note");
  await guest.getByRole("dialog", { name: "Note" }).getByRole("textbox").fill("Ask the printer");
  await check(guest, "form");
  await press(guest, "Keep");
  await expect.poll(() => meeting.pressed).toContain("noted");
  await expect.poll(() => guest.getByRole("dialog").count()).toBe(0);
  await press(guest, "More");
  await check(guest, "more");
  expect(faults).toEqual({});
});
