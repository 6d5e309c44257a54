import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { assemble } from "../app/assemble.ts";
import { readEnvironment } from "../app/secret-files.ts";
import { BATCH_MAX } from "../domain/batch.ts";
import { hardenPrototypes } from "../lib/harden-prototypes.ts";
import type { ShownView } from "../ports/view.ts";
import { decodeMediaKey, encodeMediaKey } from "../views/media-key.ts";
import { plainly } from "./arguments.ts";
import { shellAdapter } from "./shell-adapter.ts";

const USAGE = `Usage: npm run draw -- "a red fox" [style:rca] [seed:7] [size:poster] [cfg:3] … --out fox.png
Options are the ones of /imagine; npm start, then /help imagine lists them.`;

/** One picture from the shell through the same core. @throws Error with a sentence for the person at the keyboard */
async function draw(): Promise<void> {
  hardenPrototypes();
  const { values, positionals } = plainly(USAGE, () =>
    parseArgs({ allowPositionals: true, options: { out: { type: "string" }, help: { type: "boolean" } } }),
  );
  if (values.help === true || positionals.length === 0) return void console.log(USAGE);
  const out = pathOf(values.out);
  if (existsSync(".env")) process.loadEnvFile(".env");
  const folder = mkdtempSync(join(tmpdir(), "placard-draw-"));
  const ended = Promise.withResolvers<ShownView>();
  const adapter = shellAdapter((view) => {
    progressLine(view);
    if (view.tone !== "working") ended.resolve(view);
  });
  // Allowances are for sharing a GPU in a group; whoever sits at the machine has it to themselves.
  const environment = { LOG_LEVEL: "warn", ...(await readEnvironment(process.env)), QUOTA_CAPACITY_SECONDS: "1000000" };
  const { app } = await assemble(environment, { pretty: false, alone: { folder, adapter } });
  try {
    await app.start();
    await adapter.invoke("imagine", positionals.join(" "));
    const view = await ended.promise;
    if (!view.image) throw new Error(view.text);
    for (const [index, file] of filesOf(view, out).entries()) {
      const media = await app.media(originalKey(view, index));
      if (!media) throw new Error("the picture was made but cannot be read");
      await writeFile(file, media.bytes);
      console.log(`${file}\n${view.text}`);
    }
  } finally {
    await app.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Looked at before drawing: a picture can take minutes. @throws Error with a sentence */
function pathOf(out: string | undefined): string {
  if (out === undefined) throw new Error(`Say where the picture goes: --out fox.png\n${USAGE}`);
  if (!out.endsWith(".png")) throw new Error("--out must end in .png: pictures are PNG files, e.g. --out fox.png");
  const folder = dirname(out);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new Error(`--out: there is no folder ${folder}. Make it first, or choose another place.`);
  if (statSync(out, { throwIfNoEntry: false })?.isDirectory() === true)
    throw new Error(`--out: ${out} is a folder. Name a file, e.g. ${join(out, "fox.png")}`);
  return out;
}

/** Bars only where somebody watches: a log file gets none. */
function progressLine(view: ShownView): void {
  if (!process.stderr.isTTY) return;
  const percent = Math.round((view.progress ?? 1) * 100);
  process.stderr.write(
    view.tone === "working" ? `\r\u001b[K${"█".repeat(percent / 5).padEnd(20, "░")} ${percent} %` : "\r\u001b[K",
  );
}

function jobOf(view: ShownView): { readonly jobId: string; readonly batch: boolean } {
  const key = view.image && decodeMediaKey(view.image.key);
  if (key?.of === "grid") return { jobId: key.jobId, batch: true };
  if (key?.of === "picture") return { jobId: key.imageId.slice(0, -2), batch: false };
  throw new Error("the answer holds no picture");
}

const originalKey = (view: ShownView, index: number) =>
  encodeMediaKey({ of: "picture", imageId: `${jobOf(view).jobId}.${index}`, variant: "original" });

const pickLabels = new Set(Array.from({ length: BATCH_MAX }, (_, index) => String(index + 1)));

/** fox.png, or fox-1.png … for a batch: the pick buttons say how many there are. */
function filesOf(view: ShownView, out: string): readonly string[] {
  if (!jobOf(view).batch) return [out];
  const count = (view.buttons?.flat() ?? []).filter(({ label }) => pickLabels.has(label)).length;
  return Array.from({ length: count }, (_, index) => out.replace(/\.png$/, `-${index + 1}.png`));
}

draw().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
