import { defineConfig } from "vitest/config";
import { ManyLast } from "./test/many-last.ts";

/** What needs a browser, a server to install, whole programs or many cases: `npm run test:all`. `npm test` is the rest. */
const SLOW = "test/**/*.slow.test.ts";
/** Worth more the more cases they see: in both, with few cases in `npm test` (test/many.ts). */
const MANY = "test/**/*.many.test.ts";

export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        // A worker keeps what it has loaded for its next file: loading is half of the work of quick tests. They leave no trace
        // in their process.
        test: {
          name: "quick",
          include: ["test/**/*.test.ts"],
          exclude: [SLOW],
          isolate: false,
          provide: { manyCases: false },
        },
      },
      {
        extends: true,
        test: { name: "slow", include: [SLOW, MANY], provide: { manyCases: true }, runner: "./test/in-time-runner.ts" },
      },
    ],
    sequence: { sequencer: ManyLast },
    // Only a hang ends here: on a busy machine the same work takes several times as long.
    testTimeout: 60_000,
    // Waiting for something to become true costs nothing when it is quick; a busy machine may need more than the usual second.
    expect: { poll: { timeout: 10_000 } },
    globalSetup: ["./test/referees/prepare.ts", "./test/leftovers.ts"],
    // One worker fewer, the default, is one on two cores; much of the suite waits for children, disks and browsers.
    maxWorkers: "100%",
    // A worker that has run half of the suite takes its time to end.
    teardownTimeout: 60_000,
    // What needs a browser, a tool or a folder that is absent says so at the end of the run.
    reporters: ["default", "./test/not-run-reporter.ts", "./test/quick-reporter.ts"],
  },
});
