import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { measuredIn, rounded } from "./line.ts";

const root = join(import.meta.dirname, "../..");
const git = (...words: readonly string[]) => execFileSync("git", words, { cwd: root, encoding: "utf8" }).trim();

/**
 * This tree and another commit, each by its own bench, alternating: A B A B …, so that a machine that grows slower meets both.
 * Prints per figure both medians and the ratio of this tree to the other, with the least and the greatest of the pairs.
 *
 * @param ref a commit, tag or branch of this repository
 * @param runs pairs, at least 1
 * @param parts of this tree's bench only; none: all
 * @throws Error where git does not know the commit
 */
export async function compare(ref: string, runs: number, parts: readonly string[]): Promise<void> {
  if (!Number.isInteger(runs) || runs < 1) throw new Error("--runs takes a whole number from 1");
  const commit = git("rev-parse", "--verify", `${ref}^{commit}`);
  const folder = mkdtempSync(join(tmpdir(), "placard-against-"));
  const other = join(folder, "tree");
  git("worktree", "add", "--detach", other, commit);
  try {
    install(other);
    const ours: ReadonlyMap<string, number>[] = [];
    const theirs: ReadonlyMap<string, number>[] = [];
    const own = [
      ["node", "test/bench/bench.ts", "--json", join(folder, "own.json"), ...parts.flatMap((part) => ["--part", part])],
    ];
    for (let run = 1; run <= runs; run += 1) {
      console.log(`pair ${run} of ${runs} …`);
      ours.push(await figures(root, own));
      theirs.push(await figures(other, benchOf(other)));
    }
    report(commit, ours, theirs);
  } finally {
    git("worktree", "remove", "--force", other);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Ours where the other commit locks the same packages; its own otherwise. */
function install(other: string): void {
  const lock = (tree: string) => readFileSync(join(tree, "package-lock.json"), "utf8");
  if (lock(other) === lock(root)) symlinkSync(join(root, "node_modules"), join(other, "node_modules"));
  else execFileSync("npm", ["ci", "--no-audit", "--no-fund"], { cwd: other, stdio: ["ignore", "ignore", "inherit"] });
}

/** The commands of its `npm run bench`: some versions chain several, of which one that misses would end the rest. */
function benchOf(tree: string): readonly (readonly string[])[] {
  const { scripts } = z
    .object({ scripts: z.object({ bench: z.string() }) })
    .parse(JSON.parse(readFileSync(join(tree, "package.json"), "utf8")));
  return scripts.bench.split("&&").map((command) => command.trim().split(/\s+/));
}

async function figures(tree: string, commands: readonly (readonly string[])[]): Promise<ReadonlyMap<string, number>> {
  const all = new Map<string, number>();
  for (const [, ...words] of commands) {
    const child = spawn(process.execPath, words, { cwd: tree, stdio: ["ignore", "pipe", "inherit"] });
    let printed = "";
    for await (const chunk of child.stdout) printed += String(chunk);
    for (const [what, measured] of measuredIn(printed)) all.set(what, measured);
  }
  return all;
}

function report(
  commit: string,
  ours: readonly ReadonlyMap<string, number>[],
  theirs: readonly ReadonlyMap<string, number>[],
): void {
  const median = (values: readonly number[]) =>
    values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
  console.log(
    `\n${"".padEnd(62)}  ${"this tree".padStart(10)}  ${commit.slice(0, 10).padStart(10)}  ratio (of the pairs)`,
  );
  for (const what of new Set([...ours, ...theirs].flatMap((run) => [...run.keys()]))) {
    const of = (runs: readonly ReadonlyMap<string, number>[]) => runs.flatMap((run) => run.get(what) ?? []);
    const ratios = ours.flatMap((run, pair) => {
      const [one, two] = [run.get(what), theirs[pair]?.get(what)];
      return one === undefined || two === undefined ? [] : [one / two];
    });
    const figure = (values: readonly number[]) =>
      (values.length === 0 ? "–" : String(rounded(median(values)))).padStart(10);
    const ratio =
      ratios.length === 0
        ? "only one of them measures it"
        : `${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)})`;
    console.log(`${what.padEnd(62)}  ${figure(of(ours))}  ${figure(of(theirs))}  ${ratio}`);
  }
}
