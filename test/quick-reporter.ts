import { availableParallelism, loadavg } from "node:os";
import type { Reporter, TestModule } from "vitest/node";

/** What a file of `npm test` may take on a machine of its own, hooks included; loading it is not counted. */
const FILE_MAX_MS = Number(process.env["QUICK_FILE_MAX_MS"] ?? 3_000);

export interface TimedFile {
  readonly file: string;
  readonly project: string;
  readonly durationMs: number;
  readonly tests: readonly { readonly name: string; readonly durationMs: number }[];
}

/**
 * The same on a machine that others are using too: where more programs want to run than there are cores, each gets its part.
 *
 * @param loadAverage programs that wanted to run, in the last minute; 0 where the system does not tell
 */
export const limitFor = (maxMs: number, loadAverage: number, cores: number): number =>
  Math.round(maxMs * Math.max(1, loadAverage / cores));

/** A sentence for each quick file that takes longer than `maxMs`; none is right. @throws RangeError when `maxMs` is no limit */
export function tooSlow(files: readonly TimedFile[], maxMs: number): readonly string[] {
  if (!(maxMs > 0)) throw new RangeError("QUICK_FILE_MAX_MS must be a number of milliseconds above 0");
  return files
    .filter(({ project, durationMs }) => project === "quick" && durationMs > maxMs)
    .toSorted((a, b) => b.durationMs - a.durationMs)
    .map(({ file, durationMs, tests }) => {
      const [slowest] = tests.toSorted((a, b) => b.durationMs - a.durationMs);
      const which = slowest ? `; longest: ${slowest.name}, ${Math.round(slowest.durationMs)} ms` : "";
      return `${file}: ${Math.round(durationMs)} ms of ${maxMs}${which}`;
    });
}

/** Fails the run for a quick file that is none. */
class QuickReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const files = modules.map((module) => ({
      file: module.relativeModuleId,
      project: module.project.name,
      durationMs: module.diagnostic().duration,
      tests: [...module.children.allTests()].map((test) => ({
        name: test.fullName,
        durationMs: test.diagnostic()?.duration ?? 0,
      })),
    }));
    const slow = tooSlow(files, limitFor(FILE_MAX_MS, loadavg()[0] ?? 0, availableParallelism()));
    if (slow.length === 0) return;
    process.exitCode = 1;
    process.stdout.write(
      `Too slow for npm test (${slow.length}): what takes long goes to a .slow.test.ts.\n  ${slow.join("\n  ")}\n`,
    );
  }
}

// biome-ignore lint/style/noDefaultExport: vitest loads a reporter by its default export
export default QuickReporter;
