import { deflateSync } from "node:zlib";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { OWN_PARTS } from "../../src/app/load.ts";
import { createLog } from "../../src/app/pino-log.ts";
import { coreEnv, likelyTypos, readSettings, withoutEmpty } from "../../src/app/settings.ts";
import { startingImage } from "../../src/dispatch/starting-image.ts";
import { imageIdOf, jobIdOf, parseImageId } from "../../src/domain/ids.ts";
import { recipeToText } from "../../src/domain/recipe-text.ts";
import { loadFolders } from "../../src/lib/load-folders.ts";
import { readPngText, withPngText } from "../../src/lib/png.ts";
import { cutText } from "../../src/lib/text.ts";
import { fitView } from "../../src/ports/fit-view.ts";
import { decodeMediaKey, encodeMediaKey, type MediaKey } from "../../src/views/media-key.ts";
import { jobWith, pictureOf } from "../commands/context.ts";

describe("log", () => {
  const canary = "canary-8f3a91c2d7";
  const lines: string[] = [];
  const log = createLog({ level: "debug", pretty: false, secrets: [canary], write: (line) => void lines.push(line) });
  it("never shows a secret, wherever it stands", () => {
    const inner = new Error(`GET https://api.example/bot${canary}/send failed`);
    log.error("post.failed", { error: new Error("wrapped", { cause: inner }), text: `x${canary}y` });
    log.debug(`fact with ${canary}`);
    expect(lines).toHaveLength(2);
    expect(lines.join("")).toContain("caused by");
    expect(lines.join("")).not.toContain(canary);
  });
  it("writes one JSON fact per line", () => {
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ fact: "post.failed", text: "x[secret]y" });
  });
  it("stays small whatever it is told, and says so", () => {
    const written: string[] = [];
    let nowMs = 0;
    const write = (line: string) => void written.push(line);
    const clock = { steadyMs: () => nowMs };
    const bounded = createLog({ level: "info", pretty: false, secrets: [canary], write, clock });
    bounded.warn("frame.odd", { frame: "x".repeat(3990) + canary + "y".repeat(1_000_000) });
    expect(written[0]?.length).toBeLessThan(4200);
    expect(written[0]).not.toContain(canary.slice(0, 8));
    for (let at = 0; at < 100_000; at += 1) {
      bounded.warn("frame.odd", { error: new Error("x".repeat(100)) });
      bounded.debug("frame.seen");
    }
    expect(written).toHaveLength(601);
    expect(JSON.parse(written.at(-1) ?? "")).toMatchObject({ fact: "log.too_often", of: "frame.odd" });
    bounded.warn("frame.other");
    nowMs = 60_000;
    bounded.warn("frame.odd");
    expect(written.slice(601).map((line) => JSON.parse(line).fact)).toEqual(["frame.other", "frame.odd"]);
  });
});

describe("settings", () => {
  const env = z.object({
    A_TOKEN: z.string().min(8).describe("a"),
    N: z.coerce.number().int().min(1).default(3).describe("n"),
  });
  it("name every wrong variable without its value", () => {
    const read = () => readSettings("x", env, withoutEmpty({ A_TOKEN: "sekret", N: "0" }));
    expect(read).toThrow(/A_TOKEN[\s\S]*N:/);
    expect(read).not.toThrow(/sekret/);
  });
  it.each([
    ["QUOTA_CAPACITY_SECONDS", "lots", "must be a whole number from 1 to 1000000"],
    ["QUOTA_CAPACITY_SECONDS", "0", "must be a whole number from 1 to 1000000"],
    ["REROLL_VOTES", "2.5", "must be a whole number from 1 to 50"],
    ["LOG_LEVEL", "loud", "must be one of debug, info, warn, error, silent"],
    ["ADMINS", "web:4f9a, ana", "each entry must look like platform:id"],
  ])("%s=%s is answered in one plain sentence", (name, value, sentence) => {
    let said = "";
    try {
      readSettings("the core", coreEnv, { [name]: value });
    } catch (error) {
      said = (error as Error).message;
    }
    const [head, complaint, ...others] = said.split("\n");
    expect(head).toBe("settings of the core are wrong; change them in .env:");
    expect(complaint?.startsWith(`  ${name}: ${sentence}`)).toBe(true);
    expect(others).toEqual([]);
  });
  it("take admins of any platform", () =>
    expect(readSettings("x", coreEnv, { ADMINS: "web:4f9a, discord:123" }).ADMINS).toEqual([
      "web:4f9a",
      "discord:123",
    ]));
  it("that are needed and not there are missing", () =>
    expect(() => readSettings("x", env, {})).toThrow("A_TOKEN: is missing"));
  it("are recognised with a slip of the pen, and nothing else is", () =>
    expect(likelyTypos(["WEB_PROT", "web_port", "WEB_PORT", "PATH", "DATADIR"], ["WEB_PORT", "DATA_DIR"])).toEqual([
      "setting WEB_PROT is not known; did you mean WEB_PORT?",
      "setting web_port is not known; did you mean WEB_PORT?",
      "setting DATADIR is not known; did you mean DATA_DIR?",
    ]));
  it("are recognised by the names other programs give them", () =>
    expect(
      likelyTypos(["TELEGRAM_BOT_TOKEN", "TELEGRAM_HOME", "BOT_TOKEN"], ["DISCORD_TOKEN", "TELEGRAM_TOKEN"]),
    ).toEqual(["setting TELEGRAM_BOT_TOKEN is not known; did you mean TELEGRAM_TOKEN?"]));
  it("take empty values as unset", () => {
    expect(readSettings("x", env, withoutEmpty({ A_TOKEN: "12345678", N: " " }))).toEqual({
      A_TOKEN: "12345678",
      N: 3,
    });
  });
});

describe("loading a folder", () => {
  it("stops at a file that lacks the export", async () => {
    await expect(loadFolders(OWN_PARTS.commands, "nothingLikeIt")).rejects.toThrow(/does not export "nothingLikeIt"/);
  });
});

describe("media keys", () => {
  const imageId = imageIdOf(jobIdOf("u"), 3);
  it.each<MediaKey>([
    { of: "picture", imageId, variant: "posted" },
    { of: "picture", imageId, variant: "thumb" },
    { of: "picture", imageId, variant: "original" },
    { of: "grid", jobId: jobIdOf("u") },
    { of: "style", styleId: "rca_2" },
    { of: "template", templateId: "who-does-what" },
  ])("come back as they were: %j", (key) => expect(decodeMediaKey(encodeMediaKey(key))).toEqual(key));
  it.each([
    "",
    "picture/../../etc/passwd/posted",
    `picture/${imageId}/else`,
    "style/../x",
    "template/../x",
    "grid/short",
    `${"a".repeat(9999)}`,
  ])("refuse %s", (text) => expect(decodeMediaKey(text)).toBeUndefined());
  it("image ids refuse what is not one", () =>
    expect(["x", `${imageId}0`, "../etc.0", `${jobIdOf("u")}.4`].map(parseImageId)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]));
});

describe("starting pictures", () => {
  it("lose their metadata and their excess size", async () => {
    const photo = await sharp({ create: { width: 3000, height: 1000, channels: 3, background: "#c33" } })
      .withExif({ IFD0: { Copyright: "somebody" } })
      .jpeg()
      .toBuffer();
    const made = await startingImage(photo);
    expect(made.ok).toBe(true);
    if (!made.ok) return;
    const { width, height, exif } = await sharp(made.value).metadata();
    expect({ width, height, exif }).toEqual({ width: 1536, height: 512, exif: undefined });
  });
  it("keep our own recipe and no other text: a sketch knows an earlier poster by it", async () => {
    const [recipe] = recipeToText(pictureOf(jobWith()).recipe).filter(({ keyword }) => keyword === "placard");
    const plain = await sharp({ create: { width: 64, height: 64, channels: 3, background: "#c33" } })
      .png()
      .toBuffer();
    const said = [{ keyword: "Comment", text: "by somebody" }];
    for (const [texts, kept] of [
      [[...said, recipe!], [recipe!]],
      [[...said, { keyword: "placard", text: '{"placard":1}' }], []],
    ] as const) {
      const made = await startingImage(withPngText(plain, texts));
      if (!made.ok) throw new Error("refused");
      expect(await readPngText(made.value, ["placard", "Comment", "parameters"])).toEqual(kept);
    }
  });
  it("are refused as bombs, damaged or something else, with a sentence", async () => {
    const ihdr = Buffer.concat([
      Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"),
      Buffer.from("0000ffff0000ffff0806000000", "hex"),
      Buffer.alloc(4),
      deflateSync(Buffer.alloc(1000)),
    ]);
    for (const bytes of [ihdr, Buffer.from("<svg onload=alert(1)>"), Buffer.from([0x89, 0x50, 0x4e, 0x47])]) {
      const made = await startingImage(bytes);
      expect(made).toMatchObject({ ok: false, problem: { code: "bad_args" } });
    }
  });
});

describe("fitting a view", () => {
  const limits = {
    textMaxChars: 50,
    captionMaxChars: 20,
    imageMaxBytes: 1,
    buttonsPerRow: 5,
    buttonRows: 5,
    buttonTokenMaxBytes: 64,
    ackWithinMs: 1,
    editMinIntervalMs: 1,
    postsOnce: true,
    ownPlatform: false,
  };
  it("never splits an emoji", () => {
    const cut = cutText("👩‍👩‍👧‍👦".repeat(3), 24);
    expect(cut).toBe(`${"👩‍👩‍👧‍👦".repeat(2)}…`);
  });
  it("shortens the prompt and keeps the facts, to the last character allowed", () => {
    const view = fitView({ text: `${"x".repeat(100)}\nseed 7` }, limits);
    expect(view.text).toHaveLength(50);
    expect(view.text.endsWith("…\nseed 7")).toBe(true);
    expect(fitView({ text: "x".repeat(50) }, limits).text).toBe("x".repeat(50));
  });
});
