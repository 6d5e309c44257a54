import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { flushesPerSecond } from "../bench/flushes.ts";
import { compareWithBench, isLikeBench } from "./bench-scenario.ts";
import { findingsOf } from "./findings.ts";
import { simulateHour } from "./hour.ts";
import { allHold } from "./invariants.ts";
import { peakHour } from "./model.ts";
import { benchMarkdown, markdown } from "./report.ts";

// npm run simulate [-- --scale 1 --seed 1]: a peak hour of a federation in minutes
// npm run simulate -- bench [--jobs 2000 --runs 3]: the bench's own scenario in the simulator, beside the bench
// with --page docs/simulation.md the figures go into that page as well, in place of those before
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    scale: { type: "string" },
    seed: { type: "string" },
    page: { type: "string" },
    jobs: { type: "string" },
    runs: { type: "string" },
  },
});
const flags = z
  .strictObject({
    scale: z.coerce.number().gt(0).max(1).default(1),
    seed: z.coerce.number().int().default(1),
    page: z.string().optional(),
    jobs: z.coerce.number().int().min(50).default(2000),
    runs: z.coerce.number().int().min(1).default(3),
  })
  .parse({ ...values });
const what = z.enum(["hour", "bench"]).parse(positionals[0] ?? "hour");

// The hour waits for no disk, neither for the database's nor for that of pictures; the bench's scenario does.
const MEMORY = "/dev/shm";
const place = what === "hour" && existsSync(MEMORY) ? MEMORY : tmpdir();
const folder = await mkdtemp(join(place, "placard-simulate-"));
try {
  const text = what === "hour" ? await hour() : await bench();
  console.log(`\n${text}`);
  if (flags.page !== undefined) await putInto(flags.page, text);
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** @throws Error where the page has no place for them */
async function putInto(page: string, text: string): Promise<void> {
  const [from, to] = [`<!-- ${what} -->`, `<!-- /${what} -->`];
  const before = await readFile(page, "utf8");
  const [start, end] = [before.indexOf(from), before.indexOf(to)];
  if (start < 0 || end < start) throw new Error(`${page} has no place for the figures: put ${from} and ${to} into it`);
  await writeFile(page, `${before.slice(0, start + from.length)}\n${text}\n${before.slice(end)}`);
}

async function hour(): Promise<string> {
  const machine = {
    flushesPerSecond: await flushesPerSecond(),
    cores: availableParallelism(),
    processor: cpus()[0]?.model ?? "unknown",
  };
  const simulated = await simulateHour(peakHour(flags.scale, flags.seed), join(folder, "hour"), (minute, open) => {
    if (minute % 5 === 0) console.log(`minute ${minute}: ${open} jobs are open`);
  });
  const findings = findingsOf(simulated, machine);
  if (!allHold(findings.invariants)) {
    console.error("\nSOMETHING THAT HAS TO HOLD DOES NOT: see the last table.");
    process.exitCode = 1;
  }
  return markdown(findings);
}

async function bench(): Promise<string> {
  const rows = await compareWithBench(folder, flags);
  if (!rows.every(isLikeBench)) {
    console.error("\nTHE SIMULATION IS NOT WITHIN 20 % OF THE BENCH: its figures about one machine do not hold here.");
    process.exitCode = 1;
  }
  return benchMarkdown(rows);
}
