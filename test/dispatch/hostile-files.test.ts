import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, expect, it } from "vitest";
import { Uploads } from "../../adapters/web/uploads.ts";
import { startingImage } from "../../src/dispatch/starting-image.ts";
import { TooManyImages, withMembersImage } from "../../src/lib/foreign-image.ts";
import { contextWith, fileOf } from "../commands/context.ts";
import { typed } from "../commands/parts.ts";
import { hostileFiles } from "../fakes/hostile-files.ts";
import { longestStallMs } from "../fakes/stall.ts";
import { atThisPaceMs } from "../pace.ts";
import { english } from "../words.ts";

const folder = mkdtempSync(join(tmpdir(), "placard-hostile-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const uploads = new Uploads(folder);

/** Each gives the sentence a member reads. Discord's Show recipe and Telegram's replies hand their file to /info, too. */
const DOORS: Readonly<Record<string, (bytes: Uint8Array) => Promise<string>>> = {
  "/info": async (bytes) => {
    const outcome = await typed("/info", contextWith({ attachments: [fileOf(bytes)] }));
    return outcome.do === "refuse" ? outcome.problem.text : outcome.do === "reply" ? outcome.view.text : outcome.do;
  },
  "a picture to start from": async (bytes) => {
    const made = await startingImage(bytes);
    return made.ok ? "taken" : english(made.problem).text;
  },
  "the web chat's upload": async (bytes) => {
    const kept = await uploads.keep(bytes, "picture.png", "web:a");
    return kept.ok ? "taken" : english(kept.problem).text;
  },
};
const FAULTS =
  "Only PNG, JPEG, WebP, AVIF and GIF|HEIC pictures cannot be read|That picture is (?:damaged|too large to be read)";
const SENTENCES: Readonly<Record<string, RegExp>> = {
  "/info": new RegExp(
    `^(?:This file (?:says nothing about how|does not say how|was made by another program)|${FAULTS})`,
    "u",
  ),
  "a picture to start from": new RegExp(`^(?:taken$|${FAULTS})`, "u"),
  "the web chat's upload": new RegExp(`^(?:taken$|${FAULTS})`, "u"),
};
const files = [...(await hostileFiles())];

it.each(Object.keys(DOORS).flatMap((door) => files.map(([what, bytes]) => ({ door, what, bytes }))))(
  "$door: $what is answered with a sentence, and nobody waits for it",
  async ({ door, bytes }) => {
    let said: string | undefined;
    const stallMs = await longestStallMs(async () => {
      said = await DOORS[door]?.(bytes);
    });
    expect(said).toMatch(SENTENCES[door] ?? /never/u);
    expect(stallMs).toBeLessThan(atThisPaceMs(500));
  },
);

it("nothing of them stays in memory", async () => {
  const beforeBytes = process.memoryUsage.rss();
  for (const [, bytes] of files) await Promise.all(Object.values(DOORS).map((put) => put(bytes)));
  // A decoder that keeps what it unpacks holds half a gigabyte for each of the first two.
  expect(process.memoryUsage.rss() - beforeBytes).toBeLessThan(200_000_000);
});

it.each(["30 lines of 850,000 pixels", "25 megapixels of 16 bits in passes", "a WebP of 268 megapixels"])(
  "%s are too much to hold, and not even begun",
  async (what) => {
    const bytes = files.find(([name]) => name === what)?.[1];
    let begun = false;
    const reading = withMembersImage(bytes ?? Buffer.alloc(0), 300_000_000, async () => {
      begun = true;
    });
    await expect(reading).rejects.toThrow("held as a whole");
    expect(begun).toBe(false);
  },
);

it("takes as many pixels as it is told, and not one more", async () => {
  const png = (width: number) => sharp({ create: { width, height: 10, channels: 3, background: "red" } }).png();
  const read = async (width: number) =>
    withMembersImage(await png(width).toBuffer(), 100, (image) => image.raw().toBuffer());
  expect((await read(10)).length).toBe(300);
  await expect(read(11)).rejects.toThrow(/pixel limit/u);
});

it("positive control: each door takes a picture, moving ones by their first frame", async () => {
  const frames = ["red", "blue"].map((background) =>
    sharp({ create: { width: 8, height: 8, channels: 3, background } })
      .png()
      .toBuffer(),
  );
  const moving = await sharp(await Promise.all(frames), { join: { animated: true } })
    .webp()
    .toBuffer();
  expect((await sharp(moving, { animated: true }).metadata()).pages).toBe(2);
  expect(await DOORS["a picture to start from"]?.(moving)).toBe("taken");
  expect(await DOORS["the web chat's upload"]?.(moving)).toBe("taken");
});

it("reads one member's picture at a time, and asks who comes as the tenth to come later", async () => {
  const png = await sharp({ create: { width: 8, height: 8, channels: 3, background: "red" } })
    .png()
    .toBuffer();
  let [atOnce, most] = [0, 0];
  const gate = Promise.withResolvers<void>();
  const read = () =>
    withMembersImage(png, 64, async () => {
      atOnce += 1;
      most = Math.max(most, atOnce);
      await gate.promise;
      atOnce -= 1;
    });
  const nine = Array.from({ length: 9 }, read);
  await expect(read()).rejects.toThrow(TooManyImages);
  expect(await DOORS["a picture to start from"]?.(png)).toMatch(/Send it again in a minute/u);
  expect(await DOORS["the web chat's upload"]?.(png)).toMatch(/Send it again in a minute/u);
  gate.resolve();
  await Promise.all(nine);
  expect(most).toBe(1);
  expect(await DOORS["a picture to start from"]?.(png)).toBe("taken");
});
