import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import { openDiscordFake } from "../fakes/discord.ts";
import { openTelegramFake } from "../fakes/telegram.ts";
import { START_ALLOCATOR, START_WORDS } from "../start-command.ts";
import { unmarked } from "../unmarked.ts";

const run = promisify(execFile);
const root = new URL("../..", import.meta.url).pathname;

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "placard-start-"));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

/** vitest compiles TypeScript by itself: only `node` shows that the program runs as it is. */
function placard(environment: Readonly<Record<string, string>>): ChildProcess {
  const child = spawn(process.execPath, START_WORDS, {
    cwd: root,
    env: { ...process.env, WEB_PORT: "0", ...environment },
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

const lineOf = (child: ChildProcess, pattern: RegExp): Promise<string> =>
  new Promise((resolve, reject) => {
    let text = "";
    const look = (chunk: Buffer) => {
      text += chunk.toString();
      const found = pattern.exec(text);
      if (found) resolve(found[0]);
    };
    child.stdout?.on("data", look);
    child.stderr?.on("data", look);
    child.once("exit", () => reject(new Error(`ended without ${pattern}: ${text}`)));
  });

const exitOf = (child: ChildProcess): Promise<number | null> => new Promise((resolve) => child.once("exit", resolve));

describe("npm start", () => {
  it("prints where the web chat is, refuses a second process on the same folder, and stops cleanly", async () => {
    const DATA_DIR = folder();
    const first = placard({ DATA_DIR });
    const address = (await lineOf(first, /web chat: http:\/\/127\.0\.0\.1:\d+/)).slice("web chat: ".length);
    const page = await fetch(address);
    expect(page.status).toBe(200);
    expect(page.headers.get("content-security-policy")).toContain("default-src 'self'");
    await lineOf(placard({ DATA_DIR }), /did not start: .*already running/);
    const ended = exitOf(first);
    first.kill("SIGTERM");
    expect(await ended).toBe(0);
  });

  it.runIf(process.platform === "linux")(
    "begins anew in its place with two arenas and a threshold for what goes back to the system, unless told other numbers",
    async () => {
      for (const [told, arenas, threshold] of [
        [{}, START_ALLOCATOR.MALLOC_ARENA_MAX, START_ALLOCATOR.MALLOC_MMAP_THRESHOLD_],
        [{ MALLOC_ARENA_MAX: "5" }, "5", START_ALLOCATOR.MALLOC_MMAP_THRESHOLD_],
        [{ MALLOC_ARENA_MAX: "5", MALLOC_MMAP_THRESHOLD_: "65536" }, "5", "65536"],
      ] as const) {
        const child = placard({ DATA_DIR: folder(), ...told });
        await lineOf(child, /web chat: /);
        const environment = readFileSync(`/proc/${child.pid}/environ`, "utf8").split("\0");
        expect(environment).toContain(`MALLOC_ARENA_MAX=${arenas}`);
        expect(environment).toContain(`MALLOC_MMAP_THRESHOLD_=${threshold}`);
      }
    },
  );

  it("starts without the platforms that refuse their tokens, and says which and why", { timeout: 30_000 }, async () => {
    const [discord, telegram] = [await openDiscordFake(), await openTelegramFake()];
    onTestFinished(async () => {
      await discord.close();
      await telegram.close();
    });
    const child = placard({
      DATA_DIR: folder(),
      DISCORD_API_URL: discord.apiUrl,
      DISCORD_TOKEN: "MTExMjIy.taken.back",
      TELEGRAM_API_URL: telegram.url,
      TELEGRAM_TOKEN: "7000000002:AAnotTheTokenOfThisBot",
    });
    const text = await lineOf(child, /NOT STARTED.*web chat: http:\/\/127\.0\.0\.1:\d+/s);
    expect(text).toMatch(/NOT STARTED: discord: Discord does not accept DISCORD_TOKEN.*The rest of Placard works/);
    expect(text).toMatch(/NOT STARTED: telegram: the token in TELEGRAM_TOKEN was refused.*The rest of Placard works/);
    expect((await fetch(/http:\S+$/.exec(text)?.[0] ?? "")).status).toBe(200);
    const ended = exitOf(child);
    child.kill("SIGTERM");
    expect(await ended).toBe(0);
  });

  it("names a wrong setting without its value", async () => {
    const complaint = await lineOf(
      placard({ DATA_DIR: folder(), QUOTA_CAPACITY_SECONDS: "canary-value" }),
      /QUOTA_CAPACITY_SECONDS.*/s,
    );
    expect(complaint).not.toContain("canary-value");
  });

  it("turns Inference Providers on by a token and a style's LoRA of the Hub", async () => {
    const DATA_DIR = folder();
    const STYLES_FILE = join(DATA_DIR, "gallery.json");
    const style = { id: "rca", title: "RCA", lora: { huggingface: "someone/rca" } };
    writeFileSync(STYLES_FILE, JSON.stringify({ styles: [style] }));
    // Naming one that is off is a mistake which ends the start.
    const environment = { DATA_DIR, STYLES_FILE, HF_HUB_URL: "http://127.0.0.1:9", BACKENDS: "huggingface,sketch" };
    await lineOf(placard({ ...environment, HF_TOKEN: "hf_x" }), /web chat: http/);
    await lineOf(placard({ ...environment, DATA_DIR: folder() }), /"huggingface", which is not on/);
  });

  it("starts from .env.example as it is", async () => {
    const example = Object.fromEntries(
      readFileSync(join(root, ".env.example"), "utf8")
        .split("\n")
        .filter((line) => /^[A-Z_]+=/.test(line))
        .map((line) => line.split("=") as [string, string]),
    );
    expect(Object.keys(example).length).toBeGreaterThan(10);
    await lineOf(placard({ ...example, DATA_DIR: folder(), WEB_PORT: "0" }), /web chat: http/);
  });
});

describe("npm run draw", () => {
  const draw = (out: string, ...words: string[]) =>
    run(process.execPath, ["src/cli/draw.ts", ...words, "--out", out], { cwd: root });

  it("gives the same bytes for the same seed, and others for another", async () => {
    const made = folder();
    const [one, two, other] = [join(made, "1.png"), join(made, "2.png"), join(made, "3.png")];
    await Promise.all([
      draw(one, "a red fox", "seed:7", "size:512x512"),
      draw(two, "a red fox", "seed:7", "size:512x512"),
      draw(other, "a red fox", "seed:8", "size:512x512"),
    ]);
    const drawn = (file: string) => unmarked(readFileSync(file));
    expect(drawn(one).equals(drawn(two))).toBe(true);
    expect(drawn(one).equals(drawn(other))).toBe(false);
    expect(readFileSync(one).includes("placard")).toBe(true);
  });

  it("says what is wrong and leaves no file", async () => {
    const out = join(folder(), "x.png");
    await expect(draw(out, "a red fox", "cfg:99")).rejects.toMatchObject({ stderr: expect.stringContaining("cfg") });
    expect(() => readFileSync(out)).toThrow();
  });
});
