import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { loadAdapters, loadBackends, OWN_PARTS } from "../../src/app/load.ts";
import { START_WORDS } from "../start-command.ts";

const root = new URL("../..", import.meta.url).pathname;
const HOOK = new URL("loaded-hook.js", import.meta.url).pathname;

const HEAP = "live heap bytes: ";

/** Of the plain program, once it is ready: the web chat and the sketch, nothing else is on. */
let loaded: readonly string[] = [];
/** JavaScript's, in use, on the main thread. */
let liveHeapBytes = 0;
/** 21.7 MB as this was written, 24.2 with templates, 25.2 with meetings, 26.4 with brands and documents, 27.4 with fleets and families, 28.0 with edits, larger pictures, marks and numbers for watchers, 29.9 with moderation, being forgotten, labels and a usual model: what is added on purpose may raise it. */
const LIVE_HEAP_MAX_BYTES = 30.5e6;
/** Of a worker that draws posters. */
let loadedToDraw: readonly string[] = [];
/** Packages that only a part needs, by what its file says. */
let theirs: readonly string[] = [];

beforeAll(async () => {
  const [, adapters, backends] = await Promise.all([
    start(),
    loadAdapters(OWN_PARTS),
    loadBackends(OWN_PARTS),
    drawer(),
  ]);
  // The first start after `npm ci` compiles the TypeScript and keeps the compiler; the next one finds it compiled.
  if (liveHeapBytes > LIVE_HEAP_MAX_BYTES) await start();
  theirs = [...adapters, ...backends].flatMap(({ found }) => found.packages ?? []);
}, 60_000);

async function start(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "placard-loaded-"));
  const list = join(folder, "loaded");
  const child = spawn(process.execPath, ["--expose-gc", "--import", HOOK, ...START_WORDS], {
    cwd: root,
    env: { PATH: process.env["PATH"], WEB_PORT: "0", DATA_DIR: join(folder, "data"), LOADED_TO: list },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let printed = "";
  child.stdout.on("data", (chunk: Buffer) => {
    printed += chunk.toString();
    if (printed.includes("web chat: http")) child.kill("SIGUSR2");
  });
  await once(child, "exit");
  loaded = readFileSync(list, "utf8").split("\n");
  liveHeapBytes = Number(loaded.find((line) => line.startsWith(HEAP))?.slice(HEAP.length));
  rmSync(folder, { recursive: true, force: true });
}

/** What the worker's script begins with, in a process of its own. */
async function drawer(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "placard-loaded-"));
  const list = join(folder, "loaded");
  const child = spawn(process.execPath, ["--import", HOOK, join(root, "src/typesetter/painting/draw.ts")], {
    env: { PATH: process.env["PATH"], LOADED_TO: list },
    stdio: "inherit",
  });
  await once(child, "exit");
  loadedToDraw = readFileSync(list, "utf8").split("\n");
  rmSync(folder, { recursive: true, force: true });
}

const PACKAGE = /\/node_modules\/((?:@[^/]+\/)?[^/]+)\//;
const packagesIn = (urls: readonly string[]): ReadonlySet<string> =>
  new Set(urls.flatMap((url) => PACKAGE.exec(url)?.[1] ?? []));
const packages = (): ReadonlySet<string> => packagesIn(loaded);

describe("a start with nothing but the web chat", () => {
  it("is what this looks at", () => {
    expect([...packages()]).toEqual(expect.arrayContaining(["zod", "hono", "pino"]));
    expect(loaded.some((url) => url.endsWith("/src/app/assemble.ts"))).toBe(true);
  });

  it("loads no package of a part that is off, nor what only pictures need", () => {
    expect(theirs.length).toBeGreaterThan(20);
    expect([...theirs, "sharp"].filter((name) => packages().has(name))).toEqual([]);
  });

  // Not the process's memory, which is another in each run: this is the same within a few kilobytes. What is over it is often no
  // module but what one makes at once: schemas that are built of each other can be thousands.
  it("holds no more JavaScript than it did", () => {
    expect(liveHeapBytes).toBeGreaterThan(1e6);
    expect(liveHeapBytes).toBeLessThan(LIVE_HEAP_MAX_BYTES);
  });

  // The prompt is read for letters that no font has, before anything is drawn; all else happens in the worker.
  it("loads of the typesetter what reads a prompt, and nothing that draws", () => {
    const drawing =
      /\/src\/typesetter\/(?!packages|version|worker-pool|reading\/|lexicon\/(?:lexicon|languages)|lettering\/(?:coverage|letters)|overlay\/words)/;
    expect(loaded.some((url) => url.endsWith("/src/typesetter/reading/texts.ts"))).toBe(true);
    expect(loaded.filter((url) => drawing.test(url))).toEqual([]);
  });

  it("loads of the parts that are off nothing but their settings", () => {
    const off = loaded.filter((url) =>
      /\/(?:adapters\/(?:discord|telegram)|src\/backends\/(?!shared|fake|sketch)\w+)\//.test(url),
    );
    expect(off.filter((url) => !/\/(?:settings|limits)\.ts$/.test(url))).toEqual([]);
  });

  it("compiles no TypeScript before the folder of what is compiled is known", () => {
    const ours = loaded.filter((url) => url.startsWith("file:") && !url.includes("/node_modules/"));
    expect(ours[0]).toMatch(/\/src\/start\.js$/);
  });
});

describe("a worker that draws posters", () => {
  it("is what this looks at", () => {
    expect([...packagesIn(loadedToDraw)]).toEqual(expect.arrayContaining(["harfbuzzjs", "@resvg/resvg-js"]));
  });

  it("loads nothing that only a start picture needs, nor a platform's, a backend's or the store's", () => {
    expect(["sharp", "zod", "undici", "hono", "pino"].filter((name) => packagesIn(loadedToDraw).has(name))).toEqual([]);
    const rooms = loadedToDraw.flatMap((url) => /\/(?:src\/(\w+)|(adapters|commands))\//.exec(url)?.[1] ?? []);
    expect(new Set(rooms.filter((room) => room !== "lib"))).toEqual(new Set(["domain", "typesetter"]));
  });
});
