import type { Reporter, TestCase, TestModule } from "vitest/node";

/** Lists every test that did not run together with what it needs: the note given to `context.skip(note)`. */
class NotRunReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const notRun = modules.flatMap((module) =>
      [...module.children.allTests("skipped")].map((test: TestCase) => {
        const result = test.result();
        const needs = result.state === "skipped" ? result.note : undefined;
        return `  ${module.relativeModuleId} > ${test.fullName}: ${needs ?? "no reason given"}`;
      }),
    );
    process.stdout.write(
      notRun.length === 0 ? "Not run: nothing.\n" : `Not run (${notRun.length}):\n${notRun.join("\n")}\n`,
    );
  }
}

// biome-ignore lint/style/noDefaultExport: vitest loads a reporter by its default export
export default NotRunReporter;
