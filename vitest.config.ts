import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Only a hang ends here: on a busy machine the same work takes several times as long.
    testTimeout: 60_000,
    // Waiting for something to become true costs nothing when it is quick; a busy machine may need more than the usual second.
    expect: { poll: { timeout: 10_000 } },
    globalSetup: ["./test/referees/prepare.ts"],
    // One worker fewer, the default, is one on two cores; much of the suite waits for children, disks and browsers.
    maxWorkers: "100%",
    // What needs a browser, a tool or a folder that is absent says so at the end of the run.
    reporters: ["default", "./test/not-run-reporter.ts"],
  },
});
