import { mkdtemp, open, rm } from "node:fs/promises";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { acknowledgement, addedByCore, throughput } from "./core.ts";
import { discordAcknowledgement } from "./discord.ts";
import { historyPage } from "./history.ts";
import { idleProcess } from "./process.ts";

// npm run bench: measured beside target. A target that is missed is printed so, and makes the exit status 1.
interface Line {
  readonly what: string;
  readonly measured: number;
  readonly unit: string;
  readonly target: number;
  readonly better: "more" | "less";
  readonly detail?: string;
}

const lines: Line[] = [];
const note = (line: Line) => {
  lines.push(line);
  const kept = line.better === "more" ? line.measured >= line.target : line.measured <= line.target;
  const sign = line.better === "more" ? "≥" : "≤";
  console.log(
    [
      line.what.padEnd(58),
      `${round(line.measured)} ${line.unit}`.padStart(12),
      `${sign} ${line.target} ${line.unit}`.padStart(14),
      kept ? "  kept  " : "  MISSED",
      line.detail ?? "",
    ].join("  "),
  );
  if (!kept) process.exitCode = 1;
};
const round = (value: number) => (value >= 100 ? Math.round(value) : Math.round(value * 10) / 10);

/** Durable storage can be no quicker than this. */
async function fsyncsPerSecond(folder: string): Promise<number> {
  const file = await open(join(folder, "fsync"), "w");
  const startedAtMs = performance.now();
  let count = 0;
  while (performance.now() - startedAtMs < 500) {
    await file.write("x".repeat(4096), 0);
    await file.datasync();
    count += 1;
  }
  await file.close();
  return count / ((performance.now() - startedAtMs) / 1000);
}

const folder = await mkdtemp(join(tmpdir(), "placard-bench-"));
try {
  console.log(
    `${availableParallelism()} cores, ${cpus()[0]?.model ?? "unknown"}; Node ${process.version}; ${Math.round(await fsyncsPerSecond(folder))} write + fdatasync/s\n`,
  );
  console.log(`${"".padEnd(58)}  ${"measured".padStart(12)}  ${"target".padStart(14)}`);

  const speed = await throughput(join(folder, "throughput"), 2000);
  note({
    what: "commands through the whole core, durable",
    measured: speed.perSecond,
    unit: "jobs/s",
    target: 200,
    better: "more",
  });

  const heard = await acknowledgement(join(folder, "acknowledgement"), 100, 10);
  note({
    what: "command to acknowledgement, 100 at once, p99",
    measured: heard.p99Ms,
    unit: "ms",
    target: 100,
    better: "less",
    detail: `p50 ${round(heard.p50Ms)} ms`,
  });

  const onDiscord = await discordAcknowledgement(100, 10);
  note({
    what: "Discord command to its acknowledgement, 100 at once, p99",
    measured: onDiscord.p99Ms,
    unit: "ms",
    target: 100,
    better: "less",
    detail: `p50 ${round(onDiscord.p50Ms)} ms, worst ${round(onDiscord.worstMs)} ms, the fake's own work included; right after the start worst ${round(onDiscord.coldMs)} ms`,
  });

  const added = await addedByCore(join(folder, "added"), 60);
  note({
    what: "time added to the backend's own, median",
    measured: added.medianMs,
    unit: "ms",
    target: 30,
    better: "less",
    detail: `backend ${added.backendMs} ms, p95 ${round(added.p95Ms)} ms`,
  });

  const page = await historyPage(join(folder, "history"), 100_000);
  note({
    what: "/history with 100,000 pictures, p95",
    measured: page.p95Ms,
    unit: "ms",
    target: 20,
    better: "less",
    detail: `p50 ${round(page.p50Ms)} ms`,
  });

  const idle = await idleProcess(join(folder, "idle"), 5);
  note({
    what: 'start to the line "web chat:", median of 5',
    measured: idle.startMs,
    unit: "ms",
    target: 1500,
    better: "less",
  });
  note({ what: "memory of that process, idle for 3 s", measured: idle.rssMb, unit: "MB", target: 160, better: "less" });
} finally {
  await rm(folder, { recursive: true, force: true });
}
