import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { START_WORDS } from "../start-command.ts";

const root = new URL("../..", import.meta.url).pathname;
const SOON = { timeout: 20_000, interval: 50 };

/** Placard as it is, in a folder where this package is not installed. */
function withoutPackage(absent: string): string {
  const folder = mkdtempSync(join(tmpdir(), "placard-lacks-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const part of ["src", "adapters", "commands", "package.json", "styles.json"])
    cpSync(join(root, part), join(folder, part), { recursive: true });
  const from = join(root, "node_modules");
  const to = join(folder, "node_modules");
  mkdirSync(to);
  for (const name of readdirSync(from)) {
    if (name.startsWith(".") || name === absent) continue;
    if (!name.startsWith("@")) symlinkSync(join(from, name), join(to, name));
    else {
      mkdirSync(join(to, name));
      for (const scoped of readdirSync(join(from, name)))
        if (`${name}/${scoped}` !== absent) symlinkSync(join(from, name, scoped), join(to, name, scoped));
    }
  }
  return folder;
}

function started(folder: string, settings: Readonly<Record<string, string>>) {
  const child: ChildProcess = spawn(process.execPath, START_WORDS, {
    cwd: folder,
    env: { PATH: process.env["PATH"], WEB_PORT: "0", DATA_DIR: join(folder, "data"), ...settings },
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  onTestFinished(async () => {
    if (child.exitCode === null && child.kill("SIGKILL")) await ended;
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk: Buffer) => {
      printed += chunk.toString();
    });
  return { printed: () => printed, ended };
}

const NOWHERE = "http://127.0.0.1:9";
it.each([
  [
    "grammy",
    { TELEGRAM_TOKEN: `123456:${"canary".repeat(6).slice(0, 35)}`, TELEGRAM_API_URL: NOWHERE },
    "TELEGRAM_TOKEN",
  ],
  ["@discordjs/ws", { DISCORD_TOKEN: "canary", DISCORD_API_URL: NOWHERE }, "DISCORD_TOKEN"],
  ["undici", { COMFYUI_URL: NOWHERE }, "COMFYUI_URL"],
  ["@gradio/client", { HF_SPACE: NOWHERE }, "HF_SPACE"],
  ["@huggingface/inference", { HF_ENDPOINT_URL: NOWHERE }, "HF_ENDPOINT_URL"],
  ["@resvg/resvg-js", { FAKE_BACKEND: "delay:1" }, "sketch"],
] as const)(
  "without %s the rest starts, and it is said with its setting",
  { timeout: 120_000 },
  async (name, settings, named) => {
    const { printed } = started(withoutPackage(name), settings);
    await expect.poll(printed, SOON).toMatch(/web chat: http/);
    await expect.poll(printed, SOON).toMatch(/^NOT STARTED: .*the rest of Placard works/m);
    const line =
      printed()
        .split("\n")
        .find((each) => each.startsWith("NOT STARTED")) ?? "";
    expect(line).toContain(named);
    expect(line).toContain(`needs the package ${name}, which is not installed. Run npm ci`);
    expect(printed()).not.toContain("canary");
  },
);

it.each([
  ["sharp", {}, /did not start: the package sharp, which all of it needs, is not installed\. Run npm ci/],
  ["@resvg/resvg-js", {}, /did not start: nothing is left to make pictures with\. .*@resvg\/resvg-js.*npm ci/],
])("without %s nothing can, and it is said", { timeout: 120_000 }, async (name, settings, sentence) => {
  const { printed, ended } = started(withoutPackage(name), settings);
  expect(await ended).toBe(1);
  expect(printed()).toMatch(sentence);
});

it("without a package of something that is not on nothing is said", { timeout: 120_000 }, async () => {
  const { printed } = started(withoutPackage("@gradio/client"), {});
  await expect.poll(printed, SOON).toMatch(/web chat: http/);
  expect(printed()).not.toMatch(/gradio/);
});
