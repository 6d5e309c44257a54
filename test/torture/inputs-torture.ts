import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { allDoors, faultOf, type InputDoor } from "./input-doors.ts";
import { complain, type Row, report } from "./report.ts";

const RSS_MAX_BYTES = 400_000_000;
const STALL_MAX_MS = 500;
const LOOK_EVERY_MS = 20;
/** Drawn in portions: all inputs of a door at once would be what fills the memory. */
const PORTION = 50;

interface DoorResult {
  readonly inputs: number;
  readonly faults: readonly string[];
  readonly largestBytes: number;
  readonly stalls: number;
  readonly longestStallMs: number;
  readonly tookMs: number;
}

const ROWS: readonly Row<DoorResult>[] = [
  ["hostile inputs", ({ inputs }) => inputs],
  ["that broke something", ({ faults }) => faults.length, 0],
  [`stalls over ${STALL_MAX_MS} ms`, ({ stalls }) => stalls, 0],
  ["longest stall, ms", ({ longestStallMs }) => Math.round(longestStallMs)],
  ["largest process, MB", ({ largestBytes }) => Math.round(largestBytes / 1e6)],
  [`looks over ${RSS_MAX_BYTES / 1e6} MB`, ({ largestBytes }) => Number(largestBytes > RSS_MAX_BYTES), 0],
  ["seconds", ({ tookMs }) => Math.round(tookMs / 1000)],
];

interface Orders {
  readonly inputs: number;
  readonly seed: number;
  /** Only this one, here. Absent: each in a process of its own, so that the memory looked at is what that door took. */
  readonly door?: string | undefined;
}

/** Puts this many hostile inputs to each door; false: something promised was not kept. */
export async function torture({ inputs, seed, door: only }: Orders): Promise<boolean> {
  let kept = true;
  for (const door of await allDoors()) {
    if (only === undefined) kept = inItsOwnProcess(door.name, inputs, seed) && kept;
    if (only === door.name) {
      const result = await tortured(door, inputs, seed);
      kept = report(`${door.name}, seed ${seed}`, ROWS, result);
      if (result.faults.length > 0) complain(result.faults);
    }
    await door.close?.();
  }
  return kept;
}

function inItsOwnProcess(door: string, inputs: number, seed: number): boolean {
  const program = fileURLToPath(new URL("torture.ts", import.meta.url));
  const flags = ["inputs", "--door", door, "--jobs", String(inputs), "--seed", String(seed)];
  return spawnSync(process.execPath, [program, ...flags], { stdio: "inherit" }).status === 0;
}

async function tortured(door: InputDoor, inputs: number, seed: number): Promise<DoorResult> {
  const startedMs = performance.now();
  const faults: string[] = [];
  let [largestBytes, longestStallMs, stalls] = [0, 0, 0];
  let lastMs = performance.now();
  const timer = setInterval(() => {
    const nowMs = performance.now();
    const stallMs = nowMs - lastMs - LOOK_EVERY_MS;
    lastMs = nowMs;
    longestStallMs = Math.max(longestStallMs, stallMs);
    if (stallMs > STALL_MAX_MS) stalls += 1;
    largestBytes = Math.max(largestBytes, process.memoryUsage.rss());
  }, LOOK_EVERY_MS);
  for (let done = 0; done < inputs; done += PORTION) {
    const portion = fc.sample(door.inputs, { numRuns: Math.min(PORTION, inputs - done), seed: seed + done });
    for (const [at, input] of portion.entries()) {
      const fault = await faultOf(door, input);
      if (fault !== undefined) faults.push(`${fault} (input ${done + at})`);
      // Most doors answer without waiting for anything: others of the program have their turn between two inputs.
      await new Promise(setImmediate);
    }
  }
  clearInterval(timer);
  return { inputs, faults, largestBytes, stalls, longestStallMs, tookMs: performance.now() - startedMs };
}
