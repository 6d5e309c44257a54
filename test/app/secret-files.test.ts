import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { assemble } from "../../src/app/assemble.ts";
import { closedStorage } from "../../src/app/closed-storage.ts";
import { OWN_PARTS } from "../../src/app/load.ts";
import { environmentOf, mayBeInFile, readEnvironment } from "../../src/app/secret-files.ts";
import { isSecret } from "../../src/app/secrets.ts";
import { settingNames } from "../../src/app/setting-names.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "placard-secret-files-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, bytes: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

describe("a secret in a file", () => {
  it.each([
    ["canary-1", "canary-1"],
    ["canary-2\n", "canary-2"],
    ["canary-3\r\n", "canary-3"],
    [" canary 4 ", " canary 4 "],
  ])("%j is %j: one newline at its end is cut, and nothing else", async (written, secret) => {
    const path = file("token", written);
    expect(await environmentOf({ HF_TOKEN_FILE: path, WEB_PORT: " 8080 " })).toEqual({
      env: { HF_TOKEN: secret, WEB_PORT: "8080" },
      mistakes: [],
    });
  });

  it.each([
    ["an empty one", "\n", "token is empty"],
    ["two lines", "canary\ncanary", "token has to hold the secret in one line, and nothing else"],
    ["two newlines", "canary\n\n", "token has to hold the secret in one line, and nothing else"],
    ["bytes that are no text", Uint8Array.of(0xc3, 0x28), "token is no text"],
    ["a large one", "x".repeat(16_385), "token has more than 16384 bytes: no secret is as long"],
  ])("%s is told by the file's last name, without what is in it", async (_what, bytes, sentence) => {
    const { env, mistakes } = await environmentOf({ HF_TOKEN_FILE: file("token", bytes) });
    expect(mistakes).toEqual([`HF_TOKEN_FILE: ${sentence}`]);
    expect(env).toEqual({});
  });

  it("that is not there, is a folder, or may not be read is told", async () => {
    mkdirSync(join(folder, "directory"));
    chmodSync(file("closed", "canary"), 0);
    const environment = { HF_TOKEN_FILE: join(folder, "gone"), WEB_TOKEN_FILE: join(folder, "directory") };
    expect((await environmentOf(environment)).mistakes).toEqual([
      "HF_TOKEN_FILE: gone is not there",
      "WEB_TOKEN_FILE: directory is no file",
    ]);
    // Root may read everything.
    if (process.getuid?.() === 0) return;
    expect((await environmentOf({ HF_TOKEN_FILE: join(folder, "closed") })).mistakes).toEqual([
      "HF_TOKEN_FILE: closed cannot be read by the account that Placard runs as",
    ]);
  });

  it("beside the setting itself is refused; one of the two that is empty is not set", async () => {
    const HF_TOKEN_FILE = file("token", "canary");
    await expect(readEnvironment({ HF_TOKEN: "canary-5", HF_TOKEN_FILE })).rejects.toThrow(
      "settings that name the file of a secret are wrong; change them in .env:\n  HF_TOKEN_FILE: HF_TOKEN is set as well: leave one of the two out, so that nobody has to guess which counts",
    );
    expect(await readEnvironment({ HF_TOKEN: " ", HF_TOKEN_FILE })).toEqual({ HF_TOKEN: "canary" });
    expect(await readEnvironment({ HF_TOKEN: "canary-5", HF_TOKEN_FILE: "" })).toEqual({ HF_TOKEN: "canary-5" });
  });

  it("is none where the name is another program's, or a setting that is no secret", async () => {
    const theirs = { SSH_KEY_FILE: "/gone", AWS_WEB_IDENTITY_TOKEN_FILE: "/gone", STYLES_FILE: "styles.json" };
    expect(await environmentOf(theirs)).toEqual({ env: theirs, mistakes: [] });
  });

  it("may be every setting that is one as a whole, and no other", async () => {
    const names = await settingNames(OWN_PARTS);
    const secret = names.filter(isSecret);
    expect(secret.length).toBeGreaterThan(7);
    expect(secret.filter((name) => !mayBeInFile(name))).toEqual(["CLIP_TOKENIZER_DIR"]);
    expect(names.filter(mayBeInFile).filter((name) => !isSecret(name))).toEqual([]);
  });
});

describe("each door reads it", () => {
  it("copies and moves: the database's address", async () => {
    const DATABASE_URL_FILE = file("address", "postgres://placard:canary@127.0.0.1:1/placard\n");
    const { storage } = await closedStorage({ DATA_DIR: folder, DATABASE_URL_FILE });
    expect(storage.several).toBe(true);
  });
  it("the start and the shell, before anything is opened", async () => {
    const environment = { DATA_DIR: join(folder, "data"), WEB_TOKEN_FILE: join(folder, "gone") };
    await expect(assemble(environment, { pretty: false })).rejects.toThrow("WEB_TOKEN_FILE: gone is not there");
  });
});
