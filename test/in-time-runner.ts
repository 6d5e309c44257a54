import { type RunnerTask, type RunnerTestFile, TestRunner, type VitestTestRunner } from "vitest";

/** When the whole run has to be over, in ms since 1970; `.ci/run` sets it. Without it there is time for everything. */
const ENDS_AT_MS = Number(process.env["TESTS_END_AT_MS"] ?? Number.POSITIVE_INFINITY);

const NOTE = "no time was left for it (TESTS_END_AT_MS)";

const testsOf = (tasks: readonly RunnerTask[]): readonly RunnerTask[] =>
  tasks.flatMap((task) => (task.type === "suite" ? testsOf(task.tasks) : [task]));

/**
 * Begins no file any more when the time of the whole run is over: a machine that is slow today lists as not run what it did not
 * get to, instead of being cut off in the middle and saying nothing. A file that has begun runs to its end.
 */
class InTimeRunner extends TestRunner {
  /** Vitest hands it to each runner. */
  declare onTaskUpdate?: VitestTestRunner["onTaskUpdate"];

  override async onBeforeRunSuite(suite: Parameters<TestRunner["onBeforeRunSuite"]>[0]): Promise<void> {
    await super.onBeforeRunSuite(suite);
    if ("filepath" in suite && Date.now() >= ENDS_AT_MS) await this.#leaveOut(suite as RunnerTestFile);
  }

  async #leaveOut(file: RunnerTestFile): Promise<void> {
    file.mode = "skip";
    const left = testsOf(file.tasks).filter(({ mode }) => mode === "run" || mode === "queued");
    for (const test of left) Object.assign(test, { mode: "skip", result: { state: "skip", note: NOTE } });
    await this.onTaskUpdate?.(
      left.map(({ id, result, meta }) => [id, result, meta]),
      left.map(({ id }) => [id, "test-finished", undefined]),
    );
  }
}

// biome-ignore lint/style/noDefaultExport: vitest loads a runner by its default export
export default InTimeRunner;
