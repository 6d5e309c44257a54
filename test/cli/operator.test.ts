import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { parseFakeBackend } from "../../src/backends/fake/options.ts";
import { loadClipTokenizer } from "../../src/features/draw/token-counter.ts";
import { group } from "../flow/harness.ts";

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "placard-operator-"));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

it.each(["dellay:1", "delay:soon", "name:A", "steps:0"])("FAKE_BACKEND=%s is told the parts it takes", (text) =>
  expect(() => parseFakeBackend(text)).toThrow(
    /FAKE_BACKEND: .*\n {2}FAKE_BACKEND takes name, mood, delay, steps, used/,
  ),
);

it.each([
  ["{", "not a list of words"],
  ["{}", "no start or end mark"],
])("a vocabulary of %j names the setting", (vocabulary, why) => {
  const made = folder();
  writeFileSync(join(made, "vocab.json"), vocabulary);
  expect(() => loadClipTokenizer(made)).toThrow("merges.txt is missing");
  writeFileSync(join(made, "merges.txt"), "");
  expect(() => loadClipTokenizer(made)).toThrow(new RegExp(`^CLIP_TOKENIZER_DIR: .*${why}`));
});

describe("an unknown command", () => {
  it.each([
    ["rcaa", "There is no /rcaa here. Did you mean /rca? /help shows everything."],
    ["imagien", "There is no /imagien here. Did you mean /imagine? /help shows everything."],
    ["watercolour", "There is no /watercolour here. /help shows everything."],
    ["xy", "There is no /xy here. /help shows everything."],
  ])("/%s is answered with the nearest there is", async (name, sentence) => {
    const { chat } = await group();
    await chat.type("ana", `/${name} a red fox`);
    expect([...chat.messages.values()].map(({ view }) => view.text)).toEqual([sentence]);
  });
});
