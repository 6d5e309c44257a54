import type { Reporter, TestModule } from "vitest/node";

/** What a file of `npm test` may take, its hooks included; loading it is not counted. A busy machine may set more. */
const FILE_MAX_MS = Number(process.env["QUICK_FILE_MAX_MS"] ?? 3_000);

export interface TimedFile {
  readonly file: string;
  readonly project: string;
  readonly durationMs: number;
  readonly tests: readonly { readonly name: string; readonly durationMs: number }[];
}

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
    const slow = tooSlow(files, FILE_MAX_MS);
    if (slow.length === 0) return;
    process.exitCode = 1;
    process.stdout.write(
      `Too slow for npm test (${slow.length}): what takes long goes to a .slow.test.ts.\n  ${slow.join("\n  ")}\n`,
    );
  }
}

// biome-ignore lint/style/noDefaultExport: vitest loads a reporter by its default export
export default QuickReporter;
