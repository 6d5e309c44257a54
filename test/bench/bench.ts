import { fork } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { availableParallelism, cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { START_FLAGS } from "../start-command.ts";
import { compare } from "./against.ts";
import { flushesPerSecond } from "./flushes.ts";
import { heading, isMet, type Line, row } from "./line.ts";
import { PARTS } from "./parts.ts";

// npm run bench [-- --part NAME …] [--json FILE] [--against REF [--runs N]]: every line is measured, also after one that
// misses or a part that breaks; both make the exit status 1.
const { values } = parseArgs({
  options: {
    part: { type: "string", multiple: true },
    json: { type: "string", default: "bench.json" },
    against: { type: "string" },
    runs: { type: "string", default: "3" },
  },
});

const lineSchema = z.object({
  what: z.string(),
  measured: z.number(),
  unit: z.enum(["jobs/s", "ms", "MB", "flushes"]),
  target: z.number(),
  better: z.enum(["more", "less"]),
  detail: z.string().exactOptional(),
}) satisfies z.ZodType<Line>;

/** @throws Error where the part ended before it had measured everything */
async function measure(part: string, note: (line: Line) => void): Promise<void> {
  const child = fork(join(import.meta.dirname, "measure.ts"), [part], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    // As `npm start` has it: its small young generation costs time, which belongs into the figures.
    execArgv: [...START_FLAGS],
  });
  child.on("message", (message) => note(lineSchema.parse(message)));
  const [code] = z
    .tuple([z.int().nullable()])
    .rest(z.unknown())
    .parse(await once(child, "exit"));
  if (code !== 0) throw new Error(`exit status ${code}`);
}

async function table(parts: readonly string[]): Promise<void> {
  const machine = {
    cores: availableParallelism(),
    processor: cpus()[0]?.model ?? "unknown",
    node: process.version,
    flushesPerSecond: await flushesPerSecond(),
  };
  console.log(
    `${machine.cores} cores, ${machine.processor}; Node ${machine.node}; ${machine.flushesPerSecond} write + fdatasync/s\n`,
  );
  console.log(heading);
  const lines: Line[] = [];
  const broken: string[] = [];
  for (const part of parts) {
    try {
      await measure(part, (line) => {
        lines.push(line);
        console.log(row(line));
      });
    } catch (error) {
      broken.push(part);
      console.log(`${part}: NOT MEASURED to its end (${error instanceof Error ? error.message : "unknown"})`);
    }
  }
  if (broken.length > 0 || !lines.every(isMet)) process.exitCode = 1;
  const measured = lines.map((line) => ({ ...line, kept: isMet(line) }));
  await writeFile(values.json, `${JSON.stringify({ machine, lines: measured, broken }, null, 2)}\n`);
  console.log(`\nthe same as JSON: ${values.json}`);
}

const unknown = (values.part ?? []).filter((name) => !(name in PARTS));
if (unknown.length > 0) {
  console.error(`no such part: ${unknown.join(", ")}. There are: ${Object.keys(PARTS).join(", ")}`);
  process.exitCode = 2;
} else if (values.against === undefined) await table(values.part ?? Object.keys(PARTS));
else await compare(values.against, Number(values.runs), values.part ?? []);
