import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

/** Where Linux keeps files in memory. */
const MEMORY = "/dev/shm";
/** Containers often give 64 MB, which the pictures of a run may fill. */
const MEMORY_MIN_BYTES = 1024 * 1024 * 1024;
const root = join(import.meta.dirname, "..");

/** What git knows of beside the commit, ignored files included; nothing where this is no checkout (a ZIP). */
function beside(): ReadonlySet<string> {
  try {
    const text = execFileSync("git", ["status", "--porcelain", "--ignored"], {
      cwd: root,
      encoding: "utf8",
      stdio: "pipe",
    });
    return new Set(text.split("\n").filter((line) => line !== "" && !/^!! (?:node_modules|\.vitest)\/$/.test(line)));
  } catch {
    return new Set();
  }
}

/** Sentences about what a run of tests left behind; none is right. */
export const leftBehind = (
  tree: { readonly before: ReadonlySet<string>; readonly after: ReadonlySet<string> },
  temporary: readonly string[],
): readonly string[] => [
  ...[...tree.after].filter((line) => !tree.before.has(line)).map((line) => `in the project: ${line.slice(3)}`),
  ...temporary.map((name) => `among the temporary files: ${name}`),
];

function isRoomy(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize >= MEMORY_MIN_BYTES;
  } catch {
    // Only Linux has it.
    return false;
  }
}

/**
 * Tests make their folders under the system's temporary folder and remove them: the run has one of its own there, which has
 * to be empty at its end, and the project has to be as it was. @throws Error that names what was left, which fails the run
 */
export function setup({ vitest }: Pick<TestProject, "vitest">): () => void {
  const before = beside();
  const outer = tmpdir();
  // Half of the time of quick tests was the disk's, which their store asks to flush at every step.
  const inMemory = vitest.projects.every(({ name }) => name === "quick") && isRoomy(MEMORY);
  const own = mkdtempSync(join(inMemory ? MEMORY : outer, "placard-tests-"));
  process.env["TMPDIR"] = own;
  return () => {
    process.env["TMPDIR"] = outer;
    const left = leftBehind({ before, after: beside() }, readdirSync(own));

    rmSync(own, { recursive: true, force: true });
    if (left.length > 0) throw new Error(`Tests left something behind:\n  ${left.join("\n  ")}`);
  };
}
