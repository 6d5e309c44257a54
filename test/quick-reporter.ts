import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Reporter, TestModule } from "vitest/node";
import { paceNow } from "./pace.ts";

/** What a file of `npm test` may take on a machine of its own, hooks included; loading it is not counted. */
const FILE_MAX_MS = Number(process.env["QUICK_FILE_MAX_MS"] ?? 3_000);

/** Set where a file runs alone because it was over the limit among the others: it is not measured a third time. */
const ALONE = "QUICK_FILE_ALONE";

export interface TimedFile {
  readonly file: string;
  readonly project: string;
  readonly durationMs: number;
  readonly tests: readonly { readonly name: string; readonly durationMs: number }[];
}

/** The same on a machine that is `paces` times slower at the moment; a quicker one gets no less. */
export const limitFor = (maxMs: number, ...paces: readonly number[]): number =>
  Math.round(maxMs * Math.max(1, ...paces));

/** Each quick file that takes longer than `maxMs`, with a sentence; none is right. @throws RangeError when `maxMs` is no limit */
export function tooSlow(
  files: readonly TimedFile[],
  maxMs: number,
): readonly { readonly file: string; readonly sentence: string }[] {
  if (!(maxMs > 0)) throw new RangeError("QUICK_FILE_MAX_MS must be a number of milliseconds above 0");
  return files
    .filter(({ project, durationMs }) => project === "quick" && durationMs > maxMs)
    .toSorted((a, b) => b.durationMs - a.durationMs)
    .map(({ file, durationMs, tests }) => {
      const [slowest] = tests.toSorted((a, b) => b.durationMs - a.durationMs);
      const which = slowest ? `; longest: ${slowest.name}, ${Math.round(slowest.durationMs)} ms` : "";
      return { file, sentence: `${file}: ${Math.round(durationMs)} ms of ${maxMs}${which}` };
    });
}

/** A run of that file and nothing else; this reporter judges it there. @returns whether it is quick then, or fails in it */
export async function isQuickAlone(file: string): Promise<boolean> {
  const vitest = fileURLToPath(new URL("../node_modules/vitest/vitest.mjs", import.meta.url));
  // Not the synchronous way: the workers of this run end meanwhile, and are waited for.
  const run = spawn(process.execPath, [vitest, "run", "--project", "quick", file], {
    env: { ...process.env, [ALONE]: "1" },
    stdio: "ignore",
  });
  const [status] = await once(run, "exit");
  return status === 0;
}

/** One after the other, and twice: the workers of this run end beside the first of them. */
async function slowAlone<F extends { readonly file: string }>(over: readonly F[]): Promise<readonly F[]> {
  const slow: F[] = [];
  for (const one of over) if (!((await isQuickAlone(one.file)) || (await isQuickAlone(one.file)))) slow.push(one);
  return slow;
}

/** Fails the run for a quick file that is none: over the limit among the others, and alone at the machine's pace as well. */
class QuickReporter implements Reporter {
  readonly #paceBefore = paceNow();

  async onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): Promise<void> {
    const files = modules.map((module) => ({
      file: module.relativeModuleId,
      project: module.project.name,
      durationMs: module.diagnostic().duration,
      tests: [...module.children.allTests()].map((test) => ({
        name: test.fullName,
        durationMs: test.diagnostic()?.duration ?? 0,
      })),
    }));
    const alone = process.env[ALONE] !== undefined;
    const [before, now] = [this.#paceBefore, paceNow()];
    // On a slow machine half of all files would run again: one that is too slow alone is so among the others at the least pace, too.
    const paces = alone ? [before, now] : [Math.min(before, now)];
    const over = tooSlow(files, limitFor(FILE_MAX_MS, ...paces));
    // Tests that failed are what is to be read; times come after them.
    const failed = errors.length > 0 || modules.some((module) => !module.ok());
    const slow = alone || failed ? over : await slowAlone(over);
    if (slow.length === 0) return;
    process.exitCode = 1;
    process.stdout.write(
      `Too slow for npm test (${slow.length}): what takes long goes to a .slow.test.ts.\n  ${slow.map(({ sentence }) => sentence).join("\n  ")}\n`,
    );
  }
}

// biome-ignore lint/style/noDefaultExport: vitest loads a reporter by its default export
export default QuickReporter;
