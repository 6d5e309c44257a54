import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setImmediate as soon } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cached } from "./cached.ts";

let folder: string;
let made: number;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "placard-cached-"));
  made = 0;
});
afterEach(() => rmSync(folder, { recursive: true }));

const ask = (inputs: readonly string[] = ["a"]) =>
  cached(
    "thing.txt",
    inputs,
    async () => {
      made += 1;
      await soon();
      return `made ${made}`;
    },
    folder,
  );

describe("what is made once and cached", () => {
  it("is made by one, however many ask at once", async () => {
    const files = await Promise.all(Array.from({ length: 5 }, () => ask()));
    expect(made).toBe(1);
    expect(files.map((file) => readFileSync(file, "utf8"))).toEqual(Array.from({ length: 5 }, () => "made 1"));
    expect(readdirSync(folder)).toEqual([path.basename(files[0]!)]);
  });

  it("is made again when what it comes from has changed", async () => {
    const before = await ask(["a", "bc"]);
    const after = await ask(["ab", "c"]);
    expect(after).not.toBe(before);
    expect(made).toBe(2);
  });

  it("does not wait for ever for a maker that died", async () => {
    const first = await ask();
    rmSync(first);
    mkdirSync(`${first}.lock`);
    const longAgo = new Date(Date.now() - 120_000);
    utimesSync(`${first}.lock`, longAgo, longAgo);
    expect(readFileSync(await ask(), "utf8")).toBe("made 2");
  });

  it("leaves no lock behind when making it fails, and tries again", async () => {
    const broken = cached("thing.txt", ["a"], () => Promise.reject(new Error("no disk")), folder);
    await expect(broken).rejects.toThrow("no disk");
    expect(readFileSync(await ask(), "utf8")).toBe("made 1");
  });
});
