import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";

const root = new URL("../..", import.meta.url).pathname;
const RUN_MAX_MS = 90_000;

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "placard-operator-"));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

/** What somebody at the keyboard reads, standing in `cwd`. */
function said(
  cwd: string,
  script: string,
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, script), ...words], {
    cwd,
    env: { PATH: process.env["PATH"] ?? "", STYLES_FILE: join(root, "styles.json"), WEB_PORT: "0", ...environment },
    encoding: "utf8",
    timeout: RUN_MAX_MS,
  });
  return { status, text: stdout + stderr };
}
const start = (cwd: string, environment: Readonly<Record<string, string>>) => said(cwd, "src/main.ts", [], environment);

describe("a start with a wrong setting", () => {
  it.each([
    ["WEB_PORT", "canary", "WEB_PORT: must be a whole number from 0 to 65535"],
    ["WEB_TOKEN", "canary", "WEB_TOKEN: use at least 8 characters"],
    ["FAKE_BACKEND", "mood:canary", "FAKE_BACKEND: mood must be one of ok, slow"],
    ["CLIP_TOKENIZER_DIR", "./canary", "CLIP_TOKENIZER_DIR: must be a folder with CLIP's vocab.json and merges.txt"],
    ["DIRECT_MESSAGES", "canary", "DIRECT_MESSAGES: must be on, off, or GPU seconds such as 60"],
    ["DIRECT_MESSAGES", "-1", "DIRECT_MESSAGES: must be on, off, or GPU seconds such as 60"],
    ["APPROVE_CHATS", "./canary", "APPROVE_CHATS: must be no, yes, or names of platforms"],
    ["DATA_DIR", "./canary", "DATA_DIR: must be a folder that Placard may write to"],
    ["DATA_DIR", "./canary/below", "DATA_DIR: must be a folder that Placard may write to"],
  ])("%s=%s says what it must be", (name, value, sentence) => {
    const cwd = folder();
    if (name === "DATA_DIR") writeFileSync(join(cwd, "canary"), "a file");
    const { status, text } = start(cwd, { [name]: value });
    expect(text).toContain(`did not start: `);
    expect(text).toContain(sentence);
    expect(text).not.toMatch(/canary|Zod|ENO|EEX|Invalid|expected/);
    expect(status).toBe(1);
  });

  it.each([["FAKE_BACKEND", "mood:ok", "WEBUI_URL", "http://ana:canary%word@127.0.0.1:9", /web chat|did not start/]])(
    "takes %s=%s with a password in %s, and never repeats it",
    (name, value, secret, url, line) => {
      const cwd = folder();
      writeFileSync(join(cwd, "file"), "in the way");
      const { text } = start(cwd, { [name]: value, [secret]: url, DATA_DIR: "./file" });
      expect(text).toMatch(line);
      expect(text).toContain("DATA_DIR");
      expect(text).not.toContain("canary");
    },
  );

  it("names what is nearly a setting in .env, without its value", () => {
    const cwd = folder();
    writeFileSync(join(cwd, ".env"), "WEB_PROT=canary\nMY_OWN=1\nDATA_DIR=./canary\n");
    writeFileSync(join(cwd, "canary"), "a file: the start ends here");
    const { text } = start(cwd, { LOG_LEVL: "not in .env" });
    expect(text.match(/setting \S+ is not known[^"]*/g)).toEqual([
      "setting WEB_PROT is not known; did you mean WEB_PORT?",
    ]);
    expect(text).not.toContain("canary");
  });

  it("has a style called as a command", () => {
    const cwd = folder();
    const STYLES_FILE = join(cwd, "styles.json");
    const styles = ["a", "b", "help"].map((id) => ({ id, title: id, ...(id === "b" ? { colour: 1 } : {}) }));
    writeFileSync(STYLES_FILE, JSON.stringify({ styles }));
    const { text } = start(cwd, { STYLES_FILE });
    expect(text).toContain('styles.json: styles[2].id: "help" is a command already; choose another id');
    expect(text).toContain('styles[1]: "colour" is not known here');
  });
});

describe("npm run styles -- import", () => {
  it("adds under free names, keeps every byte that was there, and does nothing the second time", () => {
    const cwd = folder();
    const before = '{ "styles": [\n  {"id":"a", "title":"A",   "trigger":"AAA"}\n] }\n';
    writeFileSync(join(cwd, "s.json"), before);
    const gallery = [
      { title: "Help", trigger_word: "HLP", trigger_position: "sideways" },
      { title: "Queue", trigger_word: "Q", trigger_position: "append" },
    ];
    writeFileSync(join(cwd, "loras.json"), JSON.stringify(gallery));
    const run = () => said(cwd, "src/cli/styles.ts", ["import", "loras.json", "--into", "s.json"]);
    const first = run();
    expect(first.text).toContain("/help is taken, so this one is /help_2");
    expect(first.text).toContain("trigger_position “sideways” is not known");
    const after = readFileSync(join(cwd, "s.json"), "utf8");
    expect(after.startsWith(before.slice(0, before.lastIndexOf("\n]")))).toBe(true);
    expect(JSON.parse(after).styles.slice(1)).toEqual([
      { id: "help_2", title: "Help", summary: "From a Space gallery: Help", trigger: "HLP", lora: { space: "Help" } },
      {
        id: "queue_2",
        title: "Queue",
        summary: "From a Space gallery: Queue",
        trigger: "Q",
        triggerPosition: "end",
        lora: { space: "Queue" },
      },
    ]);
    expect(run().text).toContain("0 added, 2 left out, 3 styles now");
    expect(readFileSync(join(cwd, "s.json"), "utf8")).toBe(after);
  });
});

describe("npm run draw", () => {
  it("says no more than the picture's own words, also with the settings file as it comes", () => {
    const cwd = folder();
    writeFileSync(join(cwd, ".env"), readFileSync(join(root, ".env.example"), "utf8"));
    const { status, text } = said(cwd, "src/cli/draw.ts", ["a red fox", "seed:7", "size:256x256", "--out", "fox.png"]);
    expect({ status, text }).toEqual({
      status: 0,
      text: expect.stringMatching(/^fox\.png\n“a red fox” · you\n#1 .*\n$/),
    });
  });
  it.each([
    [["--out", "none/x.png"], "--out: there is no folder none. Make it first"],
    [["--out", "x.jpg"], "--out must end in .png"],
    [["--out", "folder.png"], "--out: folder.png is a folder"],
    [["--out", "x.png", "--seed", "7"], "--seed is not known."],
    [["--out"], "--out is not written as it should be."],
    [[], "Say where the picture goes"],
  ])("with %j says so before it draws", (words, sentence) => {
    const cwd = folder();
    if (words.includes("folder.png")) mkdirSync(join(cwd, "folder.png"));
    const { status, text } = said(cwd, "src/cli/draw.ts", ["a red fox", ...words]);
    expect(text.startsWith(sentence)).toBe(true);
    expect(text).not.toMatch(/ENOENT|positional|node:/);
    expect(status).toBe(1);
    expect(existsSync(join(cwd, "x.png"))).toBe(false);
  });
});
