import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { openTelegramFake } from "../fakes/telegram.ts";

const root = new URL("../..", import.meta.url).pathname;

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "placard-setup-"));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

/** The program itself, with its answers through a pipe. */
async function setup(cwd: string, answers: readonly string[], env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [join(root, "src/cli/setup.ts")], {
    cwd,
    env: { PATH: process.env["PATH"], ...env },
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (text += chunk.toString()));
  child.stdin.end(answers.map((answer) => `${answer}\n`).join(""));
  const status = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { status, text };
}

describe("npm run setup", () => {
  it("keeps a token that works, in a .env that is otherwise the example, and no word of it on the screen", async () => {
    const telegram = await openTelegramFake({ flood: "off" });
    onTestFinished(() => telegram.close());
    const cwd = folder();
    const env = { TELEGRAM_API_URL: telegram.url };
    const { status, text } = await setup(cwd, ["99", "2", "no token", "123456:canary-canary", telegram.token, ""], env);
    expect(text).toMatch(
      /That is none of 1 to \d+[\s\S]*must be the token[\s\S]*It was not kept[\s\S]*Telegram is connected/,
    );
    expect(text).toMatch(/2 {2}Telegram {2}✓/);
    for (const secret of ["canary", telegram.token]) expect(text).not.toContain(secret);
    expect(status).toBe(0);
    const written = readFileSync(join(cwd, ".env"), "utf8");
    const example = readFileSync(join(root, ".env.example"), "utf8");
    expect(written).toBe(example.replace("\nTELEGRAM_TOKEN=\n", `\nTELEGRAM_TOKEN=${telegram.token}\n`));
    expect(statSync(join(cwd, ".env")).mode & 0o777).toBe(0o600);
    expect(readdirSync(cwd)).toEqual([".env"]);

    const out = await setup(cwd, ["2", "-", ""], env);
    expect(out.text).toContain("Telegram is off now");
    expect(readFileSync(join(cwd, ".env"), "utf8")).toBe(example);
  });

  it("writes nothing when nothing is chosen, and nothing over what the shell sets", async () => {
    const cwd = folder();
    expect(await setup(cwd, [], {})).toMatchObject({ status: 0 });
    const { text } = await setup(cwd, ["2", ""], { TELEGRAM_TOKEN: "123456:canary-canary" });
    expect(text).toContain("TELEGRAM_TOKEN is set outside .env");
    expect(text).not.toContain("canary");
    expect(existsSync(join(cwd, ".env"))).toBe(false);
  });
});
