import sharp from "sharp";
import { describe, expect, it, onTestFinished } from "vitest";
import type { WireMake, WireQuote } from "../../adapters/web/wire.ts";
import { loadCommands, OWN_PARTS } from "../../src/app/load.ts";
import { fakeBackend } from "../../src/backends/fake.ts";
import { styleSchema } from "../../src/domain/style.ts";
import { cleanPrompt } from "../../src/features/draw/advice.ts";
import { typedCommand } from "../../src/lib/typed-command.ts";
import { parseText, specOf } from "../../src/ports/args.ts";
import type { OptionSpec } from "../../src/ports/option.ts";
import { levelsIn } from "../../src/typesetter/reading/levels.ts";
import { quotedTexts } from "../../src/typesetter/reading/quotes.ts";
import { appOver } from "../fakes/app.ts";
import { createTestClock } from "../fakes/clock.ts";
import { as, ask, joinAs } from "./web-client.ts";
import { freshFolder, webIn } from "./web-world.ts";

interface Draft {
  readonly lines: readonly string[];
  readonly shows: string;
  readonly style: string;
  readonly shape: string;
  readonly count: number;
  readonly fine: Readonly<Record<string, string>>;
  readonly upload?: unknown;
}

// The page's own file, which has no types here.
const PAGE_MODULE = "../../adapters/web/page/make/line.js";
const page = (await import(PAGE_MODULE)) as {
  readonly EMPTY_DRAFT: Draft;
  readonly partsOf: (draft: Draft, options: readonly OptionSpec[]) => readonly { readonly text: string }[];
  readonly lineOf: (parts: readonly { readonly text: string }[]) => string;
  readonly levelsOf: (lines: readonly string[], known: readonly string[]) => readonly string[];
  readonly linesIn: (text: string) => readonly string[];
};

const styles = [styleSchema.parse({ id: "rca", title: "RCA" })];
const commands = (await loadCommands(OWN_PARTS)).flatMap((from) =>
  from({ styles, templates: [], backends: [], languages: [], specs: () => [] }),
);
const RCA = specOf(commands.find(({ name }) => name === "rca")!);

const lineOf = (draft: Partial<Draft>) =>
  page.lineOf(page.partsOf({ ...page.EMPTY_DRAFT, style: "rca", ...draft }, RCA.options));

/** What the core takes from the line: the texts to be lettered, the other words, the options. */
function readBack(line: string) {
  const command = typedCommand(line, () => true);
  const { values, problems, notes } = parseText(RCA, command?.text ?? "");
  const { prompt = "", ...options } = values;
  const cleaned = cleanPrompt(prompt);
  return { name: command?.name, letters: quotedTexts(cleaned), prompt: cleaned, options, problems, notes };
}

describe("the line that a filled-in form is sent as", () => {
  it("says what the form says, in the words of a typed command", () => {
    const draft = {
      lines: ["RENT STRIKE", "1 May, Town Square", ""],
      shows: " a raised fist,\n red and cream ",
      shape: "poster",
      count: 2,
      fine: { seed: "7", cfg: "", negative: "people, cars", change: "0.5", gone: "1" },
    };
    const line = lineOf(draft);
    expect(line).toBe(
      '/rca "RENT STRIKE" "1 May, Town Square", a raised fist, red and cream size:poster seed:7 count:2 negative:"people, cars"',
    );
    expect(readBack(line)).toMatchObject({
      name: "rca",
      letters: ["RENT STRIKE", "1 May, Town Square"],
      options: { size: "poster", seed: "7", count: "2", negative: "people, cars" },
      problems: [],
      notes: [],
    });
    // Only with a picture to start from does `change` mean anything.
    expect(lineOf({ ...draft, upload: { id: "x" } })).toContain("change:0.5");
  });

  const HARD = [
    'Say "no" now',
    "Say “no” now",
    "„Nein“ sagt man",
    '“Yes” and "no" and «peut-être»',
    '«x» "y" ‹z› 「w」',
    '"',
    "”",
    "it's 5\" wide, don't",
    "NO TO cfg:9 AND --no MEANS seed:3",
    "--no more",
    "size:banner",
    "/imagine a fox",
    "✊🏽 8M ✊🏽 👩‍👩‍👧‍👦",
    "إضراب الإيجار، ١ أيار",
    "一月「罢工」《报》",
    "a < b > c & d; e, f. g: h",
    "'tis rock 'n' roll",
    "1. first 2. second",
  ];
  it.each(HARD)("letters %j as it was typed", (title) => {
    for (const lines of [[title], ["Before", title], [title, "After"], [title, title]]) {
      const line = lineOf({ lines, shows: "a small red fox on the left", shape: "slide", fine: { cfg: "3" } });
      expect(readBack(line)).toMatchObject({
        letters: lines,
        options: { size: "slide", cfg: "3" },
        problems: [],
        notes: [],
      });
      expect(readBack(lineOf({ lines }))).toMatchObject({ letters: lines, options: {}, problems: [], notes: [] });
    }
  });

  it("keeps every line whatever marks it is full of", () => {
    const marks = [..."\"“”„«»‹›「」'‘’ a:-,"];
    let state = 1;
    const below = (n: number) => {
      state = (state * 48_271) % 2_147_483_647;
      return state % n;
    };
    for (let at = 0; at < 600; at += 1) {
      const lines = Array.from({ length: 1 + below(3) }, () =>
        `x${Array.from({ length: below(12) }, () => marks[below(marks.length)]).join("")}y`.replace(/\s+/gu, " "),
      );
      const line = lineOf({ lines, shows: "a red fox", fine: { seed: "7" } });
      expect([line, readBack(line)]).toMatchObject([line, { letters: lines, options: { seed: "7" }, problems: [] }]);
    }
  });

  it("takes twelve lines and four thousand characters, and puts a mark that leaves no other into other marks", () => {
    const lines = Array.from({ length: 12 }, (_, at) => `Line ${at + 1}, ${"x".repeat(320)}`);
    expect(readBack(lineOf({ lines }))).toMatchObject({ letters: lines, problems: [] });
    const all = '" « ‹ 「 『 《 〈';
    expect(readBack(lineOf({ lines: [all] })).letters).toEqual([all.replace('"', "″")]);
  });

  it("without words is a command that asks for them", () => {
    expect(lineOf({ lines: ["  ", ""], shows: " \n " })).toBe("/rca");
  });
});

it("names each line's level as it is lettered, and by its place before that is known", () => {
  const lines = ["1 May, 18:00", "", "RENT STRIKE", "Come all", "Bring a friend", "V.i.S.d.P. A. Name"];
  const known = levelsIn(readBack(lineOf({ lines })).prompt);
  expect(page.levelsOf(lines, known)).toEqual(["details", "subtitle", "title", "subtitle", "details", "small"]);
  // Among details alone the first leads on the paper.
  expect(levelsIn(lineOf({ lines: ["Rent strike, Saturday", "14 March, 18:30"] }))).toEqual(["title", "details"]);
  expect(page.levelsOf(lines, [])).toEqual(["title", "subtitle", "subtitle", "details", "details", "details"]);
  expect(page.linesIn("a\r\nb\n\nc\u2028d")).toEqual(["a", "b", "", "c", "d"]);
});

/** The web chat before the real core, and somebody who asks. */
async function shop(capacityGpuMs: number) {
  const web = webIn(freshFolder());
  const clock = createTestClock();
  const app = await appOver(freshFolder(), {
    adapters: [web],
    backends: [fakeBackend({ facts: { firstGuess: { perMegapixelStepMs: 1, overheadMs: 19_900 } } })],
    installation: { allowance: { capacityGpuMs, refillGpuMsPerHour: 0, resetMs: 0 } },
    clock,
  });
  await app.start();
  onTestFinished(async () => {
    await app.stop();
    clock.stop();
  });
  const ada = await joinAs(web, "Ada");
  const quote = async (text: string, over: object = {}): Promise<WireQuote> =>
    (
      await ask(web, "/api/quote", { body: { room: ada.room, text, ...over }, headers: as(ada) })
    ).json() as Promise<WireQuote>;
  const make = async () =>
    (await (await ask(web, `/api/make?room=${ada.room}`, { headers: as(ada) })).json()) as WireMake;
  const press = (token: string, id: string) =>
    ask(web, "/api/press", { body: { id, room: ada.room, token }, headers: as(ada) });
  return { quote, make, press, app, web, ada };
}

it("offers the gallery's styles by their names, and the shapes with their sides", async () => {
  const { make, app, ada } = await shop(300_000);
  const { style, styles: offered, shapes } = await make();
  expect(style).toBe("rca");
  const chatKey = `web:${ada.room}`;
  await app.services.memory.configure(chatKey, { style: "plain" }, 0);
  expect((await make()).style).toBe("plain");
  await app.services.memory.configure(chatKey, { style: "left-the-gallery" }, 0);
  expect((await make()).style).toBe("rca");
  expect(offered).toEqual([
    { id: "rca", title: "RCA" },
    { id: "plain", title: "Plain" },
  ]);
  expect(shapes.map(({ title }) => title)).toEqual(["Poster", "Flyer", "Square", "Slide", "Banner", "Story"]);
  expect(shapes[0]).toEqual({ name: "poster", title: "Poster", widthPx: 832, heightPx: 1216 });
});

it("tells the price of a line before it is sent, spends nothing, and says what would be refused", async () => {
  const { quote } = await shop(50_000);
  const line = '/rca "RENT STRIKE" "1 May", a fist size:256x256 steps:4';
  const first = await quote(line);
  expect(first).toMatchObject({
    is: "picture",
    time: expect.stringMatching(/^about 20 s$/),
    price: "uses 20 s of your 50 s",
    widthPx: 256,
    heightPx: 256,
    letters: ["title", "details"],
    notes: [],
  });
  expect(first).not.toHaveProperty("short");
  // Asked again, nothing has been taken.
  expect(await quote(line)).toEqual(first);
  expect(await quote(`${line} count:4`)).toMatchObject({ short: expect.stringMatching(/needs about 79\.7 s/) });
  expect(await quote("/rca a fox cfg:77")).toMatchObject({ is: "refused", why: expect.stringContaining("cfg") });
  expect(await quote("/rca")).toEqual({ is: "other" });
  expect(await quote("/help")).toEqual({ is: "other" });
  expect(await quote("no command")).toEqual({ is: "other" });
  expect(await quote("/rca a fox", { uploadId: "an-upload-that-is-gone" })).toMatchObject({
    error: expect.stringContaining("Attach it again"),
  });
  expect(await quote("x".repeat(4001))).toMatchObject({ error: expect.any(String) });
});

it("offers before a line is sent what the answer would offer, and a press makes it once", async () => {
  const { quote, press, app, web, ada } = await shop(50_000);
  const bytes = await sharp({ create: { width: 64, height: 64, channels: 3, background: "red" } })
    .png()
    .toBuffer();
  const { upload } = (await (await ask(web, "/api/uploads", { bytes, headers: as(ada) })).json()) as {
    readonly upload: { readonly id: string };
  };
  const quoted = await quote("/rca a kite size:256x256 steps:4 count:4", { uploadId: upload.id });
  const offers = quoted.is === "picture" ? (quoted.offers ?? []) : [];
  expect(offers.map(({ title, about }) => `${title}: ${about}`)).toEqual(["Fewer pictures: 2 instead of 4"]);
  const [token = ""] = offers.map((offer) => offer.token);
  await Promise.all(["press-of-the-phone-1", "press-of-the-laptop-1"].map((id) => press(token, id)));
  await app.idle();
  const made = await app.services.store.history({ chatKey: `web:${ada.room}`, limit: 10 });
  expect(made).toHaveLength(2);
  // With the picture it starts from, which was never sent as a message.
  expect(made[0]?.recipe.request.init?.key).toMatch(/^input\//);
});
